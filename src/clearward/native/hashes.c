#include "hashes.h"

#define ANY_SIZE UINT64_MAX

/* The leading `bits` (at most 32) of a digest. */
static uint64_t bucket_of(const uint8_t *digest, unsigned bits) {
    uint64_t leading = 0;
    for (unsigned index = 0; index < 4; index++) {
        leading = leading << 8 | digest[index];
    }
    return leading >> (32 - bits);
}

/* The first entry between `low` and `high` that is not below `digest`. */
static uint64_t lower_bound(const struct hash_set *set, const uint8_t *digest,
                            uint64_t low, uint64_t high) {
    while (low < high) {
        uint64_t middle = low + (high - low) / 2;
        const uint8_t *entry = set->digests + middle * set->digest_size;
        if (memcmp(entry, digest, set->digest_size) < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

bool hashes_find(const struct hash_set *set, const uint8_t *digest,
                 struct hash_range *found) {
    const uint8_t *start = set->starts + bucket_of(digest, set->index_bits) * 4;
    uint64_t low = load32(start);
    uint64_t high = load32(start + 4);
    if (low > high || high > set->count) {
        return false;
    }
    uint64_t first = lower_bound(set, digest, low, high);
    uint64_t end = first;
    while (end < high && memcmp(set->digests + end * set->digest_size, digest,
                                set->digest_size) == 0) {
        end++;
    }
    *found = (struct hash_range){first, end};
    return true;
}

void hashes_prefetch_index(const struct hash_set *set, const uint8_t *digest) {
    __builtin_prefetch(set->starts + bucket_of(digest, set->index_bits) * 4);
}

void hashes_prefetch_digests(const struct hash_set *set, const uint8_t *digest) {
    uint64_t low = load32(set->starts + bucket_of(digest, set->index_bits) * 4);
    if (low < set->count) {
        __builtin_prefetch(set->digests + low * set->digest_size);
    }
}

bool hashes_fits(const struct hash_set *set, uint64_t index, uint64_t size) {
    if (set->sizes == NULL) {
        return true;
    }
    uint64_t wanted = load64(set->sizes + index * 8);
    return wanted == ANY_SIZE || wanted == size;
}

bool hashes_sizes(const struct hash_set *set, uint8_t *bits) {
    if (set->sizes == NULL || set->count > MOST_SIZED) {
        return false;
    }
    for (uint64_t index = 0; index < set->count; index++) {
        uint64_t size = load64(set->sizes + index * 8);
        if (size == ANY_SIZE) {
            return false;
        }
        bits[size % LISTED_SIZES / 8] |= (uint8_t)(1U << size % 8);
    }
    return true;
}
