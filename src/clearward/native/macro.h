/* Macros: after a match of one sub-signature, one of a group further on. */
#ifndef CLEARWARD_MACRO_H
#define CLEARWARD_MACRO_H

#include "subs.h"

/* Places that count, ascending, each once. */
struct places {
    uint64_t *all;
    unsigned count;
};

/* `before` are the starts of a macro's matches once it has been counted. */
struct macro_places {
    struct places before;
    struct places found;
};

/* Count the matches of the macro at `index`; if it follows another one, that was the
 * last to be counted, with the same memory. More than MOST_PLACES starts end the steps. */
void count_macro(struct subs *subs, unsigned index, struct macro_places *memory);

#endif
