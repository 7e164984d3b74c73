/* A binary fuse filter of 16 bits; `fuse.py` says what it is and does the same. */
#ifndef CLEARWARD_REPUTATION_FUSE_H
#define CLEARWARD_REPUTATION_FUSE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { KEY_BYTES = 8, SLOT_BYTES = 2, MOST_SEGMENT = 1 << 18 };

/* Slots are `segments` + 2 times `segment`, which is a power of two. */
struct fuse {
    uint64_t seed;
    uint32_t segment, segments;
};

/* How building has ended. */
enum built { BUILT, NOT_WITH_THIS_SEED, NO_MEMORY };

/* Say whether slots of such a filter can be counted. */
bool fuse_is_sound(const struct fuse *fuse);

size_t fuse_slots(const struct fuse *fuse);

/* Fill the slots, all 0 before, for what some records begin with; two that begin alike
 * stand beside each other. */
enum built fuse_build(const struct fuse *fuse, const uint8_t *records, size_t count,
                      size_t width, uint8_t *slots);

/* Say of each record whether it may be one of those: 1 or 0. */
void fuse_has(const struct fuse *fuse, const uint8_t *slots, const uint8_t *records,
              size_t count, size_t width, uint8_t *answers);

#endif
