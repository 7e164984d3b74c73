/* Read an archive of one format with libarchive, piece by piece.
 *
 * What is read comes from a function of Python; no file is opened. Every answer of the
 * library that is not data becomes `Error`, with its number and its words, of which
 * either may be missing. */
#include "../extension.h"

#include <stdbool.h>
#include <string.h>
#include <sys/stat.h>

#include "library.h"

enum { INPUT = 65536 };

typedef struct {
    PyObject_HEAD
    struct archive *archive;
    struct archive_entry *entry;
    PyObject *read;  /* offset, size -> bytes */
    PyObject *input; /* what it gave last: the library looks at it until it asks again */
    int64_t size;
    int64_t place;
    int warned; /* what came with the last content of a zip, to be said behind it; or 0 */
    bool warns_late;
} Archive;

static struct library library;
static int loaded;
static PyObject *failure;

/* What libarchive calls. */

static ssize_t give(struct archive *archive, void *data, const void **bytes) {
    (void)archive;
    Archive *self = data;
    char *start;
    Py_ssize_t length;
    if (PyErr_Occurred()) return -1;
    PyObject *input = PyObject_CallFunction(self->read, "Li", (long long)self->place, INPUT);
    if (input == NULL || PyBytes_AsStringAndSize(input, &start, &length) < 0) {
        Py_XDECREF(input);
        return -1;
    }
    PyObject *before = self->input;
    self->input = input;
    Py_XDECREF(before);
    self->place += length;
    *bytes = start;
    return length;
}

static int64_t pass(struct archive *archive, void *data, int64_t wanted) {
    (void)archive;
    Archive *self = data;
    int64_t left = self->size - self->place;
    int64_t passed = wanted < left ? wanted : left;
    if (passed < 0) passed = 0;
    self->place += passed;
    return passed;
}

static int64_t seek(struct archive *archive, void *data, int64_t offset, int whence) {
    (void)archive;
    Archive *self = data;
    int64_t from = whence == SEEK_SET ? 0 : whence == SEEK_CUR ? self->place : self->size;
    if (offset < -from) return ARCHIVE_FATAL;
    int64_t place = offset > self->size - from ? self->size : from + offset;
    self->place = place;
    return place;
}

/* What Python calls. */

static PyObject *fail(Archive *self, int answer) {
    if (PyErr_Occurred()) return NULL; /* the reading function's own */
    const char *words = library.error_text(self->archive);
    PyObject *arguments = Py_BuildValue("iiy", answer, library.error_number(self->archive),
                                        words == NULL ? "" : words);
    if (arguments != NULL) PyErr_SetObject(failure, arguments);
    Py_XDECREF(arguments);
    return NULL;
}

static PyObject *archive_new(PyTypeObject *type, PyObject *arguments, PyObject *named) {
    PyObject *read;
    long long size;
    const char *format;
    static char *names[] = {"read", "size", "format", NULL};
    if (!PyArg_ParseTupleAndKeywords(arguments, named, "OLs", names, &read, &size, &format))
        return NULL;
    if (!loaded) {
        PyErr_SetString(PyExc_RuntimeError, "libarchive is not loaded");
        return NULL;
    }
    Archive *self = extension_make(type);
    if (self == NULL) return NULL;
    self->read = Py_NewRef(read);
    self->size = size;
    self->warns_late = strcmp(format, "zip") == 0;
    self->archive = library.read_new();
    if (self->archive == NULL) {
        Py_DECREF(self);
        return PyErr_NoMemory();
    }
    if (!library_allow(&library, format, self->archive)) {
        Py_DECREF(self);
        return PyErr_Format(PyExc_ValueError, "libarchive does not know %s", format);
    }
    library.set_read(self->archive, give);
    library.set_skip(self->archive, pass);
    library.set_seek(self->archive, seek);
    library.set_data(self->archive, self);
    int answer = library.open(self->archive);
    if (answer != ARCHIVE_OK || PyErr_Occurred()) {
        fail(self, answer);
        Py_DECREF(self);
        return NULL;
    }
    return (PyObject *)self;
}

static void archive_dealloc(Archive *self) {
    if (self->archive != NULL) library.read_free(self->archive);
    Py_XDECREF(self->read);
    Py_XDECREF(self->input);
    extension_free(self);
}

