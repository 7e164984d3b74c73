#include "binding.h"
#include "pairs.h"

/* The module `clearward.native._views` and the type Normaliser. */

static void normaliser_dealloc(PyObject *self) {
    PyMem_Free(((Normaliser *)self)->tables);
    PyMem_Free(((Normaliser *)self)->pairs);
    extension_free(self);
}

static PyObject *normaliser_new(PyTypeObject *type, PyObject *args, PyObject *keywords) {
    static char *names[] = {"entities", "order", "alphabets", "key", NULL};
    Py_buffer entities;
    Py_buffer order;
    Py_buffer plain;
    unsigned long long key;
    if (!PyArg_ParseTupleAndKeywords(args, keywords, "y*y*y*K:Normaliser", names,
                                     &entities, &order, &plain, &key)) {
        return NULL;
    }
    Normaliser *self = extension_make(type);
    if (self != NULL) {
        self->key = key;
        self->tables = PyMem_Malloc(sizeof *self->tables);
        self->pairs = PyMem_Malloc(SIGN_PAIRS);
        if (self->pairs != NULL) {
            pairs_prepare(self->pairs);
        }
        if (self->tables == NULL || self->pairs == NULL) {
            PyErr_NoMemory();
            Py_CLEAR(self);
        } else if (!entities_load(&self->tables->entities, span_of(&entities)) ||
                   !alphabets_load(&self->tables->alphabets, span_of(&order),
                                   span_of(&plain))) {
            PyErr_SetString(PyExc_ValueError, "the tables are none");
            Py_CLEAR(self);
        }
    }
    PyBuffer_Release(&entities);
    PyBuffer_Release(&order);
    PyBuffer_Release(&plain);
    return (PyObject *)self;
}

static PyMethodDef methods[] = {
    {"text", normaliser_text, METH_VARARGS, "text(data): as text.normalise."},
    {"page", normaliser_page, METH_VARARGS,
     "page(data, block, spoken): written, spoken, scripts, limited."},
    {"script", normaliser_script, METH_VARARGS, "script(data): as script.normalise."},
    {"encoded", normaliser_encoded, METH_VARARGS,
     "encoded(data): before, script, after; None if no encoded script is in it."},
    {"entities", normaliser_entities, METH_VARARGS, "entities(data): as entities.decode."},
    {"percent", normaliser_percent, METH_VARARGS, "percent(data): percent signs decoded."},
    {"base64", normaliser_base64, METH_VARARGS, "base64(data): digits of base64 decoded."},
    {"page_marks", normaliser_page_marks, METH_VARARGS,
     "page_marks(data, before): as marks.page."},
    {"address", normaliser_address, METH_VARARGS,
     "address(data, start): as marks.address."},
    {"signs", normaliser_signs, METH_VARARGS, "signs(data): as signs.signs."},
    {"places", normaliser_places, METH_VARARGS, "places(data): as signs.places."},
    {"run", normaliser_run, METH_VARARGS, "run(data, start): as signs.run."},
    {NULL, NULL, 0, NULL},
};

static PyType_Slot slots[] = {
    {Py_tp_doc, "Makes the normalised views of text, pages and scripts."},
    {Py_tp_new, normaliser_new},
    {Py_tp_dealloc, normaliser_dealloc},
    {Py_tp_methods, methods},
    {0, NULL},
};

static PyType_Spec spec = EXTENSION_TYPE(views, Normaliser, slots);

static int fill(PyObject *module) { return extension_add(module, &spec); }

EXTENSION_MODULE(views, "The normalised views, compiled.", NULL, fill)
