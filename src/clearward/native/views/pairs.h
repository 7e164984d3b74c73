/* Pairs of bytes that tell that a sign may be near; see signs.h. */
#ifndef CLEARWARD_VIEWS_PAIRS_H
#define CLEARWARD_VIEWS_PAIRS_H

#include "buffer.h"

enum { SIGN_PAIRS = 1 << 16 };

enum {
    NEAR_JOIN = 1,
    NEAR_MARK = 2,
    NEAR_ESCAPE = 4,
    NEAR_NUMBER = 8,
    NEAR_CALL = 16,
    NEAR_NAME = 32,
    PAIR_ENCODED = 64
};

/* Two bytes as a number, in whatever order the machine has. */
static inline unsigned pair_at(const uint8_t *bytes) {
    uint16_t pair;
    memcpy(&pair, bytes, sizeof pair);
    return pair;
}

/* Fill a table of so many bytes: for each pair what may be near. */
void pairs_prepare(uint8_t *pairs);
/* Whether a pair of letters, which words have as well, goes on as a sign does. */
bool pairs_go_on(struct span text, size_t at);

#endif
