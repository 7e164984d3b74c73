/* The start of a range coder and of kinds of bits. */
#include "ranges.h"

enum { FIRST_ZEROS = 48 };

#define FIRST_BITS 0x55555555U

void kind_make(struct kind *kind, unsigned history) {
    kind->state = 0;
    kind->mask = (uint8_t)((1U << history) - 1);
    for (unsigned state = 0; state <= kind->mask; state++) {
        kind->bits[state] = FIRST_BITS;
        kind->zeros[state] = FIRST_ZEROS;
    }
}

void ranges_make(struct ranges *ranges, const uint8_t *data, size_t size) {
    ranges->data = data;
    ranges->size = size;
    ranges->place = 0;
    ranges->range = 0xFFFFFFFF;
    ranges->code = ranges_word(ranges) << 16;
    ranges->code |= ranges_word(ranges);
}
