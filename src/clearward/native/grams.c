#include "grams.h"

/* Only one place in four is read: wherever a needle stands, all of its grams at every
 * fourth distance from its start were read, counted from one of the first four. Letters
 * are read without their case, so that needles under masks for that can be asked, too.
 */

enum {
    GRAM = 6,
    STRIDE = 4,
    FEWEST_BITS = 13,
    SPARSE = 2,      /* bits for a byte */
    MANY = 16,       /* candidates, each of which searches the part a few times */
    SMALLEST = 4096, /* bytes of a part for which this is worth its while */
    LOOKED_AT = 32,  /* cells of a needle */
    FOLDED = 0xDF,   /* mask of a letter in either case */
};

/* Numbers the bit of the first six of eight bytes. */
static inline uint64_t hash_of(uint64_t eight, unsigned bits) {
    uint64_t gram = (eight | UINT64_C(0x2020202020202020)) << 16;
    return gram * UINT64_C(0x9E3779B97F4A7C15) >> (64 - bits);
}

static inline uint64_t load48(const uint8_t *at) {
    return load32(at) | (uint64_t)load16(at + 4) << 32;
}

static inline void set(uint8_t *bitmap, uint64_t bit) {
    bitmap[bit >> 3] |= (uint8_t)(1U << (bit & 7));
}

void grams_read(struct grams *grams, const uint8_t *data, uint64_t length,
                uint64_t candidates) {
    grams->bits = 0;
    if (candidates < MANY || length < SMALLEST) {
        return;
    }
    unsigned bits = FEWEST_BITS;
    while ((uint64_t)1 << bits < SPARSE * length &&
           (uint64_t)1 << bits < (uint64_t)GRAMS_SIZE * 8) {
        bits++;
    }
    memset(grams->bitmap, 0, (size_t)1 << (bits - 3));
    uint64_t at = 0;
    for (; at + sizeof(uint64_t) <= length; at += STRIDE) {
        set(grams->bitmap, hash_of(load64(data + at), bits));
    }
    for (; at + GRAM <= length; at += STRIDE) {
        set(grams->bitmap, hash_of(load48(data + at), bits));
    }
    grams->bits = bits;
}

/* Whether the gram at `index` of a needle is the same for all that it matches. */
static bool is_known(const struct needle *needle, uint32_t index) {
    if (needle->masks == NULL) {
        return true;
    }
    for (uint32_t cell = index; cell < index + GRAM; cell++) {
        if ((needle->masks[cell] | (0xFF ^ FOLDED)) != 0xFF) {
            return false;
        }
    }
    return true;
}

bool grams_may_hold(const struct grams *grams, const struct needle *needle) {
    if (grams->bits == 0) {
        return true;
    }
    bool missing[STRIDE] = {false};
    uint32_t end = needle->length < LOOKED_AT ? needle->length : LOOKED_AT;
    for (uint32_t index = 0; index + GRAM <= end; index++) {
        if (!is_known(needle, index)) {
            continue;
        }
        uint64_t bit = hash_of(load48(needle->values + index), grams->bits);
        if ((grams->bitmap[bit >> 3] >> (bit & 7) & 1) == 0) {
            missing[index % STRIDE] = true;
        }
    }
    bool may = false;
    for (unsigned step = 0; step < STRIDE; step++) {
        may = may || !missing[step];
    }
    return may;
}
