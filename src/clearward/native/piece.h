/* Where a piece matches, and where its matches end. */
#ifndef CLEARWARD_PIECE_H
#define CLEARWARD_PIECE_H

#include "ends.h"
#include "grams.h"
#include "layout.h"
#include "view.h"

/* A piece, ready to be searched. */
struct piece {
    struct piece_record record;
    const uint8_t *row;     /* elements; BORDER and NEAR in front of them hold before */
    const uint8_t *row_end; /* what is behind them holds behind */
    const uint8_t *end;
    struct needle needle; /* stands in every match; length 0: there is none */
    uint32_t needle_distance; /* from its start */
};

/* What a search for pieces works with; the same one for all pieces of an image.
 *
 * `steps` is what is left of a budget that counts bytes looked at, roughly; nothing is
 * searched any more once it is 0. All that a match takes of bytes, and what is looked at
 * around it (`AROUND`), is at hand if it begins below `horizon`. */
struct pieces {
    struct view view;
    uint64_t horizon; /* UINT64_MAX: the rest of the part is at hand */
    uint64_t zeros;   /* so many bytes from the first one at hand on are zero */
    uint64_t steps;
    unsigned words;   /* of a set of ends */
    uint64_t *memory; /* see `pieces_memory` */
    const struct grams *grams; /* of the part; NULL: not known */
};

enum { AROUND = MOST_NEAR + 2 }; /* bytes before and behind a match that are looked at */

/* How many words of memory pieces whose lengths vary by `spread` bytes take. */
uint64_t pieces_memory(uint64_t spread);

/* The piece whose record stands at `at`. */
struct piece piece_read(const uint8_t *at);

/* The first place from `at` on, below `end`, where `piece` begins; `end` if there is
 * none or steps ran out. `ends` are then the places behind it. */
uint64_t piece_find(struct pieces *pieces, const struct piece *piece, uint64_t at,
                    uint64_t end, struct ends *ends);

#endif
