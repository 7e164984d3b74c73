/* Lists of numbers in a text, for Python. */
#define PY_SSIZE_T_CLEAN
#include <Python.h>

#include "lists.h"

static PyObject *find(PyObject *module, PyObject *arguments) {
    (void)module;
    const char *text;
    Py_ssize_t length, start;
    if (!PyArg_ParseTuple(arguments, "y#n", &text, &length, &start)) return NULL;
    if (start < 0 || start > length) {
        PyErr_SetString(PyExc_ValueError, "a place outside the text");
        return NULL;
    }
    struct list list = lists_next((const uint8_t *)text, (size_t)length, (size_t)start);
    uint8_t *content = PyMem_Malloc(list.size + 1);
    if (content == NULL) return PyErr_NoMemory();
    lists_write((const uint8_t *)text, &list, content);
    PyObject *answer =
        Py_BuildValue("nny#", (Py_ssize_t)list.start, (Py_ssize_t)list.end,
                      (const char *)content, (Py_ssize_t)list.size);
    PyMem_Free(content);
    return answer;
}

static PyMethodDef methods[] = {
    {"find", find, METH_VARARGS,
     "find(text, start): where the next list of numbers begins and ends, and what it "
     "stands for."},
    {NULL, NULL, 0, NULL},
};

static PyModuleDef_Slot slots[] = {
    {0, NULL},
};

static struct PyModuleDef definition = {
    PyModuleDef_HEAD_INIT,
    .m_name = "clearward.native._lists",
    .m_doc = "Lists of numbers in a text.",
    .m_methods = methods,
    .m_slots = slots,
};

PyMODINIT_FUNC PyInit__lists(void) { return PyModuleDef_Init(&definition); }
