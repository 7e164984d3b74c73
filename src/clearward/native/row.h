/* Which matches a row of elements has, of all lengths at the same time. */
#ifndef CLEARWARD_ROW_H
#define CLEARWARD_ROW_H

#include "ends.h"
#include "grams.h"
#include "layout.h"
#include "view.h"

/* What a search for pieces works with; the same one for all pieces of an image.
 *
 * `steps` is what is left of a budget that counts bytes looked at, roughly; nothing is
 * searched any more once it is 0. All that a match takes of bytes, and what is looked at
 * around it (`AROUND` of piece.h), is at hand if it begins below `horizon`. */
struct pieces {
    struct view view;
    uint64_t horizon; /* UINT64_MAX: the rest of the part is at hand */
    uint64_t zeros;   /* so many bytes from the first one at hand on are zero */
    uint64_t steps;
    unsigned words;   /* of a set of ends */
    uint64_t *memory; /* see `pieces_memory` */
    const struct grams *grams; /* of the part; NULL: not known */
};

/* How many words of memory pieces whose lengths vary by `spread` bytes take. */
uint64_t pieces_memory(uint64_t spread);

static inline void pieces_spend(struct pieces *pieces, uint64_t steps) {
    pieces->steps -= steps < pieces->steps ? steps : pieces->steps;
}

/* How many bytes an element takes that is no choice, and what is behind it. */
uint64_t run_length(const uint8_t *element, const uint8_t **behind);

/* What is behind a choice. */
const uint8_t *choice_end(const uint8_t *choice);

/* Turn the places where matches of a row may begin into those where they end; false if
 * there is none. The row goes from `at` to `end`, within so many choices. */
bool row_matches(struct pieces *pieces, const uint8_t *at, const uint8_t *end,
                 unsigned depth, struct ends *set);

#endif
