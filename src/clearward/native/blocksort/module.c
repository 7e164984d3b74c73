/* Blocks of bzip2 for Python, one at a time. */
#define PY_SSIZE_T_CLEAN
#include <Python.h>

#include <stdlib.h>

#include "block.h"

static PyObject *read_block(PyObject *module, PyObject *arguments) {
    (void)module;
    const char *data;
    Py_ssize_t size;
    unsigned long long place;
    if (!PyArg_ParseTuple(arguments, "y#K", &data, &size, &place)) return NULL;
    if (place > (unsigned long long)size * 8) {
        PyErr_SetString(PyExc_ValueError, "a place behind the end");
        return NULL;
    }
    struct bits bits = {(const uint8_t *)data, (uint64_t)size, place, NULL, false};
    struct block block = block_read(&bits);
    if (block.memory) return PyErr_NoMemory();
    PyObject *answer = Py_BuildValue(
        "y#Ks", block.data == NULL ? "" : (const char *)block.data,
        (Py_ssize_t)block.size, (unsigned long long)bits.place,
        bits.fault == NULL ? "" : bits.fault);
    free(block.data);
    return answer;
}

static PyObject *spread(PyObject *module, PyObject *arguments) {
    (void)module;
    const char *block;
    Py_ssize_t size, start, most;
    if (!PyArg_ParseTuple(arguments, "y#nn", &block, &size, &start, &most)) return NULL;
    if (start < 0 || start > size || most < 0 || most > PY_SSIZE_T_MAX - SPARE) {
        PyErr_SetString(PyExc_ValueError, "a place or a size out of range");
        return NULL;
    }
    uint8_t *output = PyMem_Malloc((size_t)most + SPARE);
    if (output == NULL) return PyErr_NoMemory();
    size_t place = (size_t)start;
    size_t done = block_spread((const uint8_t *)block, (size_t)size, &place, output,
                               (size_t)most);
    PyObject *answer = Py_BuildValue("y#n", (const char *)output, (Py_ssize_t)done,
                                     (Py_ssize_t)place);
    PyMem_Free(output);
    return answer;
}

static PyMethodDef methods[] = {
    {"read", read_block, METH_VARARGS,
     "read(data, place): a block, the place of the bit behind it, and what is wrong."},
    {"spread", spread, METH_VARARGS,
     "spread(block, place, most): a piece with its runs written out, and the place "
     "behind it."},
    {NULL, NULL, 0, NULL},
};

static PyModuleDef_Slot slots[] = {
    {0, NULL},
};

static struct PyModuleDef definition = {
    PyModuleDef_HEAD_INIT,
    .m_name = "clearward.native._blocksort",
    .m_doc = "Blocks of bzip2 without magic and checksum.",
    .m_methods = methods,
    .m_slots = slots,
};

PyMODINIT_FUNC PyInit__blocksort(void) { return PyModuleDef_Init(&definition); }
