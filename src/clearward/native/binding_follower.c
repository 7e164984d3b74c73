#include "binding.h"
#include "watch.h"

/* The type Follower: some signatures on one part that comes in windows. */

enum { MOST_MEMORY = 32 << 20 }; /* of all signatures that are followed, but for one */

typedef struct {
    PyObject_HEAD
    Matcher *matcher;
    Py_buffer facts;
    struct part part;
    unsigned char *memory;
    struct watch **watches; /* those that are not decided come first */
    uint64_t count;         /* of them */
    uint64_t taken;
    uint64_t reach;   /* of the longest piece */
    uint64_t horizon; /* of the last window */
    bool ended;
} Follower;

static void follower_dealloc(PyObject *self) {
    Follower *follower = (Follower *)self;
    PyMem_Free(follower->watches);
    PyMem_Free(follower->memory);
    if (follower->facts.obj != NULL) {
        PyBuffer_Release(&follower->facts);
    }
    Py_XDECREF((PyObject *)follower->matcher);
    extension_free(self);
}

/* How many of the signatures there is memory for, at least one, and how much it is; false
 * and IndexError if one does not exist. */
static bool follower_measure(Follower *follower, const Py_buffer *signatures,
                             uint64_t *size) {
    const struct image *image = &follower->matcher->image;
    uint64_t count = (uint64_t)signatures->len / 4;
    *size = 0;
    for (; follower->taken < count; follower->taken++) {
        uint32_t signature = load32((const uint8_t *)signatures->buf + follower->taken * 4);
        if (signature >= image->signatures) {
            PyErr_SetString(PyExc_IndexError, "no such signature");
            return false;
        }
        uint64_t more = watch_size(image, signature);
        if (follower->taken > 0 && *size + more > MOST_MEMORY) {
            break;
        }
        *size += more;
    }
    return true;
}

static void follower_begin(Follower *follower, const uint8_t *signatures, uint64_t steps) {
    const Matcher *matcher = follower->matcher;
    unsigned char *memory = follower->memory;
    for (uint64_t index = 0; index < follower->taken; index++) {
        uint32_t signature = load32(signatures + index * 4);
        struct watch *watch = watch_begin(memory, &matcher->image, &matcher->workspace,
                                          signature, &follower->part, steps);
        memory += watch_size(&matcher->image, signature);
        follower->watches[index] = watch;
        uint64_t reach = watch->decided ? 0 : watch_reach(&matcher->image, signature);
        follower->reach = reach > follower->reach ? reach : follower->reach;
    }
    follower->count = follower->taken;
}

static int follower_fill(Follower *follower, const Py_buffer *signatures, uint64_t steps) {
    uint64_t size;
    if (!part_facts(&follower->part, &follower->facts) ||
        !follower_measure(follower, signatures, &size)) {
        return -1;
    }
    follower->part.length = follower->part.facts.size;
    follower->memory = PyMem_Malloc((size_t)size + 1);
    follower->watches = PyMem_Calloc((size_t)follower->taken + 1, sizeof(struct watch *));
    if (follower->memory == NULL || follower->watches == NULL) {
        PyErr_NoMemory();
        return -1;
    }
    follower_begin(follower, signatures->buf, steps);
    return 0;
}

static PyObject *follower_new(PyTypeObject *type, PyObject *args, PyObject *kwargs) {
    static char *names[] = {"", "", "", "", NULL};
    const struct state_of_module *state = PyType_GetModuleState(type);
    PyObject *matcher;
    Py_buffer signatures;
    PyObject *facts;
    unsigned long long steps = MOST_STEPS;
    if (!PyArg_ParseTupleAndKeywords(args, kwargs, "O!y*O|K:Follower", names,
                                     (PyTypeObject *)state->matcher, &matcher,
                                     &signatures, &facts, &steps)) {
        return NULL;
    }
    PyObject *self = extension_make(type);
    Follower *follower = (Follower *)self;
    if (self != NULL) {
        follower->matcher = (Matcher *)Py_NewRef(matcher);
        if (PyObject_GetBuffer(facts, &follower->facts, PyBUF_SIMPLE) < 0) {
            follower->facts.obj = NULL;
            Py_CLEAR(self);
        } else if (follower_fill(follower, &signatures, steps) < 0) {
            Py_CLEAR(self);
        }
    }
    PyBuffer_Release(&signatures);
    return self;
}

