#define PY_SSIZE_T_CLEAN
#include <Python.h>

#include "address.h"
#include "marks.h"
#include "page.h"
#include "pairs.h"
#include "pieces.h"
#include "plain.h"
#include "runs.h"
#include "script.h"
#include "signs.h"

/* The binding: `clearward.native._views`. Its Normaliser makes what the modules of
 * formats/normalise make, out of bytes and into bytes; see there.
 *
 * The interpreter's lock is kept throughout, since no input may change while it is
 * read. Where there is no memory it is MemoryError. */

typedef struct {
    PyObject_HEAD
    struct tables *tables;
    uint8_t *pairs; /* of signs.h */
    uint64_t key;
} Normaliser;

static struct span span_of(const Py_buffer *buffer) {
    return (struct span){buffer->buf, (size_t)buffer->len};
}

static PyObject *bytes_of(struct span span) {
    return PyBytes_FromStringAndSize((const char *)span.bytes, (Py_ssize_t)span.length);
}

/* What is in a buffer as bytes, or MemoryError; the buffer is freed. */
static PyObject *taken(struct buffer *buffer, bool done) {
    PyObject *bytes =
        done && !buffer->failed ? bytes_of(buffer_span(buffer)) : PyErr_NoMemory();
    buffer_free(buffer);
    return bytes;
}

