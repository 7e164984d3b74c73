/* The memory in which a PPMd model grows; `formats/seven/ppmd/units.py` says how. */
#ifndef CLEARWARD_PPMD_UNITS_H
#define CLEARWARD_PPMD_UNITS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

enum { UNIT = 12, LISTS = 38, LARGEST = 128 };

/* Places are offsets into `heap`; 0 is none. */
struct units {
    uint8_t *heap;
    uint8_t *holes; /* a bit for each unit: a hole begins there; all 0 but in `glue` */
    uint32_t size;
    uint32_t start; /* the first byte in use */
    uint32_t text;  /* where the next byte of text goes */
    uint32_t lowest;
    uint32_t low;
    uint32_t high;
    uint32_t free[LISTS]; /* the last hole of each size that was given back */
    int pause;
};

/* Take memory for a model of `size` bytes, at least 2,048; false if there is none. */
bool units_make(struct units *units, uint32_t size);
void units_free(struct units *units);

/* Give everything back. */
void units_reset(struct units *units);

/* One unit for a context; 0 if there is none. */
uint32_t units_context(struct units *units);

/* Units of the list `which`; 0 if there are none. */
uint32_t units_table(struct units *units, unsigned which);

/* Give a table of `count` units back. */
void units_give(struct units *units, uint32_t place, unsigned count);

/* Where a table of `old` units is that needs only `new` now. */
uint32_t units_shrink(struct units *units, uint32_t place, unsigned old, unsigned now);

/* The list for a number of units, 1 to 128. */
unsigned units_list(unsigned count);

static inline uint32_t read16(const uint8_t *bytes) {
    uint16_t value;
    memcpy(&value, bytes, sizeof value);
    return value;
}

static inline void write16(uint8_t *bytes, uint32_t value) {
    uint16_t low = (uint16_t)value;
    memcpy(bytes, &low, sizeof low);
}

static inline uint32_t read32(const uint8_t *bytes) {
    uint32_t value;
    memcpy(&value, bytes, sizeof value);
    return value;
}

static inline void write32(uint8_t *bytes, uint32_t value) {
    memcpy(bytes, &value, sizeof value);
}

#endif