/* Whether a window follows the last one, with all that it has to hold. */
static bool follows(const Follower *follower, const struct window *window) {
    uint64_t needed = follower->horizon < AROUND ? 0 : follower->horizon - AROUND;
    uint64_t size = follower->part.length;
    if (follower->ended || window->base > needed) {
        return false;
    }
    if (size == NOWHERE) {
        return window->length <= (uint64_t)MOST_OFFSET - window->base;
    }
    bool inside = window->base <= size && window->length <= size - window->base;
    return inside && (window->base + window->length == size) == window->last;
}

/* Look at a window with all that are not decided; those that it decides are told. */
static int look_all(Follower *follower, const struct sight *sight, PyObject *list) {
    int status = 0;
    uint64_t kept = 0;
    for (uint64_t index = 0; index < follower->count; index++) {
        struct watch *watch = follower->watches[index];
        if (status < 0 || !watch_look(watch, sight)) {
            follower->watches[kept++] = watch;
        } else if (watch->state != STATE_NO) {
            status = append(list, Py_BuildValue("(Ii)", watch->signature, (int)watch->state));
        }
    }
    follower->count = kept;
    return status;
}

static PyObject *follower_feed(PyObject *self, PyObject *args) {
    Follower *follower = (Follower *)self;
    Py_buffer data;
    unsigned long long base;
    int last;
    if (!PyArg_ParseTuple(args, "y*Kp:feed", &data, &base, &last)) {
        return NULL;
    }
    struct window window = {data.buf, base, (uint64_t)data.len, last != 0};
    PyObject *list = NULL;
    if (!follows(follower, &window)) {
        PyErr_SetString(PyExc_ValueError, "that window does not follow the last one");
    } else {
        struct sight sight = sight_of(window, follower->reach);
        /* A shorter window must not go back: what is behind it has been looked at. */
        sight.horizon = sight.horizon < follower->horizon ? follower->horizon : sight.horizon;
        list = PyList_New(0);
        if (list != NULL && look_all(follower, &sight, list) < 0) {
            Py_CLEAR(list);
        }
        follower->horizon = sight.horizon;
        follower->ended = window.last;
    }
    PyBuffer_Release(&data);
    return list;
}

static PyObject *follower_taken(PyObject *self, void *unused) {
    (void)unused;
    return PyLong_FromUnsignedLongLong(((Follower *)self)->taken);
}

static PyObject *follower_left(PyObject *self, void *unused) {
    (void)unused;
    return PyLong_FromUnsignedLongLong(((Follower *)self)->count);
}

static PyObject *follower_margin(PyObject *self, void *unused) {
    (void)unused;
    return PyLong_FromUnsignedLongLong(((Follower *)self)->reach + 2 * AROUND);
}

static PyMethodDef methods[] = {
    {"feed", follower_feed, METH_VARARGS,
     "feed(data, base, last): (signature, state) of those that the next window decides."},
    {NULL, NULL, 0, NULL},
};

static PyGetSetDef attributes[] = {
    {"taken", follower_taken, NULL, "How many of the signatures there was room for.", NULL},
    {"left", follower_left, NULL, "How many of them are not decided.", NULL},
    {"margin", follower_margin, NULL, "Bytes at the end of a window that are also in the next.",
     NULL},
    {NULL, NULL, NULL, NULL, NULL},
};

static PyType_Slot slots[] = {
    {Py_tp_doc, "Follower(matcher, signatures, facts, steps): see follow.py."},
    {Py_tp_new, follower_new},
    {Py_tp_dealloc, follower_dealloc},
    {Py_tp_methods, methods},
    {Py_tp_getset, attributes},
    {0, NULL},
};

PyType_Spec follower_spec = EXTENSION_TYPE(native, Follower, slots);
