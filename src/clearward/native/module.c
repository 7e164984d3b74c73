#define PY_SSIZE_T_CLEAN
#include <Python.h>

#include "hashes.h"
#include "image.h"
#include "prefilter.h"
#include "workspace.h"

/* The binding: `clearward.native._native`. Its Matcher is that of reference.py, only
 * that it takes the image as a buffer and facts as bytes.
 *
 * The interpreter's lock is kept throughout: the workspace belongs to the matcher, and
 * neither the image nor a part may change while it is read. */

typedef struct {
    PyObject_HEAD
    Py_buffer buffer;
    struct image image;
    struct workspace workspace;
    void *memory;
    uint64_t *marks; /* a bit for each signature, all 0 between calls */
    PyObject *bad_image;
} Matcher;

static const unsigned long long MOST_STEPS = 50000000;

static void matcher_dealloc(PyObject *self) {
    Matcher *matcher = (Matcher *)self;
    PyTypeObject *type = Py_TYPE(self);
    PyMem_Free(matcher->marks);
    PyMem_Free(matcher->memory);
    Py_XDECREF(matcher->bad_image);
    if (matcher->buffer.obj != NULL) {
        PyBuffer_Release(&matcher->buffer);
    }
    freefunc release = (freefunc)PyType_GetSlot(type, Py_tp_free);
    release(self);
    Py_DECREF(type);
}

/* Attribute `name` of a module; NULL and an exception if there is none. */
static PyObject *imported(const char *module_name, const char *name) {
    PyObject *module = PyImport_ImportModule(module_name);
    PyObject *found = module == NULL ? NULL : PyObject_GetAttrString(module, name);
    Py_XDECREF(module);
    return found;
}

/* Set BadImage; always NULL. */
static PyObject *refuse(const Matcher *matcher, const char *wrong) {
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
    allocfunc allocate = (allocfunc)PyType_GetSlot(type, Py_tp_alloc);
    PyObject *self = allocate(type, 0);
    if (self != NULL && matcher_load((Matcher *)self, source, check_digest != 0) < 0) {
        Py_DECREF(self);
        return NULL;
    }
    return self;
}

/* Append and let go of `item`, which may be NULL. */
static int append(PyObject *list, PyObject *item) {
    int status = item == NULL ? -1 : PyList_Append(list, item);
    Py_XDECREF(item);
    return status;
}

/* The signature of the first mark, which is taken away; false if there is none left.
 * `word` is where to look from, 0 at first. */
static bool next_mark(Matcher *matcher, uint64_t *word, uint32_t *signature) {
    uint64_t words = matcher->image.signatures / 64 + 1;
    for (; *word < words; (*word)++) {
        uint64_t bits = matcher->marks[*word];
        if (bits != 0) {
            *signature = (uint32_t)(*word * 64 + (unsigned)__builtin_ctzll(bits));
            matcher->marks[*word] = bits & (bits - 1);
            return true;
        }
    }
    return false;
}

/* Mark the candidates of a partition. */
static void mark_candidates(Matcher *matcher, const Py_buffer *data, unsigned partition) {
    if (partition < PARTITIONS) {
        prefilter_scan(&matcher->image.prefilters[partition], data->buf,
                       (uint64_t)data->len, matcher->marks);
    }
}

static PyObject *matcher_candidates(PyObject *self, PyObject *args) {
    Matcher *matcher = (Matcher *)self;
    Py_buffer data;
    unsigned partition;
    if (!PyArg_ParseTuple(args, "y*I:candidates", &data, &partition)) {
        return NULL;
    }
    mark_candidates(matcher, &data, partition);
    PyBuffer_Release(&data);
    PyObject *list = PyList_New(0);
    uint64_t word = 0;
    uint32_t signature;
    while (next_mark(matcher, &word, &signature)) {
        if (list != NULL && append(list, PyLong_FromUnsignedLong(signature)) < 0) {
            Py_CLEAR(list);
        }
    }
    return list;
}

/* Mark the signatures that are always verified. */
static void mark_always(Matcher *matcher, unsigned partition) {
    if (partition >= PARTITIONS) {
        return;
    }
    const struct section *always = &matcher->image.always[partition];
    for (uint64_t index = 0; index < always->count; index++) {
        uint32_t signature = load32(always->bytes + index * 4);
        matcher->marks[signature / 64] |= (uint64_t)1 << (signature % 64);
    }
}

/* Verify all that is marked; every mark is taken away whatever happens. */
static PyObject *verify_marked(Matcher *matcher, const struct part *part,
                               uint64_t steps) {
    PyObject *list = PyList_New(0);
    uint64_t word = 0;
    uint32_t signature;
    while (next_mark(matcher, &word, &signature)) {
        if (list == NULL) {
            continue;
        }
        enum state state =
            verify(&matcher->image, &matcher->workspace, signature, part, steps);
        if (state != STATE_NO &&
            append(list, Py_BuildValue("(Ii)", signature, (int)state)) < 0) {
            Py_CLEAR(list);
        }
    }
    return list;
}

/* Fill `part`; false and ValueError if the facts are none. */
static bool part_read(struct part *part, const Py_buffer *data, const Py_buffer *facts) {
    part->data = data->buf;
    part->length = (uint64_t)data->len;
    if (!facts_read(&part->facts, facts->buf, (uint64_t)facts->len)) {
        PyErr_SetString(PyExc_ValueError, "facts of a wrong length");
        return false;
    }
    return true;
}

