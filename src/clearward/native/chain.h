/* Matches of a chain: pieces with gaps between them. */
#ifndef CLEARWARD_CHAIN_H
#define CLEARWARD_CHAIN_H

#include "piece.h"
#include "starts.h"

#define NO_PLACE UINT64_MAX
#define LATER (UINT64_MAX - 2) /* a place behind the horizon, if any */

/* Ranges that wait for a piece; see `stages_queue` for how many there may be. */
struct stage {
    struct piece piece;
    uint64_t at;    /* places below have been looked at */
    uint64_t limit; /* places below that are in no range are not allowed */
    struct range *queue;
    unsigned waiting;
    bool complete; /* all ranges that there will be are in the queue */
};

/* Where to look, for all chains of a body. */
struct scope {
    struct pieces *pieces;
    const struct facts *facts;
    const uint8_t *place; /* PLACE of the body */
    unsigned capacity;    /* of a queue */
};

struct chain {
    struct stage *stages;
    unsigned count;
    uint64_t last_start; /* the first piece begins nowhere behind this */
    uint64_t last_place; /* likewise the last piece */
};

/* Ranges that a queue needs room for if lengths of pieces vary by `spread`. */
unsigned chain_capacity(uint64_t spread);

/* Read the chain at `at` into `stages`; `queues` has room for a queue of each piece but
 * the first. What is behind the chain. */
const uint8_t *chain_read(struct chain *chain, const uint8_t *at, struct stage *stages,
                          struct range *queues, unsigned capacity);

/* Begin anew; matches are wanted whose last piece begins from `first_place` to
 * `last_place`, and whose first one begins at `last_start` at the latest. */
void chain_restart(struct chain *chain, uint64_t first_place, uint64_t last_place,
                   uint64_t last_start);

/* The next place of the last piece, ascending; NO_PLACE if there is none, or if steps
 * ran out, which are 0 then. LATER if there is none below the horizon of the pieces: ask
 * again when that has moved on. */
uint64_t chain_next(struct chain *chain, const struct scope *scope);

#endif
