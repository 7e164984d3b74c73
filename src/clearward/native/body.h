/* Matches of a body: of any of its chains. */
#ifndef CLEARWARD_BODY_H
#define CLEARWARD_BODY_H

#include "chain.h"
#include "image.h"

/* Room for the chains of one body; twice where it is to be asked, too, where a match
 * starts. */
struct body_memory {
    struct chain *chains;
    uint64_t *next; /* place of each chain */
    struct stage *stages;
    struct range *queues;
};

struct body {
    struct scope scope;
    struct chain *chains;
    struct chain *asked;
    uint64_t *next; /* match of each chain that is to be handed out */
    uint64_t last;  /* match that was handed out */
    unsigned count;
};

/* Read the payload of a body; `scope.place` is set to its place. `needs` are those of
 * the image that `memory` was made for, or NULL if there is room but once. */
void body_read(struct body *body, const uint8_t *payload, struct scope scope,
               const struct body_memory *memory, const struct body_needs *needs);

/* The next match, ascending, each place once; NO_PLACE if there is none, or if steps ran
 * out, which are 0 then. LATER if there is none below the horizon: ask again when it has
 * moved on, and not before it was said. */
uint64_t body_next(struct body *body);

/* Where the match at `place` starts: the first place where a first piece may begin that
 * leads there. NO_PLACE if steps ran out. */
uint64_t body_start(struct body *body, uint64_t place);

#endif
