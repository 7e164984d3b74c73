/* Read arbitrary bytes as an archive, through the door to libarchive.
 *
 * Input: one byte that chooses the format, then the archive. The door is a module of
 * Python, so Python is embedded here: target.py loads the library of archi's wheel, which
 * is not instrumented, into the module that is, and drives it. What Python allocates
 * comes from malloc (PYTHONMALLOC), so that a byte too far is seen. */
#define PY_SSIZE_T_CLEAN
#include <Python.h>

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

PyMODINIT_FUNC PyInit__archives(void);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static PyObject *started(void) {
    PyImport_AppendInittab("_archives", PyInit__archives);
    Py_InitializeEx(0);
    const char *path = getenv("TARGET");
    FILE *file = fopen(path == NULL ? "fuzz/archives/target.py" : path, "r");
    if (file == NULL || PyRun_SimpleFileExFlags(file, "target.py", 1, NULL) != 0) abort();
    PyObject *module = PyImport_AddModule("__main__");
    PyObject *run = module == NULL ? NULL : PyObject_GetAttrString(module, "run");
    if (run == NULL) abort();
    return run;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static PyObject *run = NULL;
    if (run == NULL) run = started();
    PyObject *answer = PyObject_CallFunction(run, "y#", (const char *)data, (Py_ssize_t)size);
    if (answer == NULL) {
        PyErr_Print();
        abort();
    }
    Py_DECREF(answer);
    return 0;
}
