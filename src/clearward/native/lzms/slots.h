/* Distances and lengths of LZMS come in slots: where one begins, and its plain bits. */
#ifndef CLEARWARD_LZMS_SLOTS_H
#define CLEARWARD_LZMS_SLOTS_H

#include <stdint.h>

enum { DISTANCES = 799, LENGTHS = 54 };

struct slots {
    uint32_t starts[DISTANCES + 1];
    uint8_t bits[DISTANCES];
    unsigned count;
};

/* Fill in where slots begin that have `runs[n]` each 2^n apart, up to `end`. */
void slots_make(struct slots *slots, const uint8_t *runs, unsigned powers, uint32_t end);

void slots_of_distances(struct slots *slots);
void slots_of_lengths(struct slots *slots);

/* How many slots begin below a number. */
unsigned slots_below(const struct slots *slots, uint32_t number);

#endif
