/* Codes that learn, and plain bits; `formats/lz/lzms/codes.py` says how. */
#ifndef CLEARWARD_LZMS_CODES_H
#define CLEARWARD_LZMS_CODES_H

#include <stddef.h>
#include <stdint.h>

#include "slots.h"

enum { LONGEST = 15, SHORT = 10, WORD_BITS = 16 };

/* Bits from the end of a chunk on. */
struct backwards {
    const uint8_t *data;
    size_t left; /* bytes that were not read yet, an even number */
    uint64_t held;
    unsigned count; /* bits of it, the lowest ones */
};

struct code {
    uint32_t counts[DISTANCES];
    uint16_t symbols[DISTANCES];   /* in the order of their words */
    uint32_t ends[LONGEST + 1];    /* behind the last word of each length, in 15 bits */
    int32_t bases[LONGEST + 1];    /* what makes of a word its place in `symbols` */
    uint16_t direct[1 << SHORT];   /* symbol and length of short words; 0 for long ones */
    unsigned size;
    unsigned period;
    unsigned left;
};

void backwards_make(struct backwards *bits, const uint8_t *data, size_t size);

/* Begin with all symbols, two at least, equally often. */
void code_make(struct code *code, unsigned symbols, unsigned period);

unsigned code_symbol(struct code *code, struct backwards *bits);

static inline void backwards_fill(struct backwards *bits, unsigned count) {
    while (bits->count < count) {
        uint32_t word = 0;
        if (bits->left >= 2) {
            bits->left -= 2;
            const uint8_t *place = bits->data + bits->left;
            word = (uint32_t)place[0] | (uint32_t)place[1] << 8;
        }
        bits->held = bits->held << WORD_BITS | word;
        bits->count += WORD_BITS;
    }
}

/* The next bits, 32 at most; they are not passed over. */
static inline uint32_t backwards_peek(struct backwards *bits, unsigned count) {
    backwards_fill(bits, count);
    uint64_t ahead = bits->held >> (bits->count - count);
    return (uint32_t)(ahead & (((uint64_t)1 << count) - 1));
}

static inline uint32_t backwards_take(struct backwards *bits, unsigned count) {
    uint32_t value = backwards_peek(bits, count);
    bits->count -= count;
    return value;
}

#endif
