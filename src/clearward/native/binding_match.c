#include "binding.h"
#include "prefilter.h"

/* What of a matcher looks at parts as a whole. */

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

PyObject *matcher_candidates(PyObject *self, PyObject *args) {
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

/* How many signatures are marked. */
static uint64_t count_marks(const Matcher *matcher) {
    uint64_t words = matcher->image.signatures / 64 + 1;
    uint64_t count = 0;
    for (uint64_t word = 0; word < words; word++) {
        count += (unsigned)__builtin_popcountll(matcher->marks[word]);
    }
    return count;
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

bool part_facts(struct part *part, const Py_buffer *facts) {
    if (!facts_read(&part->facts, facts->buf, (uint64_t)facts->len)) {
        PyErr_SetString(PyExc_ValueError, "facts of a wrong length");
        return false;
    }
    return true;
}

/* Fill `part`; likewise. */
static bool part_read(struct part *part, const Py_buffer *data, const Py_buffer *facts) {
    part->data = data->buf;
    part->length = (uint64_t)data->len;
    part->grams = NULL;
    return part_facts(part, facts);
}

PyObject *matcher_match(PyObject *self, PyObject *args) {
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
        grams_read(matcher->workspace.grams, part.data, part.length, count_marks(matcher));
        part.grams = matcher->workspace.grams;
        mark_always(matcher, partition);
        list = verify_marked(matcher, &part, steps);
    }
    PyBuffer_Release(&data);
    PyBuffer_Release(&facts);
    return list;
}

PyObject *matcher_verify(PyObject *self, PyObject *args) {
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
