/* The binding: what `clearward.native._native` is made of. Its Matcher is that of
 * reference.py, only that it takes the image as a buffer and facts as bytes; its Follower
 * that of follow.py.
 *
 * The interpreter's lock is kept throughout: the workspace belongs to the matcher, and
 * neither the image nor a part may change while it is read. */
#ifndef CLEARWARD_BINDING_H
#define CLEARWARD_BINDING_H

#include "extension.h"
#include "image.h"
#include "workspace.h"

typedef struct {
    PyObject_HEAD
    Py_buffer buffer;
    struct image image;
    struct workspace workspace;
    void *memory;
    uint64_t *marks; /* a bit for each signature, all 0 between calls */
    PyObject *bad_image;
} Matcher;

/* What the module keeps. */
struct state_of_module {
    PyObject *matcher; /* the type */
};

/* Types, made when the module is. */
extern PyType_Spec matcher_spec;
extern PyType_Spec follower_spec;

/* Methods of the matcher; what they give is said in the table of them. */
PyObject *matcher_candidates(PyObject *self, PyObject *args);
PyObject *matcher_match(PyObject *self, PyObject *args);
PyObject *matcher_verify(PyObject *self, PyObject *args);
PyObject *matcher_lookup_many(PyObject *self, PyObject *args);
PyObject *matcher_listed_sizes(PyObject *self, PyObject *args);

/* Most steps for one signature on one part, unless it is said. */
#define MOST_STEPS 50000000ULL

/* Set BadImage; always NULL. */
PyObject *refuse(const Matcher *matcher, const char *wrong);

/* Fill what the facts say of `part`; false and ValueError if they are none. */
bool part_facts(struct part *part, const Py_buffer *facts);

/* Append and let go of `item`, which may be NULL. */
int append(PyObject *list, PyObject *item);

#endif
