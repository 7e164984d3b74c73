/* A script cut into tokens; what the expression of script.py says. */
#ifndef CLEARWARD_VIEWS_TOKENS_H
#define CLEARWARD_VIEWS_TOKENS_H

#include "buffer.h"

enum token_kind { TOKEN_END, TOKEN_WORD, TOKEN_NUMBER, TOKEN_STRING, TOKEN_REGEX, TOKEN_SIGNS };

struct token {
    enum token_kind kind;
    struct span text;
};

struct tokens {
    struct span script;
    size_t at;
    struct buffer dead_ends; /* a bit for each place; empty until the first is met */
};

/* Give the next token, without what stands before it that is none: white space,
 * comments, bytes that no script has. Behind the last it is TOKEN_END. */
struct token tokens_next(struct tokens *tokens);

#endif
