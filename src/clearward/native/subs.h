/* The sub-signatures of a signature, and what is known about them. */
#ifndef CLEARWARD_SUBS_H
#define CLEARWARD_SUBS_H

#include "expression.h"
#include "verify.h"

struct sub {
    const uint8_t *payload;
    uint8_t kind;
    bool grouped;       /* a body that only macros look for */
    bool needs_last;    /* another one counts from the start of its last match */
    bool known;         /* its matches were counted */
    uint64_t enough;    /* so many matches tell as much as all */
    struct count count; /* of matches, at most `enough`, also of one that is grouped */
    uint64_t last;      /* start of the last match, NO_PLACE if there is none */
};

struct subs {
    const struct image *image;
    const struct workspace *workspace;
    const struct part *part;
    const uint8_t *expression;
    struct pieces pieces;
    uint64_t named; /* bits of those that the expression names */
    unsigned count;
    struct sub all[MOST_SUBS];
    struct count counts[MOST_SUBS]; /* for the expression */
};

/* Read `count` sub-signatures and the expression behind them. */
void subs_read(struct subs *subs, const uint8_t *at, unsigned count,
               const struct image *image, const struct workspace *workspace,
               const struct part *part, uint64_t steps);

/* What the expression can be, as far as is known. */
struct outcome subs_outcome(const struct subs *subs);

/* What that says about a part: out of steps, no, or at least perhaps. */
enum state subs_state(const struct subs *subs, uint32_t signature);

/* Begin to search a body. Only one at a time may be searched. */
void subs_body(struct subs *subs, unsigned index, struct body *body);

#endif
