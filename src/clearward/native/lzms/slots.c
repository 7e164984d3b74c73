/* The slots of distances and lengths. */
#include "slots.h"

#define DISTANCES_END 0x7FFFFFFFU
#define LENGTHS_END 0x400108ABU

static const uint8_t distances[] = {9,  0,  9,  7,  10, 15, 15, 20, 20,  30, 33,
                                    40, 42, 45, 60, 73, 80, 85, 95, 105, 6};
static const uint8_t lengths[] = {27, 4, 6, 4, 5, 2, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 1};

void slots_make(struct slots *slots, const uint8_t *runs, unsigned powers, uint32_t end) {
    uint32_t at = 0;
    slots->count = 0;
    for (unsigned power = 0; power < powers; power++) {
        for (unsigned left = runs[power]; left > 0; left--) {
            at += 1U << power;
            slots->starts[slots->count++] = at;
        }
    }
    slots->starts[slots->count] = end;
    for (unsigned slot = 0; slot < slots->count; slot++) {
        uint32_t width = slots->starts[slot + 1] - slots->starts[slot];
        slots->bits[slot] = (uint8_t)(31 - __builtin_clz(width));
    }
}

void slots_of_distances(struct slots *slots) {
    slots_make(slots, distances, sizeof distances, DISTANCES_END);
}

void slots_of_lengths(struct slots *slots) {
    slots_make(slots, lengths, sizeof lengths, LENGTHS_END);
}

unsigned slots_below(const struct slots *slots, uint32_t number) {
    unsigned count = 0;
    while (count < slots->count && slots->starts[count] < number) {
        count++;
    }
    return count;
}
