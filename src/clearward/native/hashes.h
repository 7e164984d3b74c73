/* Look-ups in the sorted digests of a set. */
#ifndef CLEARWARD_HASHES_H
#define CLEARWARD_HASHES_H

#include "image.h"

/* Entries whose digest is a certain one: `first` up to, and without, `end`. */
struct hash_range {
    uint64_t first;
    uint64_t end;
};

/* The entries of `digest`, which has the length of the set's. False if the index of the
 * set leads nowhere, which the check of the image leaves to this place. */
bool hashes_find(const struct hash_set *set, const uint8_t *digest,
                 struct hash_range *found);

/* Have the memory ready that a look-up of `digest` will read: first that of the index,
 * and in a later call that of the digests. */
void hashes_prefetch_index(const struct hash_set *set, const uint8_t *digest);
void hashes_prefetch_digests(const struct hash_set *set, const uint8_t *digest);

/* Whether entry `index` is for parts of `size` bytes. */
bool hashes_fits(const struct hash_set *set, uint64_t index, uint64_t size);

enum {
    LISTED_SIZES = 1 << 20, /* sizes are told apart by what is left of them after this */
    MOST_SIZED = 1 << 20,   /* digests of a set that is asked what sizes it lists */
};

/* Set a bit for each size for which something is listed, in LISTED_SIZES / 8 bytes of
 * zeros. False if that is any size, or there are too many to look. */
bool hashes_sizes(const struct hash_set *set, uint8_t *bits);

#endif
