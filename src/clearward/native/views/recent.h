/* The last tokens of a script, as far as the next one may change them.
 *
 * Only those of these kinds are ever taken back or added to: behind any other token what
 * was before does not matter any more. */
#ifndef CLEARWARD_VIEWS_RECENT_H
#define CLEARWARD_VIEWS_RECENT_H

#include "buffer.h"

enum recent_kind { CALLS_EVAL, CALLS_UNESCAPE, BRACKET, CONSTANT, UNESCAPED, PLUS };

struct recent {
    size_t start; /* in the output */
    enum recent_kind kind;
    unsigned unescapes; /* how often an UNESCAPED was */
};

struct recent_tokens {
    struct buffer entries; /* struct recent each */
    int64_t count;         /* of all tokens that are out */
    bool behind_dot;       /* the last one is a dot */
};

/* The token so many from the last one, which is 0; it is there. */
struct recent recent_at(const struct recent_tokens *tokens, size_t back);
bool recent_is(const struct recent_tokens *tokens, size_t back, enum recent_kind kind);
/* Take back so many tokens, which are there. */
void recent_forget(struct recent_tokens *tokens, size_t count);
/* Note that a token begins, of none of the kinds that matter. */
void recent_other(struct recent_tokens *tokens);
/* Note that a token of a kind begins that matters. */
void recent_begin(struct recent_tokens *tokens, struct recent token);

#endif
