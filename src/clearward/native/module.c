#include "binding.h"

/* The module `clearward.native._native`. */

static int execute(PyObject *module) {
    struct state_of_module *state = PyModule_GetState(module);
    state->matcher = PyType_FromModuleAndSpec(module, &matcher_spec, NULL);
    if (state->matcher == NULL ||
        PyModule_AddObjectRef(module, "Matcher", state->matcher) < 0) {
        return -1;
    }
    return extension_add(module, &follower_spec);
}

static int traverse(PyObject *module, visitproc visit, void *arg) {
    struct state_of_module *state = PyModule_GetState(module);
    Py_VISIT(state->matcher);
    return 0;
}

static int clear(PyObject *module) {
    struct state_of_module *state = PyModule_GetState(module);
    Py_CLEAR(state->matcher);
    return 0;
}

static PyModuleDef_Slot module_slots[] = {
    {Py_mod_exec, execute},
    {0, NULL},
};

static struct PyModuleDef definition = {
    PyModuleDef_HEAD_INIT,
    .m_name = "clearward.native._native",
    .m_doc = "The compiled matcher.",
    .m_size = sizeof(struct state_of_module),
    .m_slots = module_slots,
    .m_traverse = traverse,
    .m_clear = clear,
};

PyMODINIT_FUNC PyInit__native(void) { return PyModuleDef_Init(&definition); }
