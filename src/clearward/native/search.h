/* A search for a few bytes among many. */
#ifndef CLEARWARD_SEARCH_H
#define CLEARWARD_SEARCH_H

#include "bytes.h"

/* What is looked for: `length` (at least one) values. No value has a bit outside of its
 * mask. */
struct needle {
    const uint8_t *values;
    const uint8_t *masks; /* NULL: exact bytes */
    uint32_t length;
};

/* Where the needle first stands within `length` bytes of `data`; `length` if nowhere. */
uint64_t search(const uint8_t *data, uint64_t length, const struct needle *needle);

#endif