static PyObject *matcher_match(PyObject *self, PyObject *args) {
    Matcher *matcher = (Matcher *)self;
    Py_buffer data;
    Py_buffer facts;
    unsigned partition;
    unsigned long long steps = MOST_STEPS;
    if (!PyArg_ParseTuple(args, "y*Iy*|K:match", &data, &partition, &facts, &steps)) {
        return NULL;
    }
    struct part part;
    PyObject *list = NULL;
    if (part_read(&part, &data, &facts)) {
        mark_candidates(matcher, &data, partition);
        mark_always(matcher, partition);
        list = verify_marked(matcher, &part, steps);
    }
    PyBuffer_Release(&data);
    PyBuffer_Release(&facts);
    return list;
}

static PyObject *matcher_verify(PyObject *self, PyObject *args) {
    Matcher *matcher = (Matcher *)self;
    Py_buffer data;
    Py_buffer facts;
    unsigned signature;
    unsigned long long steps = MOST_STEPS;
    if (!PyArg_ParseTuple(args, "Iy*y*|K:verify", &signature, &data, &facts, &steps)) {
        return NULL;
    }
    struct part part;
    PyObject *result = NULL;
    if (signature >= matcher->image.signatures) {
        PyErr_SetString(PyExc_IndexError, "no such signature");
    } else if (part_read(&part, &data, &facts)) {
        enum state state =
            verify(&matcher->image, &matcher->workspace, signature, &part, steps);
        result = state == STATE_NO ? Py_NewRef(Py_None) : PyLong_FromLong((long)state);
    }
    PyBuffer_Release(&data);
    PyBuffer_Release(&facts);
    return result;
}

/* Append to `list` what is said of one digest of a batch. */
static int append_hits(const Matcher *matcher, const struct hash_set *set,
                       const uint8_t *digest, uint64_t size, uint64_t index,
                       PyObject *list) {
    struct hash_range found;
    if (!hashes_find(set, digest, &found)) {
        refuse(matcher, "a hash set has a start that is none");
        return -1;
    }
    for (uint64_t entry = found.first; entry < found.end; entry++) {
        if (hashes_fits(set, entry, size) &&
            append(list, Py_BuildValue("(KK)", (unsigned long long)index,
                                       (unsigned long long)(set->first_rule + entry))) < 0) {
            return -1;
        }
    }
    return 0;
}

enum { AHEAD = 8 }; /* look-ups whose memory is fetched meanwhile */

static PyObject *lookup_all(const Matcher *matcher, const struct hash_set *set,
                            const Py_buffer *digests, const Py_buffer *sizes) {
    uint64_t length = set->digest_size;
    uint64_t count = (uint64_t)digests->len / length;
    if ((uint64_t)digests->len % length != 0 || (uint64_t)sizes->len != count * 8) {
        PyErr_SetString(PyExc_ValueError, "digests and sizes do not fit each other");
        return NULL;
    }
    PyObject *list = PyList_New(0);
    const uint8_t *digest = digests->buf;
    const uint8_t *size = sizes->buf;
    for (uint64_t index = 0; list != NULL && index < count; index++) {
        if (index + 2 * AHEAD < count) {
            hashes_prefetch_index(set, digest + (index + 2 * AHEAD) * length);
            hashes_prefetch_digests(set, digest + (index + AHEAD) * length);
        }
        if (append_hits(matcher, set, digest + index * length, load64(size + index * 8),
                        index, list) < 0) {
            Py_CLEAR(list);
        }
    }
    return list;
}

static PyObject *matcher_lookup_many(PyObject *self, PyObject *args) {
    Matcher *matcher = (Matcher *)self;
    unsigned which;
    Py_buffer digests;
    Py_buffer sizes;
    if (!PyArg_ParseTuple(args, "Iy*y*:lookup_many", &which, &digests, &sizes)) {
        return NULL;
    }
    const struct hash_set *set = NULL;
    for (unsigned index = 0; index < matcher->image.hash_sets; index++) {
        if (matcher->image.hashes[index].which == which) {
            set = &matcher->image.hashes[index];
        }
    }
    PyObject *list =
        set == NULL ? PyList_New(0) : lookup_all(matcher, set, &digests, &sizes);
    PyBuffer_Release(&digests);
    PyBuffer_Release(&sizes);
    return list;
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
    {NULL, NULL, 0, NULL},
};

static PyType_Slot slots[] = {
    {Py_tp_doc, "The matcher of reference.py over an image in a buffer."},
    {Py_tp_new, matcher_new},
    {Py_tp_dealloc, matcher_dealloc},
    {Py_tp_methods, methods},
    {0, NULL},
};

static PyType_Spec spec = {
    .name = "clearward.native._native.Matcher",
    .basicsize = sizeof(Matcher),
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_IMMUTABLETYPE,
    .slots = slots,
};

static int execute(PyObject *module) {
    PyObject *type = PyType_FromModuleAndSpec(module, &spec, NULL);
    int status = type == NULL ? -1 : PyModule_AddObjectRef(module, "Matcher", type);
    Py_XDECREF(type);
    return status;
}

static PyModuleDef_Slot module_slots[] = {
    {Py_mod_exec, execute},
    {0, NULL},
};

static struct PyModuleDef definition = {
    PyModuleDef_HEAD_INIT,
    .m_name = "clearward.native._native",
    .m_doc = "The compiled matcher.",
    .m_slots = module_slots,
};

PyMODINIT_FUNC PyInit__native(void) { return PyModuleDef_Init(&definition); }
