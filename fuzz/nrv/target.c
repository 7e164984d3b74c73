/* Decode arbitrary bytes as NRV, and see that no more comes than was asked for.
 *
 * Input: one byte for the variant, two for the size, then the stream, which is copied to
 * memory of its own, so that a byte too far is seen. */
#include <stdlib.h>
#include <string.h>

#include "decoder.h"

enum { FRONT = 3 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static const char letters[] = "bde";
    static const unsigned units[] = {1, 2, 4};
    if (size < FRONT) {
        return 0;
    }
    uint8_t *copy = malloc(size - FRONT + 1);
    if (copy == NULL) {
        abort();
    }
    memcpy(copy, data + FRONT, size - FRONT);
    copy = realloc(copy, size - FRONT + (size == FRONT));
    struct nrv nrv = {.data = copy,
                      .size = size - FRONT,
                      .letter = letters[data[0] % 3],
                      .unit = units[data[0] / 3 % 3],
                      .most = data[1] + 256U * data[2]};
    enum nrv_fault fault = nrv_expand(&nrv);
    if (nrv.done > nrv.most || nrv.place > nrv.size) {
        abort();
    }
    if (fault == NRV_SOUND && nrv.done != nrv.most) {
        abort();
    }
    free(nrv.output);
    free(copy);
    return 0;
}
