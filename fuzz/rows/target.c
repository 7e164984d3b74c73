/* Undo the filters of arbitrary rows. Input: one byte for the length of a row, one for
 * that of a pixel, the row above, then rows; all of it, and what comes of it, lies in
 * memory of its own, so that a byte too far is seen. */
#include <stdlib.h>
#include <string.h>

#include "rows.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static uint8_t *copied(const uint8_t *data, size_t size) {
    uint8_t *copy = malloc(size + (size == 0));
    if (copy == NULL) abort();
    memcpy(copy, data, size);
    return copy;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    if (size < 2) return 0;
    size_t row = 1 + data[0] % 40U, pixel = 1 + data[1] % 64U;
    data += 2;
    size -= 2;
    if (size < row) return 0;
    size_t count = (size - row) / (row + 1);
    uint8_t *above = copied(data, row);
    uint8_t *rows = copied(data + row, count * (row + 1));
    uint8_t *output = copied(rows, count * row);
    rows_undo(rows, count, row, pixel, above, output);
    free(above);
    free(rows);
    free(output);
    return 0;
}
