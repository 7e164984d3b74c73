/* Which signatures may match a part at all: those whose rare bytes occur in it. */
#ifndef CLEARWARD_PREFILTER_H
#define CLEARWARD_PREFILTER_H

#include "image.h"

/* Set the bit of every signature (bit n % 64 of word n / 64 of `marks`) of which an
 * anchor stands in the `length` bytes of `data`. Bits that are set stay. Linear in the
 * length and in the number of entries whose key occurs. */
void prefilter_scan(const struct prefilter *prefilter, const uint8_t *data,
                    uint64_t length, uint64_t *marks);

#endif
