/* A search for a few bytes among many. */
#ifndef CLEARWARD_SEARCH_H
#define CLEARWARD_SEARCH_H

#include "bytes.h"

/* Where `key` (at least one byte) first stands within `length` bytes of `data`;
 * `length` if nowhere. */
uint64_t search(const uint8_t *data, uint64_t length, const uint8_t *key,
                uint32_t key_length);

#endif
