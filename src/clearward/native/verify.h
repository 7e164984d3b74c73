/* One signature against one part. */
#ifndef CLEARWARD_VERIFY_H
#define CLEARWARD_VERIFY_H

#include "body.h"
#include "image.h"

/* What verification works with, taken once for an image whatever the parts: sets of
 * ends, chains with their ranges, and places for macros. */
struct workspace {
    uint64_t *ends;
    struct body_memory bodies;
    uint64_t *places; /* twice MOST_PLACES */
    struct grams *grams; /* memory for those of a part */
    unsigned capacity; /* ranges in a queue */
};

enum { MOST_PLACES = 65536 }; /* of starts that a macro looks at */

/* A part. */
struct part {
    const uint8_t *data;
    uint64_t length;
    const struct grams *grams; /* NULL: not known */
    struct facts facts;
};

/* What a signature says about a part: STATE_NO if it does not match. `steps` is the
 * budget; steps are counted as steps.py says, roughly. */
enum state verify(const struct image *image, const struct workspace *workspace,
                  uint32_t signature, const struct part *part, uint64_t steps);

#endif
