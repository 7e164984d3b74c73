/* Which bytes stand anywhere in a part, roughly, so that most searches for what is not
 * there need not be made.
 *
 * Many signatures may be verified on one part, each of which searches all of it. To read
 * what the part has costs about as much as eight searches.
 */
#ifndef CLEARWARD_GRAMS_H
#define CLEARWARD_GRAMS_H

#include "search.h"

enum { GRAMS_SIZE = 1 << 22 }; /* bytes of memory */

struct grams {
    uint8_t *bitmap; /* GRAMS_SIZE bytes */
    unsigned bits;   /* of a hash, which number a bit; 0: nothing was read */
};

/* Read which grams a part has that `candidates` signatures may match, if these are
 * enough to make that worth its while. What was read of the part before is forgotten. */
void grams_read(struct grams *grams, const uint8_t *data, uint64_t length,
                uint64_t candidates);

/* False if the needle stands nowhere in the part. */
bool grams_may_hold(const struct grams *grams, const struct needle *needle);

#endif
