/* The five filters of PNG (PNG specification, chapter 9), undone. */
#include "rows.h"

#include <string.h>

enum { PNG_SUB = 1, PNG_UP = 2, PNG_AVERAGE = 3, PNG_PAETH = 4 };

static uint8_t nearest(int left, int up, int corner) {
    int to_left = up - corner, to_up = left - corner, to_corner = to_left + to_up;
    to_left = to_left < 0 ? -to_left : to_left;
    to_up = to_up < 0 ? -to_up : to_up;
    to_corner = to_corner < 0 ? -to_corner : to_corner;
    if (to_left <= to_up && to_left <= to_corner) return (uint8_t)left;
    return (uint8_t)(to_up <= to_corner ? up : corner);
}

static void undo(uint8_t how, const uint8_t *row, size_t size, size_t pixel,
                 const uint8_t *above, uint8_t *output) {
    memcpy(output, row, size);
    size_t first = pixel < size ? pixel : size;
    if (how == PNG_UP)
        for (size_t at = 0; at < size; at++) output[at] = (uint8_t)(output[at] + above[at]);
    if (how == PNG_SUB)
        for (size_t at = first; at < size; at++)
            output[at] = (uint8_t)(output[at] + output[at - pixel]);
    if (how == PNG_AVERAGE) {
        for (size_t at = 0; at < first; at++)
            output[at] = (uint8_t)(output[at] + above[at] / 2);
        for (size_t at = first; at < size; at++)
            output[at] = (uint8_t)(output[at] + (output[at - pixel] + above[at]) / 2);
    }
    if (how == PNG_PAETH) {
        for (size_t at = 0; at < first; at++)
            output[at] = (uint8_t)(output[at] + nearest(0, above[at], 0));
        for (size_t at = first; at < size; at++)
            output[at] = (uint8_t)(output[at] + nearest(output[at - pixel], above[at],
                                                        above[at - pixel]));
    }
}

void rows_undo(const uint8_t *data, size_t count, size_t row, size_t pixel,
               const uint8_t *above, uint8_t *output) {
    for (size_t each = 0; each < count; each++) {
        const uint8_t *tagged = data + each * (row + 1);
        undo(tagged[0], tagged + 1, row, pixel, above, output);
        above = output;
        output += row;
    }
}
