/* Multiply a matrix of bytes by one of numbers. */
#include "matrix.h"

#include <string.h>

static uint32_t read_number(const uint8_t *at) {
    return (uint32_t)at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16 |
           (uint32_t)at[3] << 24;
}

void matrix_multiply(const uint8_t *bytes, size_t rows, size_t columns,
                     const uint8_t *numbers, size_t width, uint32_t *sums) {
    for (size_t row = 0; row < rows; row++) {
        uint32_t *sum = sums + row * width;
        for (size_t column = 0; column < columns; column++) {
            uint32_t byte = bytes[row * columns + column];
            const uint8_t *number = numbers + column * width * 4;
            for (size_t i = 0; i < width; i++) sum[i] += byte * read_number(number + i * 4);
        }
    }
}

void matrix_write(uint32_t *sums, size_t count) {
    for (size_t i = 0; i < count; i++) {
        uint32_t sum = sums[i];
        uint8_t bytes[4] = {(uint8_t)sum, (uint8_t)(sum >> 8), (uint8_t)(sum >> 16),
                            (uint8_t)(sum >> 24)};
        memcpy(sums + i, bytes, sizeof bytes);
    }
}
