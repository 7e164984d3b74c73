/* Unpack arbitrary bytes as a chunk of LZMS, and see that no more comes than asked for.
 *
 * Input: three bytes for the size of the content, then the chunk. */
#include <stdlib.h>
#include <string.h>

#include "decoder.h"

enum { MOST = 1 << 18 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static struct decoder decoder;
    if (size < 3) {
        return 0;
    }
    size_t wanted = (data[0] | (size_t)data[1] << 8 | (size_t)data[2] << 16) % MOST;
    uint8_t *output = malloc(wanted + (wanted == 0));
    if (output == NULL) {
        abort();
    }
    if (decoder_chunk(&decoder, data + 3, size - 3, output, wanted) > wanted) {
        abort();
    }
    free(output);
    return 0;
}