static void normaliser_dealloc(PyObject *self) {
    PyTypeObject *type = Py_TYPE(self);
    PyMem_Free(((Normaliser *)self)->tables);
    PyMem_Free(((Normaliser *)self)->pairs);
    freefunc release = (freefunc)PyType_GetSlot(type, Py_tp_free);
    release(self);
    Py_DECREF(type);
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
    allocfunc allocate = (allocfunc)PyType_GetSlot(type, Py_tp_alloc);
    Normaliser *self = (Normaliser *)allocate(type, 0);
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

/* Makes one text of another; false if there is no memory, as is a failed buffer. */
typedef bool (*maker)(const Normaliser *self, struct span text, struct buffer *out);

static PyObject *made(PyObject *self, PyObject *args, const char *format, maker make) {
    Py_buffer data;
    if (!PyArg_ParseTuple(args, format, &data)) {
        return NULL;
    }
    struct buffer out = {NULL, 0, 0, false};
    bool done = make((Normaliser *)self, span_of(&data), &out);
    PyBuffer_Release(&data);
    return taken(&out, done);
}

static bool make_text(const Normaliser *self, struct span text, struct buffer *out) {
    (void)self;
    if (text.length > 0 && buffer_reserve(out, text.length)) {
        out->length = plain_normalise(text, out->bytes);
    }
    return true;
}

static bool make_script(const Normaliser *self, struct span text, struct buffer *out) {
    return script_normalise(text, self->key, out);
}

static bool make_entities(const Normaliser *self, struct span text, struct buffer *out) {
    entities_decode(&self->tables->entities, text, out);
    return true;
}

static bool make_percent(const Normaliser *self, struct span text, struct buffer *out) {
    (void)self;
    address_percent(text, out);
    return true;
}

static bool make_base64(const Normaliser *self, struct span text, struct buffer *out) {
    (void)self;
    address_base64(text, out);
    return true;
}

static PyObject *normaliser_text(PyObject *self, PyObject *args) {
    return made(self, args, "y*:text", make_text);
}

static PyObject *normaliser_script(PyObject *self, PyObject *args) {
    return made(self, args, "y*:script", make_script);
}

static PyObject *normaliser_entities(PyObject *self, PyObject *args) {
    return made(self, args, "y*:entities", make_entities);
}

static PyObject *normaliser_percent(PyObject *self, PyObject *args) {
    return made(self, args, "y*:percent", make_percent);
}

static PyObject *normaliser_base64(PyObject *self, PyObject *args) {
    return made(self, args, "y*:base64", make_base64);
}

static PyObject *normaliser_encoded(PyObject *self, PyObject *args) {
    Py_buffer data;
    if (!PyArg_ParseTuple(args, "y*:encoded", &data)) {
        return NULL;
    }
    struct span text = span_of(&data);
    struct encoded found;
    PyObject *result = NULL;
    if (!encoded_find(text, &found)) {
        result = Py_NewRef(Py_None);
    } else {
        struct buffer out = {NULL, 0, 0, false};
        encoded_decode(&((Normaliser *)self)->tables->alphabets, found.script, &out);
        PyObject *script = taken(&out, true);
        if (script != NULL) {
            result = Py_BuildValue("(y#Ny#)", text.bytes, (Py_ssize_t)found.start, script,
                                   text.bytes + found.end,
                                   (Py_ssize_t)(text.length - found.end));
        }
    }
    PyBuffer_Release(&data);
    return result;
}

/* A list of bytes; NULL and an exception if there is no memory. */
static PyObject *list_of(const struct strings *strings) {
    size_t count = strings_count(strings);
    PyObject *list = PyList_New((Py_ssize_t)count);
    for (size_t index = 0; list != NULL && index < count; index++) {
        PyObject *bytes = bytes_of(strings_at(strings, index));
        if (bytes == NULL || PyList_SetItem(list, (Py_ssize_t)index, bytes) < 0) {
            Py_CLEAR(list);
        }
    }
    return list;
}

static PyObject *views_of(struct page *page) {
    PyObject *written = bytes_of(buffer_span(&page->written));
    PyObject *spoken = bytes_of(buffer_span(&page->spoken));
    PyObject *scripts = list_of(&page->scripts);
    if (written != NULL && spoken != NULL && scripts != NULL) {
        return Py_BuildValue("(NNNN)", written, spoken, scripts,
                             PyBool_FromLong(page->limited));
    }
    Py_XDECREF(written);
    Py_XDECREF(spoken);
    Py_XDECREF(scripts);
    return NULL;
}

static PyObject *normaliser_page(PyObject *self, PyObject *args) {
    Py_buffer data;
    Py_ssize_t block;
    Py_ssize_t spoken;
    if (!PyArg_ParseTuple(args, "y*nn:page", &data, &block, &spoken)) {
        return NULL;
    }
    PyObject *result = NULL;
    if (block < SMALLEST_BLOCK || spoken < 0) {
        PyErr_SetString(PyExc_ValueError, "a limit is too small");
    } else {
        struct page_limits limits = {(size_t)block, (size_t)spoken};
        struct page page;
        bool done =
            page_read(&page, span_of(&data), ((Normaliser *)self)->tables, &limits);
        result = done ? views_of(&page) : PyErr_NoMemory();
        page_free(&page);
    }
    PyBuffer_Release(&data);
    return result;
}

static PyObject *normaliser_page_marks(PyObject *self, PyObject *args) {
    (void)self;
    Py_buffer data;
    int before;
    if (!PyArg_ParseTuple(args, "y*i:page_marks", &data, &before)) {
        return NULL;
    }
    enum marks_seen seen =
        marks_of_page(span_of(&data), before == SEEN_LINK ? SEEN_LINK : SEEN_NOTHING);
    PyBuffer_Release(&data);
    return PyLong_FromLong(seen);
}

static PyObject *normaliser_address(PyObject *self, PyObject *args) {
    (void)self;
    Py_buffer data;
    Py_ssize_t start;
    if (!PyArg_ParseTuple(args, "y*n:address", &data, &start)) {
        return NULL;
    }
    bool inside = start >= 0 && start <= data.len;
    size_t found = inside ? marks_of_address(span_of(&data), (size_t)start) : 0;
    Py_ssize_t place = inside && (Py_ssize_t)found < data.len ? (Py_ssize_t)found : -1;
    PyBuffer_Release(&data);
    return PyLong_FromSsize_t(place);
}

static PyObject *normaliser_signs(PyObject *self, PyObject *args) {
    Py_buffer data;
    if (!PyArg_ParseTuple(args, "y*:signs", &data)) {
        return NULL;
    }
    unsigned found = signs_of(span_of(&data), ((Normaliser *)self)->pairs, NULL);
    PyBuffer_Release(&data);
    return PyLong_FromUnsignedLong(found);
}

/* The places in a buffer as a list; the buffer is freed. */
static PyObject *list_of_places(struct buffer *places) {
    size_t count = places->length / sizeof(size_t);
    PyObject *list = places->failed ? PyErr_NoMemory() : PyList_New((Py_ssize_t)count);
    for (size_t index = 0; list != NULL && index < count; index++) {
        size_t place;
        memcpy(&place, places->bytes + index * sizeof place, sizeof place);
        PyObject *number = PyLong_FromSize_t(place);
        if (number == NULL || PyList_SetItem(list, (Py_ssize_t)index, number) < 0) {
            Py_CLEAR(list);
        }
    }
    buffer_free(places);
    return list;
}

static PyObject *normaliser_places(PyObject *self, PyObject *args) {
    Py_buffer data;
    if (!PyArg_ParseTuple(args, "y*:places", &data)) {
        return NULL;
    }
    struct buffer places = {NULL, 0, 0, false};
    signs_of(span_of(&data), ((Normaliser *)self)->pairs, &places);
    PyBuffer_Release(&data);
    return list_of_places(&places);
}

static PyObject *normaliser_run(PyObject *self, PyObject *args) {
    (void)self;
    Py_buffer data;
    Py_ssize_t start;
    if (!PyArg_ParseTuple(args, "y*n:run", &data, &start)) {
        return NULL;
    }
    size_t place = start < 0 ? 0 : (size_t)start;
    size_t end = (size_t)data.len;
    size_t found = runs_find(span_of(&data), place, &end);
    PyBuffer_Release(&data);
    return Py_BuildValue("nn", (Py_ssize_t)found, (Py_ssize_t)end);
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

static PyType_Spec spec = {
    .name = "clearward.native._views.Normaliser",
    .basicsize = sizeof(Normaliser),
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_IMMUTABLETYPE,
    .slots = slots,
};

static int execute(PyObject *module) {
    PyObject *type = PyType_FromModuleAndSpec(module, &spec, NULL);
    int status = type == NULL ? -1 : PyModule_AddObjectRef(module, "Normaliser", type);
    Py_XDECREF(type);
    return status;
}

static PyModuleDef_Slot module_slots[] = {
    {Py_mod_exec, execute},
    {0, NULL},
};

static struct PyModuleDef definition = {
    PyModuleDef_HEAD_INIT,
    .m_name = "clearward.native._views",
    .m_doc = "The normalised views, compiled.",
    .m_slots = module_slots,
};

PyMODINIT_FUNC PyInit__views(void) { return PyModuleDef_Init(&definition); }
