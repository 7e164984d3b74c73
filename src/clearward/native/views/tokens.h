/* A script cut into tokens; what the expression of script.py says. */
#ifndef CLEARWARD_VIEWS_TOKENS_H
#define CLEARWARD_VIEWS_TOKENS_H

#include "buffer.h"

enum token_kind {
    TOKEN_END,
    TOKEN_WORD,
    TOKEN_NUMBER,
    TOKEN_STRING,
    TOKEN_REGEX,
    TOKEN_SIGNS
};

struct token {
    enum token_kind kind;
    struct span text;
};

struct tokens {
    struct span script;
    size_t at;
    struct buffer dead_ends; /* a bit for each place; empty until the first is met */
    struct buffer memory;    /* of the script, if it is a copy */
};

/* Begin with a copy of a script. */
void tokens_copy(struct tokens *tokens, struct span script);
bool tokens_failed(const struct tokens *tokens);
void tokens_free(struct tokens *tokens);

/* Give the next token, without what stands before it that is none: white space,
 * comments, bytes that no script has. Behind the last it is TOKEN_END. */
struct token tokens_next(struct tokens *tokens);

#endif
