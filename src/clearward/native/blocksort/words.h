/* Prefix codes from the lengths of their words, as `formats/lz/codes.py` has them. */
#ifndef CLEARWARD_BLOCKSORT_WORDS_H
#define CLEARWARD_BLOCKSORT_WORDS_H

#include "block.h"

enum { LONGEST = 20, SYMBOLS = 258, QUICK = 10 };

struct words {
    uint32_t ends[LONGEST];  /* behind the last word of each length, of `LONGEST` bits */
    int32_t bases[LONGEST];  /* what is added to a word's bits for its symbol's place */
    uint16_t symbols[SYMBOLS];
    uint16_t quick[1 << QUICK]; /* for the next bits: symbol << 4 | length, or 0 */
};

/* Return the next bits without passing over them, at most 24 and at least 1. */
uint32_t bits_peek(const struct bits *bits, unsigned count);

/* Return them and pass over them; 0 and a fault if there are not so many. */
uint32_t bits_take(struct bits *bits, unsigned count);

/* Note what is wrong, unless something was before. */
void bits_bad(struct bits *bits, const char *field);

/* Make a code of so many lengths; false if one is too long or there are too many. */
bool words_make(struct words *words, const uint8_t *lengths, unsigned count);

/* Return the symbol of the next word; 0 and a fault if there is none. */
unsigned words_symbol(const struct words *words, struct bits *bits);

#endif
