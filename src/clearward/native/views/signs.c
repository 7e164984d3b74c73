#include "signs.h"

#include "pairs.h"
#include "runs.h"
#include "tricks.h"

/* One look at every pair of bytes, two bytes apart: a table says for which pairs a sign
 * may be near, which are few in most text, and only there it is looked for closely. Each
 * sign has a telling pair in either place. The table says of each pair whether both are
 * letters of base64, too: of a run enough pairs are. */

enum { BLOCK = LEAST_RUN / 2 };

/* The signs that the pairs of some bytes tell of. */
static unsigned block_signs(struct span text, size_t start, size_t end,
                            const uint8_t *pairs, struct look *look) {
    unsigned found = 0;
    for (size_t at = start; at + 1 < end; at += 2) {
        unsigned near = pairs[pair_at(text.bytes + at)];
        near &= PAIR_ENCODED - 1;
        if (near != 0 && pairs_go_on(text, at)) {
            found |= tricks_near(text, at, near, look);
        }
    }
    return found;
}

unsigned signs_of(struct span text, const uint8_t *pairs, struct buffer *places) {
    unsigned found = 0;
    size_t passed = 0; /* the end of the last run */
    size_t at = 0;
    struct look look = {.places = places};
    for (; BLOCK <= text.length - at; at += BLOCK) {
        unsigned any = 0;
        unsigned all = PAIR_ENCODED;
        for (unsigned pair = 0; pair < BLOCK; pair += 2) {
            const uint8_t *bytes = text.bytes + at + pair;
            unsigned near = pairs[pair_at(bytes)];
            any |= near;
            all &= near;
        }
        if (all != 0 && at >= passed && (found & SIGN_RUN) == 0) {
            found |= runs_at(text, at, &passed) ? SIGN_RUN : 0;
        }
        if ((any & (PAIR_ENCODED - 1)) != 0) {
            found |= block_signs(text, at, at + BLOCK, pairs, &look);
        }
    }
    return found | block_signs(text, at, text.length, pairs, &look);
}
