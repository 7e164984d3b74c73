/* What takes no byte at the two ends of a piece: borders, and bytes near by. */
#ifndef CLEARWARD_EDGE_H
#define CLEARWARD_EDGE_H

#include "layout.h"
#include "view.h"

/* What is behind an element that is BORDER or NEAR. */
const uint8_t *edge_end(const uint8_t *edge);

/* Whether all of the edges from `at` to `end`, which stand in front of a piece, hold for
 * one that begins at `place`. */
bool edges_before(const uint8_t *at, const uint8_t *end, const struct view *view,
                  uint64_t place);

/* Likewise behind a piece that ends at `place`. */
bool edges_behind(const uint8_t *at, const uint8_t *end, const struct view *view,
                  uint64_t place);

/* Whether `count` bytes under masks, which follow their values, are these values. */
static inline bool masked_equal(const uint8_t *data, const uint8_t *values,
                                uint64_t count) {
    for (uint64_t index = 0; index < count; index++) {
        if ((data[index] & values[count + index]) != values[index]) {
            return false;
        }
    }
    return true;
}

#endif
