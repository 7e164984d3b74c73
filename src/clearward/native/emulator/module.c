#define PY_SSIZE_T_CLEAN
#include <Python.h>

#include "machine.h"

/* The binding: `clearward.native._emulator`. Its Machine runs a program that its owner
 * has mapped, and stops where the owner has to answer. Numbers of registers are those
 * of instructions; behind them the instruction pointer, flags and two segments.
 *
 * The interpreter's lock is kept throughout. */

enum { NUMBER_IP = REGISTERS, NUMBER_FLAGS, NUMBER_FS, NUMBER_GS, NUMBERS };

typedef struct {
    PyObject_HEAD
    struct machine *machine;
    Py_buffer file;
} Machine;

static struct machine *of(PyObject *self) { return ((Machine *)self)->machine; }

static void machine_dealloc(PyObject *self) {
    PyTypeObject *type = Py_TYPE(self);
    Machine *object = (Machine *)self;
    if (object->machine != NULL) memory_free(&object->machine->memory);
    PyMem_Free(object->machine);
    if (object->file.obj != NULL) PyBuffer_Release(&object->file);
    freefunc release = (freefunc)PyType_GetSlot(type, Py_tp_free);
    release(self);
    Py_DECREF(type);
}

static PyObject *machine_new(PyTypeObject *type, PyObject *args, PyObject *keywords) {
    static char *names[] = {"file", "wide", "pages", NULL};
    Py_buffer file;
    int wide;
    unsigned pages;
    if (!PyArg_ParseTupleAndKeywords(args, keywords, "y*pI:Machine", names, &file, &wide,
                                     &pages)) {
        return NULL;
    }
    allocfunc allocate = (allocfunc)PyType_GetSlot(type, Py_tp_alloc);
    Machine *self = (Machine *)allocate(type, 0);
    if (self == NULL) {
        PyBuffer_Release(&file);
        return NULL;
    }
    self->file = file;
    self->machine = PyMem_Malloc(sizeof *self->machine);
    if (self->machine == NULL ||
        !machine_start(self->machine, file.buf, (size_t)file.len, pages, wide != 0)) {
        Py_DECREF(self);
        return PyErr_NoMemory();
    }
    return (PyObject *)self;
}

static PyObject *machine_map(PyObject *self, PyObject *args) {
    unsigned long long start, size, offset, length;
    if (!PyArg_ParseTuple(args, "KKKK:map", &start, &size, &offset, &length)) return NULL;
    return PyBool_FromLong(
        memory_map(&of(self)->memory, start, size, (size_t)offset, (size_t)length));
}

static PyObject *machine_go(PyObject *self, PyObject *args) {
    unsigned long long most;
    if (!PyArg_ParseTuple(args, "K:run", &most)) return NULL;
    return PyLong_FromLong(machine_run(of(self), most));
}

static PyObject *machine_read(PyObject *self, PyObject *args) {
    unsigned long long address;
    Py_ssize_t size;
    if (!PyArg_ParseTuple(args, "Kn:read", &address, &size)) return NULL;
    if (size < 0) return PyErr_Format(PyExc_ValueError, "a size below 0");
    PyObject *bytes = PyBytes_FromStringAndSize(NULL, size);
    if (bytes == NULL) return NULL;
    if (memory_read(&of(self)->memory, address, PyBytes_AsString(bytes), (size_t)size)) {
        return bytes;
    }
    Py_DECREF(bytes);
    Py_RETURN_NONE;
}

static PyObject *machine_copy(PyObject *self, PyObject *args) {
    unsigned long long address;
    Py_ssize_t size;
    if (!PyArg_ParseTuple(args, "Kn:copy", &address, &size)) return NULL;
    if (size < 0) return PyErr_Format(PyExc_ValueError, "a size below 0");
    PyObject *bytes = PyBytes_FromStringAndSize(NULL, size);
    if (bytes == NULL) return NULL;
    memory_copy(&of(self)->memory, address, (uint8_t *)PyBytes_AsString(bytes),
                (size_t)size);
    return bytes;
}

static PyObject *machine_write(PyObject *self, PyObject *args) {
    unsigned long long address;
    Py_buffer bytes;
    if (!PyArg_ParseTuple(args, "Ky*:write", &address, &bytes)) return NULL;
    bool there =
        memory_write(&of(self)->memory, address, bytes.buf, (size_t)bytes.len);
    PyBuffer_Release(&bytes);
    return PyBool_FromLong(there);
}

static PyObject *machine_get(PyObject *self, PyObject *args) {
    const struct machine *machine = of(self);
    unsigned number;
    if (!PyArg_ParseTuple(args, "I:get", &number)) return NULL;
    switch (number) {
    case NUMBER_IP: return PyLong_FromUnsignedLongLong(machine->ip);
    case NUMBER_FLAGS: return PyLong_FromUnsignedLong(machine->flags);
    case NUMBER_FS: return PyLong_FromUnsignedLongLong(machine->fs);
    case NUMBER_GS: return PyLong_FromUnsignedLongLong(machine->gs);
    default: break;
    }
    if (number >= NUMBERS) return PyErr_Format(PyExc_IndexError, "no such register");
    return PyLong_FromUnsignedLongLong(machine->registers[number]);
}

