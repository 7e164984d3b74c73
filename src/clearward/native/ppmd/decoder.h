/* Decode PPMd, variant H, with the range coder of 7z or of RAR;
 * `formats/seven/ppmd/decoder.py` and `ranges.py` say how. */
#ifndef CLEARWARD_PPMD_DECODER_H
#define CLEARWARD_PPMD_DECODER_H

#include "model.h"
#include "ranges.h"

enum { ROWS = 128, BINARY = 64, SEES = 25, SEE_KINDS = 16 };

/* How often contexts of one class are left. */
struct see {
    uint16_t sum;
    uint8_t shift;
    uint8_t count;
};

struct decoder {
    struct model model;
    struct ranges ranges;
    bool begun;
    unsigned high;
    unsigned masked_count;
    uint8_t masked[SYMBOLS]; /* 1 for bytes of the contexts that were left */
    uint16_t binary[ROWS][BINARY];
    struct see sees[SEES][SEE_KINDS];
};

/* Begin; false if there is not so much memory. Order is 2 to 64, memory at least 2,048. */
bool decoder_make(struct decoder *decoder, unsigned order, uint32_t memory,
                  struct source source, bool rar);

/* Begin with the range coder anew where the stream is now; the model stays. */
void decoder_restart(struct decoder *decoder);
void decoder_free(struct decoder *decoder);

/* Decode up to `size` bytes; fewer only if a fault is set. */
size_t decoder_read(struct decoder *decoder, uint8_t *output, size_t size);

#endif
