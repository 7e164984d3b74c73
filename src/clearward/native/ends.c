#include "ends.h"

bool ends_normalise(struct ends *set, unsigned words) {
    unsigned skip = 0;
    while (skip < words && set->bits[skip] == 0) {
        skip++;
    }
    if (skip == words) {
        return false;
    }
    unsigned shift = (unsigned)__builtin_ctzll(set->bits[skip]);
    set->base += (uint64_t)skip * 64 + shift;
    if (skip == 0 && shift == 0) {
        return true;
    }
    for (unsigned word = 0; word < words; word++) {
        unsigned from = word + skip;
        uint64_t low = from < words ? set->bits[from] >> shift : 0;
        uint64_t high = from + 1 < words && shift > 0 ? set->bits[from + 1] << (64 - shift) : 0;
        set->bits[word] = low | high;
    }
    return true;
}

/* Add to `set` the places of `other`, whose base is not below: all fit, because sets
 * are as wide as the lengths of a piece vary. */
static void join_above(struct ends *set, const struct ends *other, unsigned words) {
    uint64_t distance = other->base - set->base;
    unsigned skip = (unsigned)(distance / 64);
    unsigned shift = (unsigned)(distance % 64);
    for (unsigned word = words; word-- > skip;) {
        uint64_t low = other->bits[word - skip] << shift;
        uint64_t carry =
            word > skip && shift > 0 ? other->bits[word - skip - 1] >> (64 - shift) : 0;
        set->bits[word] |= low | carry;
    }
}

void ends_join(struct ends *set, struct ends *other, unsigned words) {
    bool empty = set->bits[0] == 0;
    if (empty) {
        set->base = other->base;
    } else if (other->base < set->base) {
        join_above(other, set, words);
        set->base = other->base;
        memset(set->bits, 0, words * sizeof *set->bits);
    }
    join_above(set, other, words);
}
