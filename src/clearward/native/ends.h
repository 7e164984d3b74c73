/* Sets of places where matches of a piece end. */
#ifndef CLEARWARD_ENDS_H
#define CLEARWARD_ENDS_H

#include "bytes.h"

/* Places in a part: bit n of `bits` stands for `base` + n. A set is as many words of 64
 * bits as the lengths of any piece of an image vary, so that all of them have room. */
struct ends {
    uint64_t base;
    uint64_t *bits;
};

/* Move all bits down so that the first one is bit 0; false if there is none. */
bool ends_normalise(struct ends *set, unsigned words);

/* Add the places of `other`, which are spoilt. Both are normalised, or `set` is empty. */
void ends_join(struct ends *set, struct ends *other, unsigned words);

#endif