static PyObject *machine_set(PyObject *self, PyObject *args) {
    struct machine *machine = of(self);
    unsigned number;
    unsigned long long value;
    if (!PyArg_ParseTuple(args, "IK:set", &number, &value)) return NULL;
    if (number >= NUMBERS) return PyErr_Format(PyExc_IndexError, "no such register");
    value &= machine->mask;
    switch (number) {
    case NUMBER_IP: machine->ip = value; break;
    case NUMBER_FLAGS:
        machine->flags = ((uint32_t)value & SETTABLE) | FIXED | ENABLED;
        break;
    case NUMBER_FS: machine->fs = value; break;
    case NUMBER_GS: machine->gs = value; break;
    default: machine->registers[number] = value; break;
    }
    Py_RETURN_NONE;
}

static PyObject *machine_trap(PyObject *self, PyObject *args) {
    unsigned long long start, size;
    if (!PyArg_ParseTuple(args, "KK:trap", &start, &size)) return NULL;
    of(self)->trap_start = start;
    of(self)->trap_size = size;
    Py_RETURN_NONE;
}

static PyObject *machine_watch(PyObject *self, PyObject *watch) {
    int wanted = PyObject_IsTrue(watch);
    if (wanted < 0) return NULL;
    of(self)->watch = wanted != 0;
    Py_RETURN_NONE;
}

static PyObject *machine_settle(PyObject *self, PyObject *unused) {
    (void)unused;
    memory_settle(&of(self)->memory);
    Py_RETURN_NONE;
}

static PyObject *machine_changed(PyObject *self, PyObject *unused) {
    (void)unused;
    const struct memory *memory = &of(self)->memory;
    PyObject *list = PyList_New(0);
    for (size_t place = 0; list != NULL && place < TABLE_SIZE; place++) {
        const struct page *page = memory->table[place];
        if (page == NULL || !page->changed) continue;
        PyObject *address = PyLong_FromUnsignedLongLong(page->number * PAGE_SIZE);
        if (address == NULL || PyList_Append(list, address) < 0) Py_CLEAR(list);
        Py_XDECREF(address);
    }
    if (list != NULL && PyList_Sort(list) < 0) Py_CLEAR(list);
    return list;
}

static PyObject *get_value(PyObject *self, void *unused) {
    (void)unused;
    return PyLong_FromUnsignedLongLong(of(self)->value);
}

static PyObject *get_entered(PyObject *self, void *unused) {
    (void)unused;
    return PyLong_FromUnsignedLongLong(of(self)->entered);
}

static PyObject *get_done(PyObject *self, void *unused) {
    (void)unused;
    return PyLong_FromUnsignedLongLong(of(self)->done);
}

static PyObject *get_full(PyObject *self, void *unused) {
    (void)unused;
    return PyBool_FromLong(of(self)->memory.full);
}

static PyGetSetDef attributes[] = {
    {"value", get_value, NULL, "What the last run stopped for.", NULL},
    {"entered", get_entered, NULL, "Where it last came from another range.", NULL},
    {"done", get_done, NULL, "Instructions done so far.", NULL},
    {"full", get_full, NULL, "A page was refused.", NULL},
    {NULL, NULL, NULL, NULL, NULL},
};

static PyMethodDef methods[] = {
    {"map", machine_map, METH_VARARGS,
     "map(start, size, offset, length): let addresses be there; False if they cannot."},
    {"run", machine_go, METH_VARARGS, "run(most): why it stopped, as a number."},
    {"read", machine_read, METH_VARARGS, "read(address, size): bytes; None if not there."},
    {"copy", machine_copy, METH_VARARGS,
     "copy(address, size): bytes; zeros where nothing is."},
    {"write", machine_write, METH_VARARGS, "write(address, bytes): whether it is there."},
    {"get", machine_get, METH_VARARGS, "get(register)"},
    {"set", machine_set, METH_VARARGS, "set(register, value)"},
    {"trap", machine_trap, METH_VARARGS, "trap(start, size): stop at these addresses."},
    {"watch", machine_watch, METH_O, "watch(bool): whether to stop at written code."},
    {"settle", machine_settle, METH_NOARGS, "Take what was written as code from now on."},
    {"changed", machine_changed, METH_NOARGS,
     "Addresses of the pages that were written to."},
    {NULL, NULL, 0, NULL},
};

static PyType_Slot slots[] = {
    {Py_tp_doc, "Machine(file, wide, pages): an x86 processor and its memory."},
    {Py_tp_new, machine_new},
    {Py_tp_dealloc, machine_dealloc},
    {Py_tp_methods, methods},
    {Py_tp_getset, attributes},
    {0, NULL},
};

static PyType_Spec spec = {
    .name = "clearward.native._emulator.Machine",
    .basicsize = sizeof(Machine),
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_IMMUTABLETYPE,
    .slots = slots,
};

static int execute(PyObject *module) {
    PyObject *type = PyType_FromModuleAndSpec(module, &spec, NULL);
    return type == NULL ? -1 : PyModule_AddObjectRef(module, "Machine", type);
}

static PyModuleDef_Slot module_slots[] = {
    {Py_mod_exec, execute},
    {0, NULL},
};

static struct PyModuleDef definition = {
    PyModuleDef_HEAD_INIT,
    .m_name = "clearward.native._emulator",
    .m_doc = "An x86 processor that runs a program over its own memory.",
    .m_slots = module_slots,
};

PyMODINIT_FUNC PyInit__emulator(void) { return PyModuleDef_Init(&definition); }
