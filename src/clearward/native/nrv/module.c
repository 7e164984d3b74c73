/* NRV streams of UPX, each decoded at once. */
#define PY_SSIZE_T_CLEAN
#include <Python.h>

#include <stdlib.h>

#include "decoder.h"

static PyObject *expand(PyObject *module, PyObject *arguments) {
    (void)module;
    Py_buffer data;
    int letter;
    unsigned unit;
    Py_ssize_t size;
    if (!PyArg_ParseTuple(arguments, "y*CIn:expand", &data, &letter, &unit, &size)) {
        return NULL;
    }
    PyObject *result = NULL;
    if (letter < 'b' || letter > 'e' || letter == 'c' ||
        (unit != 1 && unit != 2 && unit != 4) || size < 0) {
        PyErr_SetString(PyExc_ValueError, "no such variant or size");
    } else {
        struct nrv nrv = {.data = data.buf,
                          .size = (size_t)data.len,
                          .letter = (char)letter,
                          .unit = unit,
                          .most = (size_t)size};
        if (nrv_expand(&nrv) == NRV_MEMORY) {
            PyErr_NoMemory();
        } else {
            result = Py_BuildValue("(y#in)", nrv.done > 0 ? (char *)nrv.output : "",
                                   (Py_ssize_t)nrv.done, (int)nrv.fault,
                                   (Py_ssize_t)nrv.place);
        }
        free(nrv.output);
    }
    PyBuffer_Release(&data);
    return result;
}

static PyMethodDef methods[] = {
    {"expand", expand, METH_VARARGS,
     "expand(data, letter, unit, size): what came of a stream; 0 if that is all, 1 if\n"
     "the stream ends early, 2 if it is damaged; and where in it that was."},
    {NULL, NULL, 0, NULL},
};

static PyModuleDef_Slot slots[] = {
    {0, NULL},
};

static struct PyModuleDef definition = {
    PyModuleDef_HEAD_INIT,
    .m_name = "clearward.native._nrv",
    .m_doc = "The decoder of NRV.",
    .m_methods = methods,
    .m_slots = slots,
};

PyMODINIT_FUNC PyInit__nrv(void) { return PyModuleDef_Init(&definition); }
