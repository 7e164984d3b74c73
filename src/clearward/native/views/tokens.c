#include "tokens.h"

#include "classes.h"

enum { LONGEST_CLASS = 200 }; /* items in square brackets in a regular expression */

enum sort { JUNK, WORD, DIGIT, QUOTE, SLASH, OPERATOR, SIGN };

static enum sort sort_of(uint8_t byte) {
    if (is_letter(byte) || byte == '_' || byte == '$') {
        return WORD;
    }
    if (is_digit(byte)) {
        return DIGIT;
    }
    if (byte <= ' ' || byte >= 0x7F) {
        return JUNK;
    }
    switch (byte) {
        case '@':
        case '#':
        case '`':
        case '\\':
            return JUNK;
        case '"':
        case '\'':
            return QUOTE;
        case '/':
            return SLASH;
        case '=':
        case '<':
        case '>':
        case '!':
        case '&':
        case '|':
        case '?':
        case ':':
        case '*':
        case '%':
        case '^':
        case '~':
        case '-':
            return OPERATOR;
        default:
            return SIGN;
    }
}

static bool is_word(uint8_t byte) {
    return is_alphanumeric(byte) || byte == '_' || byte == '$';
}

/* Where the comment of several lines ends that begins at `at`. */
static size_t comment_end(struct span script, size_t at) {
    for (at += 2;; at++) {
        at = span_find(script, '*', at, script.length);
        if (at == script.length || SAYS(script, at, "*/")) {
            return at == script.length ? at : at + 2;
        }
    }
}

static size_t skip(struct span script, size_t at) {
    while (at < script.length) {
        if (SAYS(script, at, "//")) {
            while (at < script.length && !is_white(script.bytes[at])) {
                at++;
            }
        } else if (SAYS(script, at, "/*")) {
            at = comment_end(script, at);
        } else if (sort_of(script.bytes[at]) == JUNK) {
            at++;
        } else {
            break;
        }
    }
    return at;
}

static size_t string_end(struct span script, size_t at) {
    uint8_t quote = script.bytes[at];
    for (at++; at < script.length; at++) {
        if (script.bytes[at] == quote) {
            return at + 1;
        }
        at += script.bytes[at] == '\\';
    }
    return script.length;
}

static size_t digits_end(struct span script, size_t at) {
    while (at < script.length && is_digit(script.bytes[at])) {
        at++;
    }
    return at;
}

static size_t number_end(struct span script, size_t at) {
    at = digits_end(script, at);
    if (!SAYS(script, at, ".")) {
        return at;
    }
    at = digits_end(script, at + 1);
    if (READS(script, at, "e")) {
        size_t sign = SAYS(script, at + 1, "+") || SAYS(script, at + 1, "-") ? 1 : 0;
        size_t end = digits_end(script, at + 1 + sign);
        at = end > at + 1 + sign ? end : at;
    }
    return at;
}

static bool is_before_regex(uint8_t byte) {
    return byte != 0 && strchr("=(,:[!&|?{;+", byte) != NULL;
}

/* Whether a slash at `at` may begin a regular expression, by what is before it. */
static bool may_begin(struct span script, size_t at) {
    size_t white = at > 0 && is_white(script.bytes[at - 1]) ? 1 : 0;
    if (at == 0 || is_before_regex(script.bytes[at - 1])) {
        return true;
    }
    if (at >= 2 && white && is_before_regex(script.bytes[at - 2])) {
        return true;
    }
    return at >= 6 + white && SAYS(script, at - 6 - white, "return");
}

/* Where the class ends that begins at `at`; 0 if it does not. */
static size_t class_end(struct span script, size_t at) {
    at++;
    for (unsigned left = LONGEST_CLASS; left > 0 && at < script.length; left--) {
        uint8_t byte = script.bytes[at];
        if (byte == ']' || byte == '\r' || byte == '\n' ||
            (byte == '\\' && at + 1 == script.length)) {
            break;
        }
        at += byte == '\\' ? 2 : 1;
    }
    return SAYS(script, at, "]") ? at + 1 : 0;
}

