/* Where a piece matches, and where its matches end. */
#ifndef CLEARWARD_PIECE_H
#define CLEARWARD_PIECE_H

#include "row.h"

/* A piece, ready to be searched. */
struct piece {
    struct piece_record record;
    const uint8_t *row;     /* elements; BORDER and NEAR in front of them hold before */
    const uint8_t *row_end; /* what is behind them holds behind */
    const uint8_t *end;
    struct needle needle; /* stands in every match; length 0: there is none */
    uint32_t needle_distance; /* from its start */
};

enum { AROUND = MOST_NEAR + 2 }; /* bytes before and behind a match that are looked at */

/* The piece whose record stands at `at`. */
struct piece piece_read(const uint8_t *at);

/* The first place from `at` on, below `end`, where `piece` begins; `end` if there is
 * none or steps ran out. `ends` are then the places behind it. */
uint64_t piece_find(struct pieces *pieces, const struct piece *piece, uint64_t at,
                    uint64_t end, struct ends *ends);

#endif
