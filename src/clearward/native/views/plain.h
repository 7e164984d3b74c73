/* Text as signatures for text look at it; what formats/normalise/text.py says. */
#ifndef CLEARWARD_VIEWS_PLAIN_H
#define CLEARWARD_VIEWS_PLAIN_H

#include "buffer.h"

/* Write the normalised text to `out`, which has room for as many bytes as the text;
 * return how many were written. */
size_t plain_normalise(struct span text, uint8_t *out);

#endif
