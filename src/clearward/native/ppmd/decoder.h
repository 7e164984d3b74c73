/* Decode PPMd, variant H, with the range coder of 7z; `formats/seven/ppmd/decoder.py`
 * says how. */
#ifndef CLEARWARD_PPMD_DECODER_H
#define CLEARWARD_PPMD_DECODER_H

#include "model.h"

enum { ROWS = 128, BINARY = 64, SEES = 25, SEE_KINDS = 16 };

enum fault { SOUND, ENDED, DAMAGED };

/* How often contexts of one class are left. */
struct see {
    uint16_t sum;
    uint8_t shift;
    uint8_t count;
};

struct source {
    void *given;
    /* Give the next bytes of the stream; nothing at its end. */
    size_t (*more)(void *given, const uint8_t **data);
};

struct decoder {
    struct model model;
    struct source source;
    const uint8_t *next;
    size_t left;
    uint32_t range;
    uint32_t code;
    enum fault fault;
    bool begun;
    unsigned high;
    unsigned masked_count;
    uint8_t masked[SYMBOLS]; /* 1 for bytes of the contexts that were left */
    uint16_t binary[ROWS][BINARY];
    struct see sees[SEES][SEE_KINDS];
};

/* Begin; false if there is not so much memory. Order is 2 to 64, memory at least 2,048. */
bool decoder_make(struct decoder *decoder, unsigned order, uint32_t memory,
                  struct source source);
void decoder_free(struct decoder *decoder);

/* Decode up to `size` bytes; fewer only if a fault is set. */
size_t decoder_read(struct decoder *decoder, uint8_t *output, size_t size);

#endif
