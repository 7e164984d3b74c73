/* Bring records into order. */
#include "records.h"

#include <stdlib.h>
#include <string.h>

static int compared(const void *one, const void *other) {
    return memcmp(one, other, RECORD_BYTES);
}

size_t records_order(uint8_t *records, size_t count) {
    if (count == 0) return 0;
    qsort(records, count, RECORD_BYTES, compared);
    size_t kept = 1;
    for (size_t i = 1; i < count; i++) {
        const uint8_t *record = records + i * RECORD_BYTES;
        uint8_t *place = records + kept * RECORD_BYTES;
        if (compared(record, place - RECORD_BYTES) == 0) continue;
        memmove(place, record, RECORD_BYTES);
        kept++;
    }
    return kept;
}
