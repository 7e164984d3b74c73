/* What must hold for a part before a signature is looked at. */
#ifndef CLEARWARD_CONDITIONS_H
#define CLEARWARD_CONDITIONS_H

#include "starts.h"

/* What is behind the conditions that begin at `at`; NULL if one of them does not hold
 * for a part of `size` bytes. conditions.py says what each means. */
const uint8_t *conditions_met(const uint8_t *at, const struct facts *facts,
                              uint64_t size);

#endif
