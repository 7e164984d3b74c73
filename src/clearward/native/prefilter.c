#include "prefilter.h"

/* At every position that is a multiple of the stride four bytes are hashed and looked
 * up in a bitmap that fits a first or second cache; what it lets pass is compared with
 * the entries of its bucket. Positions are taken eight at a time: the bits of all are
 * gathered before one branch asks for any, because hits are rare and a branch for each
 * costs more than it saves. */

enum { BATCH = 8, KEY_SIZE = 4 };

static inline void mark(uint64_t *marks, uint32_t signature) {
    marks[signature / 64] |= (uint64_t)1 << (signature % 64);
}

/* The eight bytes from `at` on, as if the part went on with zeros. */
static inline uint64_t load_padded(const uint8_t *data, uint64_t length, uint64_t at) {
    if (length - at >= 8) {
        return load64(data + at);
    }
    uint8_t tail[8] = {0};
    memcpy(tail, data + at, (size_t)(length - at));
    return load64(tail);
}

/* The bitmap says that the four bytes at `at` may be a key: compare for sure. */
static void probe(const struct prefilter *prefilter, const uint8_t *data,
                  uint64_t length, uint64_t at, uint64_t *marks) {
    uint32_t key = load32(data + at);
    uint32_t bucket = prefilter_hash(key) >> (32 - prefilter->bucket_bits);
    const uint8_t *start = prefilter->starts + (size_t)bucket * 4;
    const uint8_t *entry = prefilter->entries + (size_t)load32(start) * LONG_SIZE;
    const uint8_t *end = prefilter->entries + (size_t)load32(start + 4) * LONG_SIZE;
    if (entry == end) {
        return;
    }
    uint64_t bytes = load_padded(data, length, at);
    for (; entry < end; entry += LONG_SIZE) {
        if (load32(entry) == key &&
            ((bytes ^ load64(entry + 8)) & load64(entry + 16)) == 0) {
            mark(marks, load32(entry + 4));
        }
    }
}

/* 1 if the bitmap has the four bytes at `at`. */
static inline unsigned passes(const uint8_t *bitmap, unsigned shift, const uint8_t *at) {
    uint32_t hash = prefilter_hash(load32(at)) >> shift;
    return (unsigned)(bitmap[hash >> 3] >> (hash & 7)) & 1U;
}

static inline __attribute__((always_inline)) void
scan_long(const struct prefilter *prefilter, const uint8_t *data, uint64_t length,
          uint64_t stride, uint64_t *marks) {
    const uint8_t *bitmap = prefilter->bitmap;
    unsigned shift = 32 - prefilter->bitmap_bits;
    uint64_t reach = (BATCH - 1) * stride + KEY_SIZE;
    uint64_t at = 0;
    while (length - at >= reach) {
        unsigned hits = 0;
#pragma GCC unroll 8
        for (unsigned step = 0; step < BATCH; step++) {
            hits |= passes(bitmap, shift, data + at + step * stride) << step;
        }
        for (; hits != 0; hits &= hits - 1) {
            unsigned step = (unsigned)__builtin_ctz(hits);
            probe(prefilter, data, length, at + step * stride, marks);
        }
        at += BATCH * stride;
    }
    for (; at + KEY_SIZE <= length; at += stride) {
        if (passes(bitmap, shift, data + at) != 0) {
            probe(prefilter, data, length, at, marks);
        }
    }
}

/* Keys of two bytes, and a third under a mask: every position. */
static void scan_short(const struct prefilter *prefilter, const uint8_t *data,
                       uint64_t length, uint64_t *marks) {
    for (uint64_t at = 0; at + 2 <= length; at++) {
        const uint8_t *start = prefilter->short_starts + (size_t)load16(data + at) * 4;
        uint32_t index = load32(start);
        uint32_t end = load32(start + 4);
        uint8_t third = at + 2 < length ? data[at + 2] : 0;
        for (; index < end; index++) {
            const uint8_t *entry = prefilter->short_entries + (size_t)index * SHORT_SIZE;
            if ((third & entry[4]) == entry[5]) {
                mark(marks, load32(entry));
            }
        }
    }
}

void prefilter_scan(const struct prefilter *prefilter, const uint8_t *data,
                    uint64_t length, uint64_t *marks) {
    if (prefilter->bitmap == NULL) {
        return;
    }
    switch (prefilter->stride) {
    case 1:
        scan_long(prefilter, data, length, 1, marks);
        break;
    case 2:
        scan_long(prefilter, data, length, 2, marks);
        break;
    default:
        scan_long(prefilter, data, length, 4, marks);
        break;
    }
    if (prefilter->short_starts != NULL) {
        scan_short(prefilter, data, length, marks);
    }
}
