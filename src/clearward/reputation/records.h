/* Records of the list: a digest and the number of a label; `records.py` has them too. */
#ifndef CLEARWARD_REPUTATION_RECORDS_H
#define CLEARWARD_REPUTATION_RECORDS_H

#include <stddef.h>
#include <stdint.h>

enum { RECORD_BYTES = 36 };

/* Sort records and leave each once; returns how many there are then. */
size_t records_order(uint8_t *records, size_t count);

#endif
