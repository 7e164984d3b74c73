/* What every compiled module has: types, objects of them, and the frame of a module.
 *
 * Only the stable interface of Python 3.11 is used, so an object is made and freed by
 * slots of its type. */
#ifndef CLEARWARD_EXTENSION_H
#define CLEARWARD_EXTENSION_H

#define PY_SSIZE_T_CLEAN
#include <Python.h>

/* A type of `_module` that Python calls `type`, as its struct is; `members` are slots. */
#define EXTENSION_TYPE(module, type, members)                                          \
    {                                                                                  \
        .name = "clearward.native._" #module "." #type, .basicsize = sizeof(type),     \
        .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_IMMUTABLETYPE, .slots = (members)     \
    }

/* The module `_module`: `fill` puts into it what it has besides `functions`, and gives
 * -1 and an exception if it cannot. */
#define EXTENSION_MODULE(module, words, functions, fill)                               \
    static PyModuleDef_Slot module_slots[] = {{Py_mod_exec, (fill)}, {0, NULL}};       \
    static struct PyModuleDef definition = {                                           \
        PyModuleDef_HEAD_INIT, .m_name = "clearward.native._" #module,                 \
        .m_doc = (words), .m_methods = (functions), .m_slots = module_slots};          \
    PyMODINIT_FUNC PyInit__##module(void) { return PyModuleDef_Init(&definition); }

/* Make a type and put it into its module, under its own name; -1 and an exception if
 * that cannot be done. */
static inline int extension_add(PyObject *module, PyType_Spec *spec) {
    PyObject *type = PyType_FromModuleAndSpec(module, spec, NULL);
    int status = type == NULL ? -1 : PyModule_AddType(module, (PyTypeObject *)type);
    Py_XDECREF(type);
    return status;
}

/* A new object, all 0 behind its head; NULL and MemoryError if there is no memory. */
static inline void *extension_make(PyTypeObject *type) {
    allocfunc allocate = (allocfunc)PyType_GetSlot(type, Py_tp_alloc);
    return allocate(type, 0);
}

/* Free an object, whose fields have been let go of. */
static inline void extension_free(void *self) {
    PyTypeObject *type = Py_TYPE((PyObject *)self);
    freefunc release = (freefunc)PyType_GetSlot(type, Py_tp_free);
    release(self);
    Py_DECREF(type);
}

#endif
