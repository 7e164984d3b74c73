/* PPMd of 7z archives, decoded piece by piece.
 *
 * The stream comes from a function of Python; nothing else is asked of it. */
#include "../extension.h"
#include "decoder.h"

enum { READ = 16384, LEAST_ORDER = 2, LEAST_MEMORY = 2048 };

#define MOST_MEMORY (1U << 30)

typedef struct {
    PyObject_HEAD
    struct decoder decoder;
    PyObject *take;  /* size -> bytes, nothing at the end */
    PyObject *input; /* what it gave last: the decoder reads from it */
    PyObject *type, *value, *trace; /* what it raised, kept until output was handed out */
    bool reading; /* `take` was called by this decoder and must not call it again */
} Decoder;

static size_t more(void *given, const uint8_t **data) {
    Decoder *self = given;
    char *start;
    Py_ssize_t length;
    PyObject *input = PyObject_CallFunction(self->take, "i", READ);
    if (input == NULL || PyBytes_AsStringAndSize(input, &start, &length) < 0) {
        Py_XDECREF(input);
        PyErr_Fetch(&self->type, &self->value, &self->trace);
        return 0;
    }
    PyObject *before = self->input;
    self->input = input;
    Py_XDECREF(before);
    *data = (const uint8_t *)start;
    return (size_t)length;
}

static PyObject *decoder_new(PyTypeObject *type, PyObject *arguments, PyObject *named) {
    PyObject *take;
    unsigned order;
    unsigned long memory;
    int rar = 0;
    static char *names[] = {"take", "order", "memory", "rar", NULL};
    if (!PyArg_ParseTupleAndKeywords(arguments, named, "OIk|p", names, &take, &order,
                                     &memory, &rar))
        return NULL;
    if (order < LEAST_ORDER || order > LONGEST_ORDER || memory < LEAST_MEMORY ||
        memory > MOST_MEMORY) {
        PyErr_SetString(PyExc_ValueError, "order or memory out of range");
        return NULL;
    }
    Decoder *self = extension_make(type);
    if (self == NULL) return NULL;
    self->take = Py_NewRef(take);
    struct source source = {self, more};
    if (!decoder_make(&self->decoder, order, (uint32_t)memory, source, rar != 0)) {
        Py_DECREF(self);
        return PyErr_NoMemory();
    }
    return (PyObject *)self;
}

static void decoder_dealloc(Decoder *self) {
    decoder_free(&self->decoder);
    Py_XDECREF(self->take);
    Py_XDECREF(self->input);
    Py_XDECREF(self->type);
    Py_XDECREF(self->value);
    Py_XDECREF(self->trace);
    extension_free(self);
}

/* What the stream raised is raised once what came before it was handed out. */
static bool failed(Decoder *self, size_t done) {
    if (self->type == NULL || done > 0) return false;
    PyErr_Restore(self->type, self->value, self->trace);
    self->type = self->value = self->trace = NULL;
    return true;
}

static PyObject *decoder_piece(Decoder *self, PyObject *argument) {
    Py_ssize_t size = PyLong_AsSsize_t(argument);
    if (size < 0) {
        if (!PyErr_Occurred()) PyErr_SetString(PyExc_ValueError, "size below 0");
        return NULL;
    }
    if (self->reading) {
        PyErr_SetString(PyExc_RuntimeError, "read while it reads");
        return NULL;
    }
    uint8_t *output = PyMem_Malloc((size_t)size + 1);
    if (output == NULL) return PyErr_NoMemory();
    self->reading = true;
    size_t done = decoder_read(&self->decoder, output, (size_t)size);
    self->reading = false;
    PyObject *piece = NULL;
    if (!failed(self, done))
        piece = PyBytes_FromStringAndSize((char *)output, (Py_ssize_t)done);
    PyMem_Free(output);
    return piece;
}

static PyObject *decoder_ended(Decoder *self, PyObject *none) {
    (void)none;
    return PyBool_FromLong(self->decoder.ranges.fault == ENDED);
}

static PyObject *decoder_again(Decoder *self, PyObject *none) {
    (void)none;
    if (self->reading) {
        PyErr_SetString(PyExc_RuntimeError, "restarted while it reads");
        return NULL;
    }
    decoder_restart(&self->decoder);
    return Py_NewRef(Py_None);
}

static PyMethodDef methods[] = {
    {"piece", (PyCFunction)decoder_piece, METH_O,
     "piece(size): the next bytes; fewer where the stream ends early or is damaged."},
    {"ended", (PyCFunction)decoder_ended, METH_NOARGS,
     "ended(): whether the stream ended early."},
    {"restart", (PyCFunction)decoder_again, METH_NOARGS,
     "restart(): begin with the range coder anew where the stream is; the model stays."},
    {NULL, NULL, 0, NULL},
};

static PyType_Slot slots[] = {
    {Py_tp_doc, "Decoder(take, order, memory, rar=False): one stream of PPMd, variant H."},
    {Py_tp_new, decoder_new},
    {Py_tp_dealloc, decoder_dealloc},
    {Py_tp_methods, methods},
    {0, NULL},
};

static PyType_Spec spec = EXTENSION_TYPE(ppmd, Decoder, slots);

static int fill(PyObject *module) { return extension_add(module, &spec); }

EXTENSION_MODULE(ppmd, "The decoder of PPMd.", NULL, fill)
