/* The filter, the order of records and products of matrices, for Python.
 *
 * The interpreter's lock is let go of while much is computed: what is read are bytes,
 * or views of files that their holder keeps as they are. */
#define PY_SSIZE_T_CLEAN
#include <Python.h>

#include "fuse.h"
#include "matrix.h"
#include "records.h"

#include <string.h>

/* Take the records out of a view; false and an exception if a part of one is left. */
static bool records_of(const Py_buffer *view, Py_ssize_t width, size_t *count) {
    if (width < KEY_BYTES || view->len % width != 0) {
        PyErr_SetString(PyExc_ValueError, "records of another width");
        return false;
    }
    *count = (size_t)(view->len / width);
    return true;
}

static bool is_sound(const struct fuse *fuse) {
    if (fuse_is_sound(fuse)) return true;
    PyErr_SetString(PyExc_ValueError, "no such filter");
    return false;
}

static PyObject *built(const struct fuse *fuse, const Py_buffer *view, size_t count,
                       size_t width) {
    size_t size = fuse_slots(fuse) * SLOT_BYTES;
    PyObject *slots = PyBytes_FromStringAndSize(NULL, (Py_ssize_t)size);
    if (slots == NULL) return NULL;
    uint8_t *bytes = (uint8_t *)PyBytes_AsString(slots);
    enum built answer;
    Py_BEGIN_ALLOW_THREADS;
    memset(bytes, 0, size);
    answer = fuse_build(fuse, view->buf, count, width, bytes);
    Py_END_ALLOW_THREADS;
    if (answer == BUILT) return slots;
    Py_DECREF(slots);
    if (answer == NO_MEMORY) return PyErr_NoMemory();
    Py_RETURN_NONE;
}

static PyObject *build(PyObject *module, PyObject *arguments) {
    (void)module;
    Py_buffer view;
    Py_ssize_t width;
    unsigned long long seed;
    struct fuse fuse;
    if (!PyArg_ParseTuple(arguments, "y*nKII:build", &view, &width, &seed, &fuse.segment,
                          &fuse.segments)) {
        return NULL;
    }
    fuse.seed = seed;
    size_t count;
    PyObject *answer = NULL;
    if (records_of(&view, width, &count) && is_sound(&fuse)) {
        answer = built(&fuse, &view, count, (size_t)width);
    }
    PyBuffer_Release(&view);
    return answer;
}

static PyObject *asked(const struct fuse *fuse, const Py_buffer *slots,
                       const Py_buffer *view, size_t width) {
    size_t count;
    if (!records_of(view, (Py_ssize_t)width, &count) || !is_sound(fuse)) return NULL;
    if ((size_t)slots->len != fuse_slots(fuse) * SLOT_BYTES) {
        PyErr_SetString(PyExc_ValueError, "slots of another filter");
        return NULL;
    }
    PyObject *answers = PyBytes_FromStringAndSize(NULL, (Py_ssize_t)count);
    if (answers == NULL) return NULL;
    uint8_t *bytes = (uint8_t *)PyBytes_AsString(answers);
    Py_BEGIN_ALLOW_THREADS;
    fuse_has(fuse, slots->buf, view->buf, count, width, bytes);
    Py_END_ALLOW_THREADS;
    return answers;
}

static PyObject *has(PyObject *module, PyObject *arguments) {
    (void)module;
    Py_buffer slots, view;
    Py_ssize_t width;
    unsigned long long seed;
    struct fuse fuse;
    if (!PyArg_ParseTuple(arguments, "y*y*nKII:has", &slots, &view, &width, &seed,
                          &fuse.segment, &fuse.segments)) {
        return NULL;
    }
    fuse.seed = seed;
    PyObject *answers = asked(&fuse, &slots, &view, width < 0 ? 0 : (size_t)width);
    PyBuffer_Release(&view);
    PyBuffer_Release(&slots);
    return answers;
}

static PyObject *order(PyObject *module, PyObject *arguments) {
    (void)module;
    PyObject *records;
    if (!PyArg_ParseTuple(arguments, "O!:order", &PyByteArray_Type, &records)) return NULL;
    Py_buffer view; /* so that nobody can make it shorter meanwhile */
    if (PyObject_GetBuffer(records, &view, PyBUF_WRITABLE) < 0) return NULL;
    size_t count, kept = 0;
    bool good = records_of(&view, RECORD_BYTES, &count);
    if (good) {
        Py_BEGIN_ALLOW_THREADS;
        kept = records_order(view.buf, count);
        Py_END_ALLOW_THREADS;
    }
    PyBuffer_Release(&view);
    if (!good || PyByteArray_Resize(records, (Py_ssize_t)(kept * RECORD_BYTES)) < 0) {
        return NULL;
    }
    Py_RETURN_NONE;
}

static PyObject *product(const Py_buffer *bytes, const Py_buffer *numbers, size_t columns,
                         size_t width) {
    if (columns == 0 || width == 0 || (size_t)bytes->len % columns != 0 ||
        (size_t)numbers->len / 4 / width != columns ||
        (size_t)numbers->len != columns * width * 4) {
        PyErr_SetString(PyExc_ValueError, "matrices that do not fit");
        return NULL;
    }
    size_t rows = (size_t)bytes->len / columns;
    uint32_t *sums = PyMem_Calloc(rows * width + 1, sizeof *sums);
    if (sums == NULL) return PyErr_NoMemory();
    Py_BEGIN_ALLOW_THREADS;
    matrix_multiply(bytes->buf, rows, columns, numbers->buf, width, sums);
    matrix_write(sums, rows * width);
    Py_END_ALLOW_THREADS;
    Py_ssize_t size = (Py_ssize_t)(rows * width * sizeof *sums);
    PyObject *answer = PyBytes_FromStringAndSize((const char *)sums, size);
    PyMem_Free(sums);
    return answer;
}

static PyObject *multiply(PyObject *module, PyObject *arguments) {
    (void)module;
    Py_buffer bytes, numbers;
    Py_ssize_t columns, width;
    if (!PyArg_ParseTuple(arguments, "y*y*nn:multiply", &bytes, &numbers, &columns,
                          &width)) {
        return NULL;
    }
    PyObject *answer = product(&bytes, &numbers, columns < 0 ? 0 : (size_t)columns,
                               width < 0 ? 0 : (size_t)width);
    PyBuffer_Release(&numbers);
    PyBuffer_Release(&bytes);
    return answer;
}

static PyMethodDef methods[] = {
    {"build", build, METH_VARARGS,
     "build(records, width, seed, segment, segments): the slots, or None with this seed."},
    {"has", has, METH_VARARGS,
     "has(slots, records, width, seed, segment, segments): 1 or 0 for each record."},
    {"order", order, METH_VARARGS, "order(records): sort them, and leave each once."},
    {"multiply", multiply, METH_VARARGS,
     "multiply(bytes, numbers, columns, width): the product of two matrices."},
    {NULL, NULL, 0, NULL},
};

static PyModuleDef_Slot slots[] = {
    {0, NULL},
};

static struct PyModuleDef definition = {
    PyModuleDef_HEAD_INIT,
    .m_name = "clearward.reputation._compiled",
    .m_doc = "What takes long in looking digests up.",
    .m_methods = methods,
    .m_slots = slots,
};

PyMODINIT_FUNC PyInit__compiled(void) { return PyModuleDef_Init(&definition); }
