#include "recent.h"

static size_t held(const struct recent_tokens *tokens) {
    return tokens->entries.length / sizeof(struct recent);
}

struct recent recent_at(const struct recent_tokens *tokens, size_t back) {
    struct recent recent;
    size_t place = held(tokens) - 1 - back;
    memcpy(&recent, tokens->entries.bytes + place * sizeof recent, sizeof recent);
    return recent;
}

bool recent_is(const struct recent_tokens *tokens, size_t back, enum recent_kind kind) {
    return back < held(tokens) && recent_at(tokens, back).kind == kind;
}

void recent_forget(struct recent_tokens *tokens, size_t count) {
    tokens->entries.length -= count * sizeof(struct recent);
    tokens->count -= (int64_t)count;
}

void recent_other(struct recent_tokens *tokens) {
    tokens->entries.length = 0;
    tokens->count++;
    tokens->behind_dot = false;
}

void recent_begin(struct recent_tokens *tokens, struct recent token) {
    bool constant = token.kind == CONSTANT || token.kind == UNESCAPED;
    if (constant && !recent_is(tokens, 0, BRACKET)) {
        tokens->entries.length = 0; /* only with a call is a constant taken back */
    }
    buffer_append(&tokens->entries, (const uint8_t *)&token, sizeof token);
    tokens->count++;
    tokens->behind_dot = false;
}
