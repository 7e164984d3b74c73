/* LZMS, decoded chunk by chunk; `formats/lz/lzms/decoder.py` draws it. */
#ifndef CLEARWARD_LZMS_DECODER_H
#define CLEARWARD_LZMS_DECODER_H

#include <stdbool.h>

#include "codes.h"
#include "programs.h"
#include "ranges.h"
#include "slots.h"

enum { RECENT = 3 };

/* A distance in numbers of 2^power bytes; of bytes if it is no delta. */
struct reach {
    uint32_t numbers;
    uint8_t power;
};

struct recent {
    struct reach last[RECENT + 1];
    struct kind kinds[RECENT - 1];
};

/* All that decoding needs besides the chunk and its content. */
struct decoder {
    struct ranges ranges;
    struct backwards bits;
    struct kind main, match, again, delta_again;
    struct recent recent, recent_deltas;
    struct code bytes, lengths, distances, deltas, powers;
    struct slots length_slots, distance_slots;
    uint8_t *output;
    size_t size;
    size_t done;
    unsigned before; /* what the item before was */
    int32_t seen[HISTORY];
};

/* Unpack a chunk to at most `size` bytes, less than 2^31; return how many there are,
 * fewer if it is damaged. What `decoder` held does not matter. */
size_t decoder_chunk(struct decoder *decoder, const uint8_t *data, size_t length,
                     uint8_t *output, size_t size);

#endif
