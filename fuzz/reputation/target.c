/* Order arbitrary records, build a filter of them and ask it, and multiply them. Input:
 * the seed in 8 bytes, one byte each for the size of a segment and how many there are,
 * then records. All lies in memory of its own, so that a byte too far is seen. */
#include <stdlib.h>
#include <string.h>

#include "fuse.h"
#include "matrix.h"
#include "records.h"

enum { FRONT = 10, MOST_BITS = 8, COLUMNS = 9, WIDTH = 2 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void *held(const void *data, size_t size) {
    void *copy = calloc(size + (size == 0), 1);
    if (copy == NULL) abort();
    if (data != NULL) memcpy(copy, data, size);
    return copy;
}

/* Build and ask; what was built has to have all it was built of. */
static void filter(const struct fuse *fuse, const uint8_t *records, size_t count) {
    uint8_t *slots = held(NULL, fuse_slots(fuse) * SLOT_BYTES);
    uint8_t *answers = held(NULL, count);
    if (fuse_build(fuse, records, count, RECORD_BYTES, slots) == BUILT) {
        fuse_has(fuse, slots, records, count, RECORD_BYTES, answers);
        for (size_t i = 0; i < count; i++) {
            if (answers[i] != 1) abort();
        }
    }
    free(answers);
    free(slots);
}

static void product(const uint8_t *data, size_t size) {
    size_t rows = size / COLUMNS;
    uint8_t *bytes = held(data, rows * COLUMNS);
    uint8_t numbers[COLUMNS * WIDTH * 4];
    memset(numbers, 0x9d, sizeof numbers);
    uint32_t *sums = held(NULL, rows * WIDTH * sizeof(uint32_t));
    matrix_multiply(bytes, rows, COLUMNS, numbers, WIDTH, sums);
    matrix_write(sums, rows * WIDTH);
    free(sums);
    free(bytes);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    if (size < FRONT) return 0;
    struct fuse fuse = {0, (uint32_t)1 << data[8] % MOST_BITS, data[9]};
    memcpy(&fuse.seed, data, sizeof fuse.seed);
    data += FRONT;
    size -= FRONT;
    size_t count = size / RECORD_BYTES;
    uint8_t *records = held(data, count * RECORD_BYTES);
    if (fuse_is_sound(&fuse)) filter(&fuse, records, count);
    size_t kept = records_order(records, count);
    for (size_t i = 1; i < kept; i++) {
        const uint8_t *record = records + i * RECORD_BYTES;
        if (memcmp(record - RECORD_BYTES, record, RECORD_BYTES) >= 0) abort();
    }
    if (fuse_is_sound(&fuse)) filter(&fuse, records, kept);
    product(data, size);
    free(records);
    return 0;
}
