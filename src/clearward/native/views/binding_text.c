#include "address.h"
#include "binding.h"
#include "encoded.h"
#include "plain.h"
#include "script.h"

/* Methods of the Normaliser that make a text of another. */

/* What is in a buffer as bytes, or MemoryError; the buffer is freed. */
static PyObject *taken(struct buffer *buffer, bool done) {
    PyObject *bytes =
        done && !buffer->failed ? bytes_of(buffer_span(buffer)) : PyErr_NoMemory();
    buffer_free(buffer);
    return bytes;
}

/* Makes one text of another; false if there is no memory, as is a failed buffer. */
typedef bool (*maker)(const Normaliser *self, struct span text, struct buffer *out);

static PyObject *made(PyObject *self, PyObject *args, const char *format, maker make) {
    Py_buffer data;
    if (!PyArg_ParseTuple(args, format, &data)) {
        return NULL;
    }
    struct buffer out = {NULL, 0, 0, false};
    bool done = make((Normaliser *)self, span_of(&data), &out);
    PyBuffer_Release(&data);
    return taken(&out, done);
}

static bool make_text(const Normaliser *self, struct span text, struct buffer *out) {
    (void)self;
    if (text.length > 0 && buffer_reserve(out, text.length)) {
        out->length = plain_normalise(text, out->bytes);
    }
    return true;
}

static bool make_script(const Normaliser *self, struct span text, struct buffer *out) {
    return script_normalise(text, self->key, out);
}

static bool make_entities(const Normaliser *self, struct span text, struct buffer *out) {
    entities_decode(&self->tables->entities, text, out);
    return true;
}

static bool make_percent(const Normaliser *self, struct span text, struct buffer *out) {
    (void)self;
    address_percent(text, out);
    return true;
}

static bool make_base64(const Normaliser *self, struct span text, struct buffer *out) {
    (void)self;
    address_base64(text, out);
    return true;
}

PyObject *normaliser_text(PyObject *self, PyObject *args) {
    return made(self, args, "y*:text", make_text);
}

PyObject *normaliser_script(PyObject *self, PyObject *args) {
    return made(self, args, "y*:script", make_script);
}

PyObject *normaliser_entities(PyObject *self, PyObject *args) {
    return made(self, args, "y*:entities", make_entities);
}

PyObject *normaliser_percent(PyObject *self, PyObject *args) {
    return made(self, args, "y*:percent", make_percent);
}

PyObject *normaliser_base64(PyObject *self, PyObject *args) {
    return made(self, args, "y*:base64", make_base64);
}

PyObject *normaliser_encoded(PyObject *self, PyObject *args) {
    Py_buffer data;
    if (!PyArg_ParseTuple(args, "y*:encoded", &data)) {
        return NULL;
    }
    struct span text = span_of(&data);
    struct encoded found;
    PyObject *result = NULL;
    if (!encoded_find(text, &found)) {
        result = Py_NewRef(Py_None);
    } else {
        struct buffer out = {NULL, 0, 0, false};
        encoded_decode(&((Normaliser *)self)->tables->alphabets, found.script, &out);
        PyObject *script = taken(&out, true);
        if (script != NULL) {
            result = Py_BuildValue("(y#Ny#)", text.bytes, (Py_ssize_t)found.start, script,
                                   text.bytes + found.end,
                                   (Py_ssize_t)(text.length - found.end));
        }
    }
    PyBuffer_Release(&data);
    return result;
}