/* Whether it is known that no regular expression ends that comes by `at`. */
static bool is_dead(const struct tokens *tokens, size_t at) {
    return tokens->dead_ends.length > 0 &&
           (tokens->dead_ends.bytes[at / 8] >> at % 8 & 1) != 0;
}

/* Remember a dead end: what has been gone once in vain is not gone again, or a script
 * could ask for time in the square of its length. */
static void bury(struct tokens *tokens, size_t at) {
    struct buffer *dead = &tokens->dead_ends;
    size_t size = tokens->script.length / 8 + 1;
    if (dead->length == 0 && buffer_reserve(dead, size)) {
        memset(dead->bytes, 0, size);
        dead->length = size;
    }
    if (dead->length > 0) {
        dead->bytes[at / 8] = (uint8_t)(dead->bytes[at / 8] | 1U << at % 8);
    }
}

/* Go from behind the first slash to behind the last; 0 if there is none. Places where
 * an item begins are buried on the way if the way is known to lead nowhere. */
static size_t walk(struct tokens *tokens, size_t at, bool burying) {
    struct span script = tokens->script;
    while (at < script.length) {
        uint8_t byte = script.bytes[at];
        if (byte == '/') {
            return at + 1;
        }
        if (byte == '\r' || byte == '\n') {
            return 0;
        }
        if (byte != '\\' && byte != '[') {
            at++;
            continue;
        }
        if (is_dead(tokens, at)) {
            return 0;
        }
        if (burying) {
            bury(tokens, at);
        }
        size_t end = byte == '[' ? class_end(script, at) : at + 2;
        if (end == 0 || end > script.length) {
            return 0;
        }
        at = end;
    }
    return 0;
}

/* Where the regular expression ends whose slash is at `at`; 0 if it is none. */
static size_t regex_end(struct tokens *tokens, size_t at) {
    if (!may_begin(tokens->script, at)) {
        return 0;
    }
    size_t end = walk(tokens, at + 1, false);
    if (end == 0) {
        walk(tokens, at + 1, true);
    }
    return end;
}

void tokens_copy(struct tokens *tokens, struct span script) {
    *tokens = (struct tokens){.at = 0};
    buffer_append(&tokens->memory, script.bytes, script.length);
    tokens->script = buffer_span(&tokens->memory);
}

bool tokens_failed(const struct tokens *tokens) {
    return tokens->dead_ends.failed || tokens->memory.failed;
}

void tokens_free(struct tokens *tokens) {
    buffer_free(&tokens->dead_ends);
    buffer_free(&tokens->memory);
}

static enum token_kind kind_of(enum sort sort) {
    return sort == WORD     ? TOKEN_WORD
           : sort == DIGIT ? TOKEN_NUMBER
           : sort == QUOTE ? TOKEN_STRING
                           : TOKEN_SIGNS;
}

struct token tokens_next(struct tokens *tokens) {
    struct span script = tokens->script;
    size_t start = skip(script, tokens->at);
    if (start == script.length) {
        tokens->at = start;
        return (struct token){TOKEN_END, {script.bytes, 0}};
    }
    size_t end = start + 1;
    enum sort sort = sort_of(script.bytes[start]);
    enum token_kind kind = kind_of(sort);
    if (sort == WORD) {
        while (end < script.length && is_word(script.bytes[end])) {
            end++;
        }
    } else if (sort == DIGIT) {
        end = number_end(script, start);
    } else if (sort == QUOTE) {
        end = string_end(script, start);
    } else if (sort == OPERATOR) {
        while (end < script.length && sort_of(script.bytes[end]) == OPERATOR) {
            end++;
        }
    } else if (sort == SLASH) {
        size_t regex = regex_end(tokens, start);
        kind = regex > 0 ? TOKEN_REGEX : kind;
        end = regex > 0 ? regex : end;
    }
    tokens->at = end;
    return (struct token){kind, span_cut(script, start, end)};
}
