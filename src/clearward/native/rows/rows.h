/* Rows of samples as PNG filters them; `formats/pdf/predictors.py` says how. */
#ifndef CLEARWARD_ROWS_ROWS_H
#define CLEARWARD_ROWS_ROWS_H

#include <stddef.h>
#include <stdint.h>

/* Undo the filters of `count` rows of a tag and `row` bytes each; the output takes
 * `count` times `row` bytes. `above` is the row before, of a pixel of `pixel` bytes. */
void rows_undo(const uint8_t *data, size_t count, size_t row, size_t pixel,
               const uint8_t *above, uint8_t *output);

#endif
