#include "binding.h"
#include "hashes.h"

/* What of a matcher looks digests up. */

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

/* The set of a number, or NULL. */
static const struct hash_set *set_of(const Matcher *matcher, unsigned which) {
    for (unsigned index = 0; index < matcher->image.hash_sets; index++) {
        if (matcher->image.hashes[index].which == which) {
            return &matcher->image.hashes[index];
        }
    }
    return NULL;
}

PyObject *matcher_lookup_many(PyObject *self, PyObject *args) {
    Matcher *matcher = (Matcher *)self;
    unsigned which;
    Py_buffer digests;
    Py_buffer sizes;
    if (!PyArg_ParseTuple(args, "Iy*y*:lookup_many", &which, &digests, &sizes)) {
        return NULL;
    }
    const struct hash_set *set = set_of(matcher, which);
    PyObject *list =
        set == NULL ? PyList_New(0) : lookup_all(matcher, set, &digests, &sizes);
    PyBuffer_Release(&digests);
    PyBuffer_Release(&sizes);
    return list;
}

PyObject *matcher_listed_sizes(PyObject *self, PyObject *args) {
    Matcher *matcher = (Matcher *)self;
    unsigned which;
    if (!PyArg_ParseTuple(args, "I:listed_sizes", &which)) {
        return NULL;
    }
    const struct hash_set *set = set_of(matcher, which);
    uint8_t *bits = PyMem_Calloc(LISTED_SIZES / 8, 1);
    if (bits == NULL) {
        return PyErr_NoMemory();
    }
    bool known = set != NULL && hashes_sizes(set, bits);
    PyObject *result =
        PyBytes_FromStringAndSize((const char *)bits, known ? LISTED_SIZES / 8 : 0);
    PyMem_Free(bits);
    return result;
}
