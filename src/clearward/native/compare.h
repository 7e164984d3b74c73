/* Byte compare: a number near a match, against one or two values. */
#ifndef CLEARWARD_COMPARE_H
#define CLEARWARD_COMPARE_H

#include "layout.h"

/* Whether the number that a COMPARE payload describes, seen from `start`, is in the part
 * and compares as it should; compare.py says how it is read. */
bool compare_holds(const uint8_t *payload, const uint8_t *data, uint64_t length,
                   uint64_t start);

#endif
