/* The binding: `clearward.native._lzms`.
 *
 * The interpreter's lock is kept throughout: a worker has one thread. */
#define PY_SSIZE_T_CLEAN
#include <Python.h>

#include "decoder.h"

/* The largest chunk that images may have. */
#define MOST (1 << 30)

static PyObject *unpack(const Py_buffer *data, size_t size) {
    PyObject *content = PyByteArray_FromStringAndSize(NULL, (Py_ssize_t)size);
    struct decoder *decoder = PyMem_Malloc(sizeof *decoder);
    if (content == NULL || decoder == NULL) {
        Py_XDECREF(content);
        PyMem_Free(decoder);
        return PyErr_NoMemory();
    }
    uint8_t *output = (uint8_t *)PyByteArray_AsString(content);
    size_t done = decoder_chunk(decoder, data->buf, (size_t)data->len, output, size);
    PyMem_Free(decoder);
    if (PyByteArray_Resize(content, (Py_ssize_t)done) < 0) {
        Py_CLEAR(content);
    }
    return content;
}

static PyObject *chunk(PyObject *module, PyObject *arguments) {
    (void)module;
    Py_buffer data;
    Py_ssize_t size;
    if (!PyArg_ParseTuple(arguments, "y*n:chunk", &data, &size)) {
        return NULL;
    }
    PyObject *content = NULL;
    if (size < 0 || size > MOST) {
        PyErr_SetString(PyExc_ValueError, "size out of range");
    } else {
        content = unpack(&data, (size_t)size);
    }
    PyBuffer_Release(&data);
    return content;
}

static PyMethodDef functions[] = {
    {"chunk", chunk, METH_VARARGS,
     "chunk(data, size): what a chunk unpacks to, less where it is damaged."},
    {NULL, NULL, 0, NULL},
};

static PyModuleDef_Slot slots[] = {
    {0, NULL},
};

static struct PyModuleDef definition = {
    PyModuleDef_HEAD_INIT,
    .m_name = "clearward.native._lzms",
    .m_doc = "The decoder of LZMS.",
    .m_methods = functions,
    .m_slots = slots,
};

PyMODINIT_FUNC PyInit__lzms(void) { return PyModuleDef_Init(&definition); }
