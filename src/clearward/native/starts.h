/* What is known of a part beyond its bytes, and where a body may begin in it. */
#ifndef CLEARWARD_STARTS_H
#define CLEARWARD_STARTS_H

#include "layout.h"

/* Facts as layout.py packs them; the tables stay where they are. */
struct facts {
    uint64_t size;
    uint64_t entry; /* or NOWHERE */
    const uint8_t *intermediates;
    const uint8_t *sections;
    const uint8_t *versions;
    uint32_t section_count;
    uint32_t version_count;
    uint16_t container;
    uint16_t intermediate_count;
    bool placed;
};

/* Places from `low` to, and without, `end`. */
struct range {
    uint64_t low;
    uint64_t end;
};

/* False if `length` bytes are not exactly some facts. */
bool facts_read(struct facts *facts, const uint8_t *bytes, uint64_t length);

/* The first range, from `at` on, of places where a body with this PLACE may begin in a
 * part of `size` bytes; false if there is none. What follows may touch it. */
bool starts_next(const uint8_t *place, const struct facts *facts, uint64_t size,
                 uint64_t at, struct range *range);

#endif
