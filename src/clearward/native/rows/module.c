/* Rows of samples, for Python. */
#define PY_SSIZE_T_CLEAN
#include <Python.h>

#include "rows.h"

static PyObject *png(PyObject *module, PyObject *arguments) {
    (void)module;
    const char *data, *above;
    Py_ssize_t length, row, pixel;
    if (!PyArg_ParseTuple(arguments, "y#y#n", &data, &length, &above, &row, &pixel))
        return NULL;
    if (row < 1 || pixel < 1 || length % (row + 1) != 0) {
        PyErr_SetString(PyExc_ValueError, "no whole rows, or no pixel");
        return NULL;
    }
    Py_ssize_t count = length / (row + 1);
    PyObject *rows = PyBytes_FromStringAndSize(NULL, count * row);
    if (rows == NULL) return NULL;
    rows_undo((const uint8_t *)data, (size_t)count, (size_t)row, (size_t)pixel,
              (const uint8_t *)above, (uint8_t *)PyBytes_AsString(rows));
    return rows;
}

static PyMethodDef methods[] = {
    {"png", png, METH_VARARGS,
     "png(data, above, pixel): rows as they were, given those with their tags, the row "
     "above them, and the bytes of a pixel."},
    {NULL, NULL, 0, NULL},
};

static PyModuleDef_Slot slots[] = {
    {0, NULL},
};

static struct PyModuleDef definition = {
    PyModuleDef_HEAD_INIT,
    .m_name = "clearward.native._rows",
    .m_doc = "Rows of samples as PNG filters them.",
    .m_methods = methods,
    .m_slots = slots,
};

PyMODINIT_FUNC PyInit__rows(void) { return PyModuleDef_Init(&definition); }
