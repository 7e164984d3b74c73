/* Decode arbitrary bytes as blocks of bzip2, one behind the other, and write their runs
 * out in pieces of a few bytes; see that none is longer than it may be.
 *
 * Input: the stream, marks included. It is copied to memory of its own, so that a byte
 * too far is seen. */
#include <stdlib.h>
#include <string.h>

#include "block.h"

enum { MARK = 8, PIECE = 100, BLOCKS = 8 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void spread(struct block block) {
    uint8_t *output = malloc(PIECE + SPARE);
    size_t place = 0;
    if (output == NULL) abort();
    while (place < block.size) {
        size_t before = place;
        size_t done = block_spread(block.data, block.size, &place, output, PIECE);
        if (place <= before || place > block.size || done > PIECE + SPARE) abort();
    }
    free(output);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    uint8_t *own = malloc(size + 1);
    if (own == NULL) abort();
    memcpy(own, data, size);
    own = realloc(own, size + (size == 0));
    if (own == NULL) abort();
    struct bits bits = {own, size, 0, NULL, false};
    for (int each = 0; each < BLOCKS && bits.fault == NULL; each++) {
        if (bits.size * 8 - bits.place < MARK) break;
        bits.place += MARK;
        struct block block = block_read(&bits);
        if (bits.place > bits.size * 8 || block.memory || block.size > LARGEST + 1) abort();
        if (bits.fault != NULL && block.data != NULL) abort();
        if (block.data != NULL) spread(block);
        free(block.data);
    }
    free(own);
    return 0;
}
