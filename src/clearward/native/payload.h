/* The check of what sub-signatures are made of, from its first byte to its last. */
#ifndef CLEARWARD_PAYLOAD_H
#define CLEARWARD_PAYLOAD_H

#include "image.h"

/* Bytes still to be read of a program or a part of it. */
struct rest {
    const uint8_t *at;
    uint64_t left;
};

/* The next `count` bytes, or NULL if there are not so many. */
static inline const uint8_t *take(struct rest *rest, uint64_t count) {
    if (rest->left < count) {
        return NULL;
    }
    const uint8_t *at = rest->at;
    rest->at += count;
    rest->left -= count;
    return at;
}

/* Each gives NULL if the payload is in order, else what is wrong. */

/* `needs` grow by what the body takes. */
const char *check_body(struct rest rest, struct body_needs *needs);

const char *check_compare(struct rest rest);

/* `subs` are those before it; `texts` are bytes. */
const char *check_regex(struct rest rest, unsigned subs, uint64_t texts);

/* The macro is the sub behind one of kind `before`. */
const char *check_macro(struct rest rest, uint8_t before);

/* Operations over subs below `subs` that leave one value; what is behind them is left. */
const char *check_expression(struct rest *rest, unsigned subs);

#endif
