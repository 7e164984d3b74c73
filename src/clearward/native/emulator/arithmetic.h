#ifndef CLEARWARD_EMULATOR_ARITHMETIC_H
#define CLEARWARD_EMULATOR_ARITHMETIC_H

#include "machine.h"

/* What numbers and flags become. Sizes are bytes: 1, 2, 4 or 8. Flags that the manual
 * calls undefined are as most processors leave them. */

enum operation { ADD, OR, ADC, SBB, AND, SUB, XOR, COMPARE };
enum shift { ROL, ROR, RCL, RCR, SHL, SHR, SAL, SAR };

/* Zero, sign and parity of a result; the others are left. */
void note_result(uint32_t *flags, uint64_t result, unsigned size);

/* The result; of a comparison it is that of the subtraction. */
uint64_t combine(uint32_t *flags, unsigned operation, uint64_t left, uint64_t right,
                 unsigned size);

/* One more or one less: all flags but the carry. */
uint64_t count_up(uint32_t *flags, uint64_t value, unsigned size);
uint64_t count_down(uint32_t *flags, uint64_t value, unsigned size);

uint64_t shifted(uint32_t *flags, unsigned kind, uint64_t value, unsigned count,
                 unsigned size);

/* Shift a number and fill it from another, to the left or to the right. */
uint64_t shifted_double(uint32_t *flags, bool left, uint64_t value, uint64_t from,
                        unsigned count, unsigned size);

struct pair {
    uint64_t low, high;
};

/* The product in two numbers of `size` bytes; carry and overflow say whether the upper
 * one is needed. */
struct pair product(uint32_t *flags, uint64_t left, uint64_t right, unsigned size,
                    bool with_sign);

/* Quotient in `low`, remainder in `high`; false if it cannot be had. */
bool quotient(struct pair *number, uint64_t divisor, unsigned size, bool with_sign);

#endif