static PyObject *archive_next(Archive *self, PyObject *none) {
    (void)none;
    self->entry = NULL;
    self->warned = 0;
    int answer = library.next_header(self->archive, &self->entry);
    if (PyErr_Occurred()) return NULL;
    if (answer == ARCHIVE_EOF) Py_RETURN_NONE;
    if (answer < ARCHIVE_WARN || self->entry == NULL) return fail(self, answer);
    struct archive_entry *entry = self->entry;
    const char *name = library.name_in_utf8(entry);
    if (name == NULL) name = library.name(entry);
    mode_t kind = library.kind(entry);
    int content = (kind == S_IFREG || kind == 0) && library.hard_link(entry) == NULL;
    const char *words = answer == ARCHIVE_OK ? NULL : library.error_text(self->archive);
    return Py_BuildValue("yNLNy", name == NULL ? "" : name, PyBool_FromLong(content),
                         library.size_is_set(entry) ? (long long)library.size(entry) : -1LL,
                         PyBool_FromLong(library.encrypted(entry)),
                         words == NULL ? "" : words);
}

static PyObject *archive_block(Archive *self, PyObject *none) {
    (void)none;
    const void *data = NULL;
    size_t length = 0;
    int64_t offset = 0;
    if (self->entry == NULL) Py_RETURN_NONE;
    if (self->warned != 0) {
        int before = self->warned;
        self->warned = 0;
        return fail(self, before);
    }
    int answer = library.data_block(self->archive, &data, &length, &offset);
    if (PyErr_Occurred()) return NULL;
    if (answer == ARCHIVE_EOF) Py_RETURN_NONE;
    /* An error here says that the content was not read; of a zip, that it was and that
     * sizes or the checksum are others. */
    bool is_read = answer == ARCHIVE_WARN || answer == ARCHIVE_FAILED;
    if (is_read && self->warns_late && data != NULL && length > 0)
        self->warned = answer;
    else if (answer != ARCHIVE_OK)
        return fail(self, answer);
    return Py_BuildValue("Ly#", (long long)offset, data == NULL ? "" : (const char *)data,
                         data == NULL ? 0 : (Py_ssize_t)length);
}

static PyObject *archive_locked(Archive *self, PyObject *none) {
    (void)none;
    return PyBool_FromLong(library.warned_of_secrets(self->archive) > 0);
}

static PyMethodDef methods[] = {
    {"next", (PyCFunction)archive_next, METH_NOARGS,
     "next(): name, whether it has content, size or -1, encrypted, words of a warning;\n"
     "None at the end."},
    {"block", (PyCFunction)archive_block, METH_NOARGS,
     "block(): offset and bytes of the entry's next piece; None at its end."},
    {"locked", (PyCFunction)archive_locked, METH_NOARGS,
     "locked(): whether anything encrypted was met so far."},
    {NULL, NULL, 0, NULL},
};

static PyType_Slot slots[] = {
    {Py_tp_doc, "Archive(read, size, format): entries of one archive."},
    {Py_tp_new, archive_new},
    {Py_tp_dealloc, archive_dealloc},
    {Py_tp_methods, methods},
    {0, NULL},
};

static PyType_Spec spec = EXTENSION_TYPE(archives, Archive, slots);

static PyObject *load(PyObject *module, PyObject *path) {
    (void)module;
    PyObject *encoded;
    if (!PyUnicode_FSConverter(path, &encoded)) return NULL;
    const char *missing = library_find(&library, PyBytes_AsString(encoded));
    Py_DECREF(encoded);
    if (missing != NULL) return PyErr_Format(PyExc_ImportError, "no %s", missing);
    loaded = 1;
    Py_RETURN_NONE;
}

static PyMethodDef functions[] = {
    {"load", load, METH_O, "load(path): take libarchive from a module that is loaded."},
    {NULL, NULL, 0, NULL},
};

static int fill(PyObject *module) {
    if (extension_add(module, &spec) < 0) return -1;
    failure = PyErr_NewException("clearward.native._archives.Error", NULL, NULL);
    return failure == NULL ? -1 : PyModule_AddObjectRef(module, "Error", failure);
}

EXTENSION_MODULE(archives, "Archives that libarchive reads.", functions, fill)
