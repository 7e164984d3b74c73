#include "binding.h"
#include "marks.h"
#include "pieces.h"

/* Methods of the Normaliser that read pages. */

/* A list of bytes; NULL and an exception if there is no memory. */
static PyObject *list_of(const struct strings *strings) {
    size_t count = strings_count(strings);
    PyObject *list = PyList_New((Py_ssize_t)count);
    for (size_t index = 0; list != NULL && index < count; index++) {
        PyObject *bytes = bytes_of(strings_at(strings, index));
        if (bytes == NULL || PyList_SetItem(list, (Py_ssize_t)index, bytes) < 0) {
            Py_CLEAR(list);
        }
    }
    return list;
}

static PyObject *views_of(struct page *page) {
    PyObject *written = bytes_of(buffer_span(&page->written));
    PyObject *spoken = bytes_of(buffer_span(&page->spoken));
    PyObject *scripts = list_of(&page->scripts);
    if (written != NULL && spoken != NULL && scripts != NULL) {
        return Py_BuildValue("(NNNN)", written, spoken, scripts,
                             PyBool_FromLong(page->limited));
    }
    Py_XDECREF(written);
    Py_XDECREF(spoken);
    Py_XDECREF(scripts);
    return NULL;
}

PyObject *normaliser_page(PyObject *self, PyObject *args) {
    Py_buffer data;
    Py_ssize_t block;
    Py_ssize_t spoken;
    if (!PyArg_ParseTuple(args, "y*nn:page", &data, &block, &spoken)) {
        return NULL;
    }
    PyObject *result = NULL;
    if (block < SMALLEST_BLOCK || spoken < 0) {
        PyErr_SetString(PyExc_ValueError, "a limit is too small");
    } else {
        struct page_limits limits = {(size_t)block, (size_t)spoken};
        struct page page;
        bool done =
            page_read(&page, span_of(&data), ((Normaliser *)self)->tables, &limits);
        result = done ? views_of(&page) : PyErr_NoMemory();
        page_free(&page);
    }
    PyBuffer_Release(&data);
    return result;
}

PyObject *normaliser_page_marks(PyObject *self, PyObject *args) {
    (void)self;
    Py_buffer data;
    int before;
    if (!PyArg_ParseTuple(args, "y*i:page_marks", &data, &before)) {
        return NULL;
    }
    enum marks_seen seen =
        marks_of_page(span_of(&data), before == SEEN_LINK ? SEEN_LINK : SEEN_NOTHING);
    PyBuffer_Release(&data);
    return PyLong_FromLong(seen);
}

PyObject *normaliser_address(PyObject *self, PyObject *args) {
    (void)self;
    Py_buffer data;
    Py_ssize_t start;
    if (!PyArg_ParseTuple(args, "y*n:address", &data, &start)) {
        return NULL;
    }
    bool inside = start >= 0 && start <= data.len;
    size_t found = inside ? marks_of_address(span_of(&data), (size_t)start) : 0;
    Py_ssize_t place = inside && (Py_ssize_t)found < data.len ? (Py_ssize_t)found : -1;
    PyBuffer_Release(&data);
    return PyLong_FromSsize_t(place);
}
