#include "../extension.h"
#include "finder.h"

/* The binding: `clearward.native._finder`. Its Finder does what that of
 * `clearward.native.finder` does; see there.
 *
 * The interpreter's lock is kept throughout, since no input may change while it is
 * read. */

typedef struct {
    PyObject_HEAD
    struct finder *finder;
} Finder;

static void finder_dealloc(PyObject *self) {
    PyMem_Free(((Finder *)self)->finder);
    extension_free(self);
}

/* Takes the needles out of a tuple; false and an exception if they are none. */
static bool add_needles(struct finder *finder, PyObject *needles) {
    Py_ssize_t count = PyTuple_Size(needles);
    finder_start(finder);
    for (Py_ssize_t index = 0; index < count; index++) {
        char *bytes;
        Py_ssize_t length;
        if (PyBytes_AsStringAndSize(PyTuple_GetItem(needles, index), &bytes, &length) < 0) {
            return false;
        }
        if (!finder_add(finder, (const uint8_t *)bytes, (size_t)length)) {
            PyErr_SetString(PyExc_ValueError, "a needle of a bad length, or too many");
            return false;
        }
    }
    finder_finish(finder);
    return true;
}

static PyObject *finder_new(PyTypeObject *type, PyObject *args, PyObject *keywords) {
    static char *names[] = {"needles", NULL};
    PyObject *needles;
    if (!PyArg_ParseTupleAndKeywords(args, keywords, "O!:Finder", names, &PyTuple_Type,
                                     &needles)) {
        return NULL;
    }
    Finder *self = extension_make(type);
    if (self == NULL) {
        return NULL;
    }
    self->finder = PyMem_Malloc(sizeof *self->finder);
    if (self->finder == NULL) {
        PyErr_NoMemory();
        Py_CLEAR(self);
    } else if (!add_needles(self->finder, needles)) {
        Py_CLEAR(self);
    }
    return (PyObject *)self;
}

/* Appends (place, needle) to a list; false and an exception if there is no memory. */
static bool append(PyObject *list, size_t place, unsigned needle) {
    PyObject *pair = Py_BuildValue("(nI)", (Py_ssize_t)place, needle);
    bool done = pair != NULL && PyList_Append(list, pair) == 0;
    Py_XDECREF(pair);
    return done;
}

/* Appends every place of the needles, of none more than `most`. */
static bool search(const struct finder *finder, const Py_buffer *data, size_t most,
                   PyObject *list) {
    size_t counts[FINDER_MOST] = {0};
    size_t length = (size_t)data->len;
    uint64_t wanted = 0;
    for (unsigned needle = 0; needle < finder->count && most > 0; needle++) {
        wanted |= (uint64_t)1 << needle;
    }
    for (size_t at = 0; wanted != 0; at++) {
        uint64_t found;
        at = finder_next(finder, data->buf, length, at, wanted, &found);
        if (found == 0) {
            break;
        }
        for (; found != 0; found &= found - 1) {
            unsigned needle = (unsigned)__builtin_ctzll(found);
            if (!append(list, at, needle)) {
                return false;
            }
            if (++counts[needle] == most) {
                wanted &= ~((uint64_t)1 << needle);
            }
        }
    }
    return true;
}

static PyObject *finder_places(PyObject *self, PyObject *args) {
    Py_buffer data;
    Py_ssize_t most;
    if (!PyArg_ParseTuple(args, "y*n:places", &data, &most)) {
        return NULL;
    }
    PyObject *list = PyList_New(0);
    size_t limit = most > 0 ? (size_t)most : 0;
    if (list != NULL && !search(((Finder *)self)->finder, &data, limit, list)) {
        Py_CLEAR(list);
    }
    PyBuffer_Release(&data);
    return list;
}

static PyMethodDef methods[] = {
    {"places", finder_places, METH_VARARGS,
     "places(data, most): places and numbers of needles, at most so many of each."},
    {NULL, NULL, 0, NULL},
};

static PyType_Slot slots[] = {
    {Py_tp_doc, "Finds any of some needles in one pass."},
    {Py_tp_new, finder_new},
    {Py_tp_dealloc, finder_dealloc},
    {Py_tp_methods, methods},
    {0, NULL},
};

static PyType_Spec spec = EXTENSION_TYPE(finder, Finder, slots);

static int fill(PyObject *module) { return extension_add(module, &spec); }

EXTENSION_MODULE(finder, "The search for several needles at once, compiled.", NULL, fill)
