/* Codes that learn: Huffman's way, with words of 15 bits at most. */
#include "codes.h"

#include <stdlib.h>
#include <string.h>

/* A pair, or a symbol that is not yet in one: how often it came, and which it is. */
enum { COUNT_SHIFT = 10, SYMBOL_MASK = (1 << COUNT_SHIFT) - 1 };

void backwards_make(struct backwards *bits, const uint8_t *data, size_t size) {
    bits->data = data;
    bits->left = size & ~(size_t)1;
    bits->held = 0;
    bits->count = 0;
}

static int compare(const void *one, const void *other) {
    uint32_t left = *(const uint32_t *)one;
    uint32_t right = *(const uint32_t *)other;
    return (left > right) - (left < right);
}

/* Say which pair each pair is joined into, in the order of joining. */
static void join(const uint32_t *leaves, unsigned count, uint16_t *parents) {
    uint32_t pairs[DISTANCES];
    unsigned leaf = 0;
    unsigned pair = 0;
    for (unsigned made = 0; made + 1 < count; made++) {
        uint32_t total = 0;
        for (int half = 0; half < 2; half++) {
            if (leaf < count &&
                (pair == made || leaves[leaf] >> COUNT_SHIFT <= pairs[pair])) {
                total += leaves[leaf++] >> COUNT_SHIFT;
            } else {
                total += pairs[pair];
                parents[pair++] = (uint16_t)made;
            }
        }
        pairs[made] = total;
    }
}

/* Count the words of each length; the last pair is the whole. */
static void count_words(const uint16_t *parents, unsigned pairs, unsigned *words) {
    uint8_t depths[DISTANCES];
    memset(words, 0, (LONGEST + 1) * sizeof *words);
    words[1] = 2;
    depths[pairs - 1] = 0;
    for (unsigned pair = pairs - 1; pair-- > 0;) {
        unsigned depth = depths[parents[pair]] + 1U;
        depths[pair] = (uint8_t)depth;
        if (depth >= LONGEST) {
            for (depth = LONGEST - 1; words[depth] == 0; depth--) {
            }
        }
        words[depth]--;
        words[depth + 1] += 2;
    }
}

/* Put the symbols in the order of their words, and say where each length ends. */
static void order(struct code *code, const uint8_t *lengths, const unsigned *words) {
    unsigned places[LONGEST + 1];
    unsigned place = 0;
    uint32_t end = 0;
    for (unsigned length = 1; length <= LONGEST; length++) {
        places[length] = place;
        code->bases[length] = (int32_t)place - (int32_t)(end >> (LONGEST - length));
        end += words[length] << (LONGEST - length);
        code->ends[length] = end;
        place += words[length];
    }
    for (unsigned symbol = 0; symbol < code->size; symbol++) {
        code->symbols[places[lengths[symbol]]++] = (uint16_t)symbol;
    }
}

/* Note the symbols of all short words, so that they need no search. */
static void spread(struct code *code) {
    unsigned at = 0;
    for (unsigned length = 1; length <= SHORT; length++) {
        for (; at < code->ends[length] >> (LONGEST - SHORT); at++) {
            int32_t word = (int32_t)(at >> (SHORT - length));
            unsigned symbol = code->symbols[code->bases[length] + word];
            code->direct[at] = (uint16_t)(symbol << 4 | length);
        }
    }
    memset(code->direct + at, 0, ((1U << SHORT) - at) * sizeof *code->direct);
}

static void learn(struct code *code) {
    uint32_t leaves[DISTANCES];
    uint16_t parents[DISTANCES];
    uint8_t lengths[DISTANCES];
    unsigned words[LONGEST + 1];
    for (unsigned symbol = 0; symbol < code->size; symbol++) {
        leaves[symbol] = code->counts[symbol] << COUNT_SHIFT | symbol;
    }
    qsort(leaves, code->size, sizeof *leaves, compare);
    join(leaves, code->size, parents);
    count_words(parents, code->size - 1, words);
    unsigned rarest = 0;
    for (unsigned length = LONGEST; length > 0; length--) {
        for (unsigned left = words[length]; left > 0; left--) {
            lengths[leaves[rarest++] & SYMBOL_MASK] = (uint8_t)length;
        }
    }
    order(code, lengths, words);
    spread(code);
    code->left = code->period;
}

void code_make(struct code *code, unsigned symbols, unsigned period) {
    code->size = symbols;
    code->period = period;
    for (unsigned symbol = 0; symbol < symbols; symbol++) {
        code->counts[symbol] = 1;
    }
    learn(code);
}

/* Count a symbol; now and then make the code anew and forget half. */
static void saw(struct code *code, unsigned symbol) {
    code->counts[symbol]++;
    if (--code->left == 0) {
        learn(code);
        for (unsigned each = 0; each < code->size; each++) {
            code->counts[each] = (code->counts[each] >> 1) + 1;
        }
    }
}

unsigned code_symbol(struct code *code, struct backwards *bits) {
    uint32_t ahead = backwards_peek(bits, LONGEST);
    unsigned direct = code->direct[ahead >> (LONGEST - SHORT)];
    unsigned length = direct & 15;
    unsigned symbol = direct >> 4;
    if (length == 0) {
        for (length = SHORT + 1; ahead >= code->ends[length]; length++) {
        }
        int32_t word = (int32_t)(ahead >> (LONGEST - length));
        symbol = code->symbols[code->bases[length] + word];
    }
    bits->count -= length;
    saw(code, symbol);
    return symbol;
}
