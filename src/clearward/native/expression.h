/* Expressions over counts that may be known only roughly; expression.py says what each
 * operation means. */
#ifndef CLEARWARD_EXPRESSION_H
#define CLEARWARD_EXPRESSION_H

#include "layout.h"

#define ENDLESS ((uint64_t)INT64_MAX)

/* How often a sub-signature matched. */
struct count {
    uint64_t least;
    uint64_t most;
};

/* What an operand hands up: sums and sets (as bits) are for when it is true. */
struct outcome {
    bool may_be_true;
    bool may_be_false;
    uint64_t least;
    uint64_t most;
    uint64_t surely;
    uint64_t perhaps;
};

/* What an expression, its length first, hands up. */
struct outcome expression_evaluate(const uint8_t *expression, const struct count *counts);

/* What an expression asks: the subs that it names as bits added to `named`, and for each
 * of them in `enough` how many matches tell as much as all. */
void expression_asks(const uint8_t *expression, uint64_t *named, uint64_t *enough);

/* Bytes of an operation, its kind included; 0 for an unknown one. */
unsigned operation_size(uint8_t kind);

#endif
