/* One block of bzip2 without magic and checksum; `formats/lz/blocksort.py` draws it. */
#ifndef CLEARWARD_BLOCKSORT_BLOCK_H
#define CLEARWARD_BLOCKSORT_BLOCK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { LARGEST = 900000 }; /* bytes of a block, before its runs are written out */

/* Bits of a span, the highest of each byte first; zeros stand behind its end. */
struct bits {
    const uint8_t *data;
    uint64_t size;    /* bytes */
    uint64_t place;   /* bits that were passed over */
    const char *fault; /* what was wrong first, NULL if nothing was */
    bool ended;       /* it was that the bits ended */
};

struct block {
    uint8_t *data; /* given back with `free`; NULL if there is none */
    uint32_t size;
    bool memory; /* there was not enough of it */
};

/* Read a block behind its mark and put its bytes into their order. */
struct block block_read(struct bits *bits);

/* Write the runs of a block out, from a place between two of them on, until there are
 * `most` bytes or a few more: never more than `most` and `SPARE`. The place is moved. */
enum { SPARE = 4 + 255 };
size_t block_spread(const uint8_t *block, size_t size, size_t *place, uint8_t *output,
                    size_t most);

#endif
