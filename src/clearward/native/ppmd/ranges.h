/* The range coder of PPMd in 7z; `formats/seven/ppmd/ranges.py` says how. */
#ifndef CLEARWARD_PPMD_RANGES_H
#define CLEARWARD_PPMD_RANGES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { BIN_BITS = 14 }; /* of a probability */

enum fault { SOUND, ENDED, DAMAGED };

struct source {
    void *given;
    /* Give the next bytes of the stream; nothing at its end. */
    size_t (*more)(void *given, const uint8_t **data);
};

struct ranges {
    struct source source;
    const uint8_t *next;
    size_t left;
    uint32_t range;
    uint32_t code;
    enum fault fault; /* nothing is asked of the source any more once it is set */
};

static inline uint32_t ranges_byte(struct ranges *ranges) {
    if (ranges->left == 0 && ranges->fault == SOUND) {
        ranges->left = ranges->source.more(ranges->source.given, &ranges->next);
    }
    if (ranges->left == 0) {
        ranges->fault = ENDED;
        return 0;
    }
    ranges->left--;
    return *ranges->next++;
}

/* Take the bytes that a stream begins with. */
static inline void ranges_begin(struct ranges *ranges) {
    ranges->range = 0xFFFFFFFF;
    for (int byte = 0; byte < 5 && ranges->fault == SOUND; byte++) {
        ranges->code = ranges->code << 8 | ranges_byte(ranges);
    }
}

static inline void ranges_refill(struct ranges *ranges) {
    while (ranges->range < 1U << 24 && ranges->fault == SOUND) {
        ranges->range <<= 8;
        ranges->code = ranges->code << 8 | ranges_byte(ranges);
    }
}

/* Where in a range of `total`, which is less than 2^24 and not 0, the next thing lies. */
static inline uint32_t ranges_threshold(struct ranges *ranges, uint32_t total) {
    ranges->range /= total;
    return ranges->code / ranges->range;
}

/* Say that it lay within `size` from `start` on. */
static inline void ranges_take(struct ranges *ranges, uint32_t start, uint32_t size) {
    ranges->code -= start * ranges->range;
    ranges->range *= size;
    ranges_refill(ranges);
}

/* One bit, which is 0 with `probability`. */
static inline bool ranges_bit(struct ranges *ranges, uint32_t probability) {
    uint32_t bound = (ranges->range >> BIN_BITS) * probability;
    bool one = ranges->code >= bound;
    if (one) {
        ranges->code -= bound;
        ranges->range -= bound;
    } else {
        ranges->range = bound;
    }
    ranges_refill(ranges);
    return one;
}

#endif
