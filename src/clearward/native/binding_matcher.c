#include "binding.h"

/* The type Matcher: an image that has been checked, and memory to match with. */

static void matcher_dealloc(PyObject *self) {
    Matcher *matcher = (Matcher *)self;
    PyMem_Free(matcher->marks);
    PyMem_Free(matcher->memory);
    Py_XDECREF(matcher->bad_image);
    if (matcher->buffer.obj != NULL) {
        PyBuffer_Release(&matcher->buffer);
    }
    extension_free(self);
}

/* Attribute `name` of a module; NULL and an exception if there is none. */
static PyObject *imported(const char *module_name, const char *name) {
    PyObject *module = PyImport_ImportModule(module_name);
    PyObject *found = module == NULL ? NULL : PyObject_GetAttrString(module, name);
    Py_XDECREF(module);
    return found;
}

PyObject *refuse(const Matcher *matcher, const char *wrong) {
    PyErr_SetString(matcher->bad_image, wrong);
    return NULL;
}

/* Give `hasher` some bytes, which stay where they are. */
static int digest_update(PyObject *hasher, const void *bytes, uint64_t length) {
    PyObject *view =
        PyMemoryView_FromMemory((char *)(uintptr_t)bytes, (Py_ssize_t)length, PyBUF_READ);
    PyObject *done = view == NULL ? NULL : PyObject_CallMethod(hasher, "update", "O", view);
    Py_XDECREF(view);
    Py_XDECREF(done);
    return done == NULL ? -1 : 0;
}

/* Compare the digest in the header, by the interpreter's own SHA-256: it is faster than
 * a few portable lines would be, and checked by others. */
static int matcher_digest(const Matcher *matcher) {
    static const uint8_t zeros[DIGEST_SIZE] = {0};
    const uint8_t *bytes = matcher->image.bytes;
    PyObject *sha256 = imported("hashlib", "sha256");
    PyObject *hasher = sha256 == NULL ? NULL : PyObject_CallFunction(sha256, NULL);
    PyObject *digest = NULL;
    if (hasher != NULL && digest_update(hasher, bytes, DIGEST_AT) == 0 &&
        digest_update(hasher, zeros, DIGEST_SIZE) == 0 &&
        digest_update(hasher, bytes + HEADER_SIZE, matcher->image.length - HEADER_SIZE) == 0) {
        digest = PyObject_CallMethod(hasher, "digest", NULL);
    }
    int status = -1;
    char *found = digest == NULL ? NULL : PyBytes_AsString(digest);
    if (found != NULL) {
        status = memcmp(found, bytes + DIGEST_AT, DIGEST_SIZE) == 0 ? 0 : -1;
        if (status < 0) {
            refuse(matcher, "it is not what its digest says");
        }
    }
    Py_XDECREF(sha256);
    Py_XDECREF(hasher);
    Py_XDECREF(digest);
    return status;
}

/* Check the image, its digest included, and take memory for it. */
static int matcher_load(Matcher *matcher, PyObject *source, bool check_digest) {
    matcher->bad_image = imported("clearward.native.errors", "BadImage");
    if (matcher->bad_image == NULL) {
        return -1;
    }
    if (PyObject_GetBuffer(source, &matcher->buffer, PyBUF_SIMPLE) < 0) {
        matcher->buffer.obj = NULL;
        return -1;
    }
    const char *wrong = image_check(&matcher->image, matcher->buffer.buf,
                                    (uint64_t)matcher->buffer.len);
    if (wrong != NULL) {
        refuse(matcher, wrong);
        return -1;
    }
    if (check_digest && matcher_digest(matcher) < 0) {
        return -1;
    }
    size_t size = workspace_size(&matcher->image);
    size_t words = (size_t)(matcher->image.signatures / 64 + 1);
    matcher->memory = size == 0 ? NULL : PyMem_Malloc(size);
    matcher->marks = PyMem_Calloc(words, sizeof *matcher->marks);
    if (matcher->memory == NULL || matcher->marks == NULL) {
        PyErr_NoMemory();
        return -1;
    }
    workspace_place(&matcher->workspace, &matcher->image, matcher->memory);
    return 0;
}

static PyObject *matcher_new(PyTypeObject *type, PyObject *args, PyObject *kwargs) {
    static char *names[] = {"image", "check_digest", NULL};
    PyObject *source;
    int check_digest = 1;
    if (!PyArg_ParseTupleAndKeywords(args, kwargs, "O|$p:Matcher", names, &source,
                                     &check_digest)) {
        return NULL;
    }
    PyObject *self = extension_make(type);
    if (self != NULL && matcher_load((Matcher *)self, source, check_digest != 0) < 0) {
        Py_DECREF(self);
        return NULL;
    }
    return self;
}

int append(PyObject *list, PyObject *item) {
    int status = item == NULL ? -1 : PyList_Append(list, item);
    Py_XDECREF(item);
    return status;
}

static PyMethodDef methods[] = {
    {"candidates", matcher_candidates, METH_VARARGS,
     "candidates(data, partition): signatures of which an anchor stands in data."},
    {"match", matcher_match, METH_VARARGS,
     "match(data, partition, facts, steps): (signature, state) of those that match."},
    {"verify", matcher_verify, METH_VARARGS,
     "verify(signature, data, facts, steps): state, or None if it does not match."},
    {"lookup_many", matcher_lookup_many, METH_VARARGS,
     "lookup_many(set, digests, sizes): (index of the digest, rule) of each hit."},
    {"listed_sizes", matcher_listed_sizes, METH_VARARGS,
     "listed_sizes(set): a bit for each size for which a set lists anything."},
    {NULL, NULL, 0, NULL},
};

static PyType_Slot slots[] = {
    {Py_tp_doc, "The matcher of reference.py over an image in a buffer."},
    {Py_tp_new, matcher_new},
    {Py_tp_dealloc, matcher_dealloc},
    {Py_tp_methods, methods},
    {0, NULL},
};

PyType_Spec matcher_spec = EXTENSION_TYPE(native, Matcher, slots);
