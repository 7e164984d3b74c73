/* What hides in the text of scripts; see formats/normalise/signs.py. */
#ifndef CLEARWARD_VIEWS_SIGNS_H
#define CLEARWARD_VIEWS_SIGNS_H

#include "buffer.h"

enum signs {
    SIGN_RUN = 1,
    SIGN_NUMBERS = 2,
    SIGN_ESCAPES = 4,
    SIGN_JOINS = 8,
    SIGN_CALLS = 16,
    SIGN_TICKS = 32,
    SIGN_CARETS = 64,
    SIGN_NAMES = 128,
};

enum { SIGN_APART = 256 };

/* Which signs there are in a text, a bit each. Where those are that are neither runs nor
 * numbers is told if it is asked for: one place for all within so many bytes. */
unsigned signs_of(struct span text, const uint8_t *pairs, struct buffer *places);
#endif
