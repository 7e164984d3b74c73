/* Bits by a range coder; `formats/lz/lzms/ranges.py` says how. */
#ifndef CLEARWARD_LZMS_RANGES_H
#define CLEARWARD_LZMS_RANGES_H

#include <stddef.h>
#include <stdint.h>

enum { MOST_HISTORY = 6, PERIOD = 64 };

/* Bits of one kind. */
struct kind {
    uint64_t bits[1 << MOST_HISTORY];
    int8_t zeros[1 << MOST_HISTORY];
    uint8_t state;
    uint8_t mask;
};

struct ranges {
    const uint8_t *data;
    size_t size;
    size_t place;
    uint32_t range;
    uint32_t code;
};

void kind_make(struct kind *kind, unsigned history);
void ranges_make(struct ranges *ranges, const uint8_t *data, size_t size);

/* The next word of the front; zeros behind the end. */
static inline uint32_t ranges_word(struct ranges *ranges) {
    if (ranges->size - ranges->place < 2) {
        return 0;
    }
    const uint8_t *word = ranges->data + ranges->place;
    ranges->place += 2;
    return (uint32_t)word[0] | (uint32_t)word[1] << 8;
}

static inline unsigned ranges_bit(struct ranges *ranges, struct kind *kind) {
    if (ranges->range < 1U << 16) {
        ranges->range <<= 16;
        ranges->code = ranges->code << 16 | ranges_word(ranges);
    }
    unsigned state = kind->state;
    int zeros = kind->zeros[state];
    uint32_t chance = zeros < 1 ? 1U : zeros > PERIOD - 1 ? PERIOD - 1U : (uint32_t)zeros;
    uint32_t bound = (ranges->range >> 6) * chance;
    unsigned bit = ranges->code >= bound;
    if (bit) {
        ranges->range -= bound;
        ranges->code -= bound;
    } else {
        ranges->range = bound;
    }
    uint64_t bits = kind->bits[state];
    kind->zeros[state] = (int8_t)(zeros + (int)(bits >> (PERIOD - 1)) - (int)bit);
    kind->bits[state] = bits << 1 | bit;
    kind->state = (uint8_t)((state << 1 | bit) & kind->mask);
    return bit;
}

#endif
