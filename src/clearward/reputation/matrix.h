/* Products of matrices modulo 2 to the 32nd; `matrix.py` has them too. */
#ifndef CLEARWARD_REPUTATION_MATRIX_H
#define CLEARWARD_REPUTATION_MATRIX_H

#include <stddef.h>
#include <stdint.h>

/* Add to each of `rows` rows of `width` sums the product of a row of `columns` bytes and
 * as many rows of `width` numbers of four bytes, little-endian. */
void matrix_multiply(const uint8_t *bytes, size_t rows, size_t columns,
                     const uint8_t *numbers, size_t width, uint32_t *sums);

/* Write numbers as four bytes each, little-endian, in their own place. */
void matrix_write(uint32_t *sums, size_t count);

#endif
