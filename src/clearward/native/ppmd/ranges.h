/* The range coders of PPMd in 7z and in RAR; `formats/seven/ppmd/ranges.py` says how. */
#ifndef CLEARWARD_PPMD_RANGES_H
#define CLEARWARD_PPMD_RANGES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { BIN_BITS = 14 }; /* of a probability */

#define RANGES_TOP (1U << 24)
#define RANGES_BOTTOM (1U << 15) /* of RAR */

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
    uint32_t low;    /* where the range begins; always 0 in 7z */
    uint32_t bottom; /* the least that RAR lets the range be; 0 in 7z */
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

/* Take the bytes that a stream begins with; one less in RAR. */
static inline void ranges_begin(struct ranges *ranges) {
    ranges->range = 0xFFFFFFFF;
    ranges->low = ranges->code = 0;
    int count = ranges->bottom == 0 ? 5 : 4;
    for (int byte = 0; byte < count && ranges->fault == SOUND; byte++) {
        ranges->code = ranges->code << 8 | ranges_byte(ranges);
    }
}

/* Read bytes until the range is wide enough, or until its first byte is certain. RAR cuts
 * the range short where it would never be. */
static inline void ranges_refill(struct ranges *ranges) {
    while (ranges->fault == SOUND) {
        if ((ranges->low ^ (ranges->low + ranges->range)) >= RANGES_TOP) {
            if (ranges->range >= ranges->bottom) {
                return;
            }
            ranges->range = (0U - ranges->low) & (ranges->bottom - 1);
        }
        ranges->range <<= 8;
        ranges->low <<= 8;
        ranges->code = ranges->code << 8 | ranges_byte(ranges);
    }
}

/* Where in a range of `total`, which is less than 2^24 and not 0, the next thing lies. */
static inline uint32_t ranges_threshold(struct ranges *ranges, uint32_t total) {
    ranges->range /= total;
    if (ranges->range == 0) { /* in RAR, where a model is damaged */
        ranges->fault = DAMAGED;
        return total;
    }
    return (ranges->code - ranges->low) / ranges->range;
}

static inline void ranges_move(struct ranges *ranges, uint32_t by) {
    if (ranges->bottom == 0) {
        ranges->code -= by;
    } else {
        ranges->low += by;
    }
}

/* Say that it lay within `size` from `start` on. */
static inline void ranges_take(struct ranges *ranges, uint32_t start, uint32_t size) {
    ranges_move(ranges, start * ranges->range);
    ranges->range *= size;
    ranges_refill(ranges);
}

/* One bit, which is 0 with `probability`. */
static inline bool ranges_bit(struct ranges *ranges, uint32_t probability) {
    uint32_t part = ranges->range >> BIN_BITS;
    uint32_t bound = part * probability;
    bool one = ranges->code - ranges->low >= bound;
    if (one) {
        uint32_t whole = ranges->bottom == 0 ? ranges->range : part << BIN_BITS;
        ranges_move(ranges, bound);
        ranges->range = whole - bound;
    } else {
        ranges->range = bound;
    }
    ranges_refill(ranges);
    return one;
}

#endif
