#include "binding.h"
#include "runs.h"
#include "signs.h"

/* Methods of the Normaliser that look for what scripts hide. */

PyObject *normaliser_signs(PyObject *self, PyObject *args) {
    Py_buffer data;
    if (!PyArg_ParseTuple(args, "y*:signs", &data)) {
        return NULL;
    }
    unsigned found = signs_of(span_of(&data), ((Normaliser *)self)->pairs, NULL);
    PyBuffer_Release(&data);
    return PyLong_FromUnsignedLong(found);
}

/* The places in a buffer as a list; the buffer is freed. */
static PyObject *list_of_places(struct buffer *places) {
    size_t count = places->length / sizeof(size_t);
    PyObject *list = places->failed ? PyErr_NoMemory() : PyList_New((Py_ssize_t)count);
    for (size_t index = 0; list != NULL && index < count; index++) {
        size_t place;
        memcpy(&place, places->bytes + index * sizeof place, sizeof place);
        PyObject *number = PyLong_FromSize_t(place);
        if (number == NULL || PyList_SetItem(list, (Py_ssize_t)index, number) < 0) {
            Py_CLEAR(list);
        }
    }
    buffer_free(places);
    return list;
}

PyObject *normaliser_places(PyObject *self, PyObject *args) {
    Py_buffer data;
    if (!PyArg_ParseTuple(args, "y*:places", &data)) {
        return NULL;
    }
    struct buffer places = {NULL, 0, 0, false};
    signs_of(span_of(&data), ((Normaliser *)self)->pairs, &places);
    PyBuffer_Release(&data);
    return list_of_places(&places);
}

PyObject *normaliser_run(PyObject *self, PyObject *args) {
    (void)self;
    Py_buffer data;
    Py_ssize_t start;
    if (!PyArg_ParseTuple(args, "y*n:run", &data, &start)) {
        return NULL;
    }
    size_t place = start < 0 ? 0 : (size_t)start;
    size_t end = (size_t)data.len;
    size_t found = runs_find(span_of(&data), place, &end);
    PyBuffer_Release(&data);
    return Py_BuildValue("nn", (Py_ssize_t)found, (Py_ssize_t)end);
}
