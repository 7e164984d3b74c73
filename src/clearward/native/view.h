/* The bytes of a part that are at hand: all of it, or a window. */
#ifndef CLEARWARD_VIEW_H
#define CLEARWARD_VIEW_H

#include "bytes.h"

/* Places count from the start of the part. What asks for one makes sure that it is at
 * hand; `length` is that of the part, so that its end is not taken for a window's. */
struct view {
    const uint8_t *data; /* the byte at `base`, and those behind it */
    uint64_t base;
    uint64_t length;
};

static inline const uint8_t *view_at(const struct view *view, uint64_t place) {
    return view->data + (place - view->base);
}

#endif
