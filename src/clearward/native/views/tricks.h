/* What a script that hides something has at one place. */
#ifndef CLEARWARD_VIEWS_TRICKS_H
#define CLEARWARD_VIEWS_TRICKS_H

#include "classes.h"

/* How many of a sign there were in a row, and where the last one was. */
struct row {
    size_t count;
    size_t last;
};

/* How far a text was looked at; all 0 at first, but for `places`. */
struct look {
    struct row joins; /* tricks that are signs only where many stand near each other */
    struct row calls;
    struct row ticks;
    struct row carets;
    size_t seen;           /* up to here everything was looked at closely */
    size_t listed;         /* up to here no list begins */
    struct buffer *places; /* a size_t each, or NULL */
    size_t noted;          /* up to here a place stands for all signs */
};

/* The signs, of signs.h, that are near the pair at `at`, which tells of `near` of pairs.h;
 * pairs are asked about in their order. */
unsigned tricks_near(struct span text, size_t at, unsigned near, struct look *look);

#endif
