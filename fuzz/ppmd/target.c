/* Decode arbitrary bytes as PPMd, and see that no more comes than was asked for.
 *
 * Input: one byte for the order and, from 128 on, for the range coder of RAR, one for
 * the memory, then the stream. It is given in
 * pieces, each copied to memory of its own, so that a byte too far is seen. */
#include <stdlib.h>

#include "decoder.h"

enum { PIECE = 13, OUTPUT = 1 << 13, ROUNDS = 3 };

struct given {
    const uint8_t *data;
    size_t size;
    uint8_t *piece;
};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static size_t more(void *self, const uint8_t **data) {
    struct given *given = self;
    size_t length = given->size < PIECE ? given->size : PIECE;
    free(given->piece);
    given->piece = malloc(length + (length == 0));
    if (given->piece == NULL) {
        abort();
    }
    memcpy(given->piece, given->data, length);
    given->data += length;
    given->size -= length;
    *data = given->piece;
    return length;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static uint8_t output[OUTPUT];
    if (size < 2) {
        return 0;
    }
    struct given given = {data + 2, size - 2, NULL};
    struct source source = {&given, more};
    struct decoder *decoder = malloc(sizeof *decoder);
    unsigned order = 2 + data[0] % (LONGEST_ORDER - 1);
    uint32_t memory = 2048 + 97U * data[1];
    bool rar = data[0] >= 128;
    if (decoder == NULL || !decoder_make(decoder, order, memory, source, rar)) {
        abort();
    }
    for (int round = 0; round < ROUNDS; round++) {
        size_t done = decoder_read(decoder, output, sizeof output);
        if (done > sizeof output || (done < sizeof output) == (decoder->ranges.fault == SOUND)) {
            abort();
        }
        if (rar) {
            decoder_restart(decoder);
        }
    }
    decoder_free(decoder);
    free(decoder);
    free(given.piece);
    return 0;
}
