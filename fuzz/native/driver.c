/* Run the target over files, as they are and changed at random, without a fuzzer.
 *
 *     driver CHANGES FILE...
 *
 * Each file is run once, and then CHANGES times with one to four bytes changed. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { MOST = 1 << 20 };

static uint64_t state = 88172645463325252U;

/* Marsaglia's xorshift: the same changes at every run. */
static uint64_t next_random(void) {
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return state;
}

static void change(uint8_t *data, size_t size) {
    static const uint8_t corners[] = {0, 1, 2, 3, 0x7f, 0x80, 0xfe, 0xff};
    for (uint64_t left = next_random() % 4 + 1; left > 0; left--) {
        size_t at = (size_t)(next_random() % size);
        uint64_t kind = next_random() % 3;
        if (kind == 0) {
            data[at] = corners[next_random() % sizeof corners];
        } else if (kind == 1) {
            data[at] ^= (uint8_t)(1U << next_random() % 8);
        } else {
            data[at] = (uint8_t)next_random();
        }
    }
}

int main(int count, char **arguments) {
    static uint8_t original[MOST];
    static uint8_t changed[MOST];
    long changes = count > 1 ? strtol(arguments[1], NULL, 10) : 0;
    for (int index = 2; index < count; index++) {
        FILE *file = fopen(arguments[index], "rb");
        if (file == NULL) {
            perror(arguments[index]);
            return 1;
        }
        size_t size = fread(original, 1, MOST, file);
        fclose(file);
        LLVMFuzzerTestOneInput(original, size);
        for (long left = size > 0 ? changes : 0; left > 0; left--) {
            memcpy(changed, original, size);
            change(changed, size);
            LLVMFuzzerTestOneInput(changed, size);
        }
    }
    return 0;
}
