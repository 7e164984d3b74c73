/* The binding: what `clearward.native._views` is made of. Its Normaliser makes what the
 * modules of formats/normalise make, out of bytes and into bytes; see there.
 *
 * The interpreter's lock is kept throughout, since no input may change while it is
 * read. Where there is no memory it is MemoryError. */
#ifndef CLEARWARD_VIEWS_BINDING_H
#define CLEARWARD_VIEWS_BINDING_H

#include "../extension.h"
#include "buffer.h"
#include "page.h"

typedef struct {
    PyObject_HEAD
    struct tables *tables;
    uint8_t *pairs; /* of signs.h */
    uint64_t key;
} Normaliser;

/* Methods; what they give is said in the table of them. */
PyObject *normaliser_text(PyObject *self, PyObject *args);
PyObject *normaliser_script(PyObject *self, PyObject *args);
PyObject *normaliser_entities(PyObject *self, PyObject *args);
PyObject *normaliser_percent(PyObject *self, PyObject *args);
PyObject *normaliser_base64(PyObject *self, PyObject *args);
PyObject *normaliser_encoded(PyObject *self, PyObject *args);
PyObject *normaliser_page(PyObject *self, PyObject *args);
PyObject *normaliser_page_marks(PyObject *self, PyObject *args);
PyObject *normaliser_address(PyObject *self, PyObject *args);
PyObject *normaliser_signs(PyObject *self, PyObject *args);
PyObject *normaliser_places(PyObject *self, PyObject *args);
PyObject *normaliser_run(PyObject *self, PyObject *args);

static inline struct span span_of(const Py_buffer *buffer) {
    return (struct span){buffer->buf, (size_t)buffer->len};
}

/* The bytes of a span; NULL and an exception if there is no memory. */
static inline PyObject *bytes_of(struct span span) {
    return PyBytes_FromStringAndSize((const char *)span.bytes, (Py_ssize_t)span.length);
}

#endif
