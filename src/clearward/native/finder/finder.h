#ifndef CLEARWARD_FINDER_H
#define CLEARWARD_FINDER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Finds any of some short strings of bytes, the needles, in one pass. */

enum {
    FINDER_MOST = 64,     /* needles */
    FINDER_SHORTEST = 4,  /* bytes of a needle */
    FINDER_LONGEST = 32,
    FINDER_BUCKETS = 8,
};

struct finder_needle {
    size_t length;
    uint8_t bytes[FINDER_LONGEST];
};

/* What needles are searched with. A bit of a table's byte stands for a bucket; it is set
 * where a needle of the bucket has that byte at that distance from its start. */
struct finder {
    unsigned count;
    struct finder_needle needles[FINDER_MOST];
    uint64_t members[FINDER_BUCKETS]; /* a bit for each needle of a bucket */
    uint8_t whole[FINDER_SHORTEST][256];
    uint8_t low[FINDER_SHORTEST][16]; /* by the lower half of the byte alone */
    uint8_t high[FINDER_SHORTEST][16];
};

/* Begins a finder without needles. */
void finder_start(struct finder *finder);

/* Adds a needle, numbered by those before it; false if it is too short or too long, or
 * there are too many. Needles that begin alike are best added next to each other. */
bool finder_add(struct finder *finder, const uint8_t *bytes, size_t length);

/* Spreads the needles that were added. To be called once, before the first search. */
void finder_finish(struct finder *finder);

/* Returns the first place from `from` on where a needle of `wanted` stands, whole, and
 * sets `found` to all such needles there; the length of the data if there is none. */
size_t finder_next(const struct finder *finder, const uint8_t *data, size_t length,
                   size_t from, uint64_t wanted, uint64_t *found);

/* The same without vectors, as it is where the processor has none. */
size_t finder_next_plain(const struct finder *finder, const uint8_t *data, size_t length,
                         size_t from, uint64_t wanted, uint64_t *found);

#endif
