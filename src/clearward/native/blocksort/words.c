/* Bits and words of a block. */
#include "words.h"

#include <string.h>

void bits_bad(struct bits *bits, const char *field) {
    if (bits->fault == NULL) bits->fault = field;
}

uint32_t bits_peek(const struct bits *bits, unsigned count) {
    uint64_t byte = bits->place / 8;
    uint32_t ahead = 0;
    for (unsigned each = 0; each < 4; each++) {
        uint64_t at = byte + each;
        ahead = ahead << 8 | (at < bits->size ? bits->data[at] : 0U);
    }
    return ahead << (bits->place % 8) >> (32 - count);
}

static bool drop(struct bits *bits, unsigned count) {
    if (count > bits->size * 8 - bits->place) {
        bits->ended = bits->ended || bits->fault == NULL;
        bits_bad(bits, "stream end");
        return false;
    }
    bits->place += count;
    return true;
}

uint32_t bits_take(struct bits *bits, unsigned count) {
    uint32_t value = bits_peek(bits, count);
    return drop(bits, count) ? value : 0;
}

static void fill_quick(struct words *words) {
    memset(words->quick, 0, sizeof words->quick);
    uint32_t begin = 0;
    for (unsigned length = 1; length <= QUICK; length++) {
        uint32_t end = words->ends[length - 1];
        unsigned shift = LONGEST - length;
        for (uint32_t word = begin >> shift; word < end >> shift; word++) {
            unsigned symbol = words->symbols[words->bases[length - 1] + (int32_t)word];
            unsigned same = QUICK - length;
            for (uint32_t tail = 0; tail < 1U << same; tail++)
                words->quick[word << same | tail] = (uint16_t)(symbol << 4 | length);
        }
        begin = end;
    }
}

bool words_make(struct words *words, const uint8_t *lengths, unsigned count) {
    unsigned made = 0;
    uint32_t end = 0;
    for (unsigned symbol = 0; symbol < count; symbol++)
        if (lengths[symbol] > LONGEST) return false;
    for (unsigned length = 1; length <= LONGEST; length++) {
        unsigned shift = LONGEST - length;
        words->bases[length - 1] = (int32_t)made - (int32_t)(end >> shift);
        for (unsigned symbol = 0; symbol < count; symbol++)
            if (lengths[symbol] == length) {
                words->symbols[made++] = (uint16_t)symbol;
                end += 1U << shift;
            }
        words->ends[length - 1] = end;
    }
    if (end > 1U << LONGEST) return false;
    fill_quick(words);
    return true;
}

unsigned words_symbol(const struct words *words, struct bits *bits) {
    uint32_t ahead = bits_peek(bits, LONGEST);
    uint16_t quick = words->quick[ahead >> (LONGEST - QUICK)];
    if (quick) return drop(bits, quick & 15U) ? quick >> 4 : 0;
    for (unsigned length = 1; length <= LONGEST; length++)
        if (ahead < words->ends[length - 1]) {
            int32_t word = (int32_t)(ahead >> (LONGEST - length));
            unsigned symbol = words->symbols[words->bases[length - 1] + word];
            return drop(bits, length) ? symbol : 0;
        }
    bits_bad(bits, "code");
    return 0;
}
