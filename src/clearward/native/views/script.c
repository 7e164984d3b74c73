#include "script.h"

#include <stdio.h>
#include <stdlib.h>

#include "classes.h"
#include "names.h"
#include "spelling.h"
#include "strings.h"
#include "tokens.h"

enum { MOST_NESTED = 64, MOST_EVALS = 8, MOST_UNESCAPES = 8 };

/* What a token is for the one behind it. Only these are ever taken back or added to:
 * behind any other what was before does not matter any more. */
enum recent_kind { CALLS_EVAL, CALLS_UNESCAPE, BRACKET, CONSTANT, UNESCAPED, PLUS };

struct recent {
    size_t start; /* in the output */
    enum recent_kind kind;
    unsigned unescapes; /* how often an UNESCAPED was */
};

struct level { /* a script, or what an eval in it was called with */
    struct buffer memory;
    struct tokens tokens;
};

struct function {
    uint32_t scope;
    int64_t depth; /* braces that were open before it */
};

struct reading {
    struct buffer out;
    struct buffer recent;
    int64_t count; /* tokens that are out */
    bool behind_dot;
    struct names names;
    struct buffer marks; /* struct spelling_mark each */
    struct function open[MOST_NESTED];
    unsigned functions; /* of `open` */
    int64_t depth;      /* open braces */
    uint32_t declared;
    bool in_head;    /* between "function" and the end of its parameters */
    bool in_var;
    bool declares;   /* the next word is a new name */
    int64_t swallows; /* as many tokens out, a semicolon behind an eval goes */
    struct level levels[MOST_EVALS + 1];
    unsigned evals;
    struct buffer number; /* for its own use */
};

static size_t recent_count(const struct reading *reading) {
    return reading->recent.length / sizeof(struct recent);
}

/* The recent token so many from the last one, which is 0; it is there. */
static struct recent recent_at(const struct reading *reading, size_t back) {
    struct recent recent;
    size_t place = recent_count(reading) - 1 - back;
    memcpy(&recent, reading->recent.bytes + place * sizeof recent, sizeof recent);
    return recent;
}

static bool is_recent(const struct reading *reading, size_t back, enum recent_kind kind) {
    return back < recent_count(reading) && recent_at(reading, back).kind == kind;
}

static void forget(struct reading *reading, size_t tokens) {
    reading->recent.length -= tokens * sizeof(struct recent);
    reading->count -= (int64_t)tokens;
}

/* Note that a token begins, of none of the kinds that matter. */
static void other(struct reading *reading) {
    reading->recent.length = 0;
    reading->count++;
    reading->behind_dot = false;
}

/* Note that a token of a kind begins that matters. */
static void begin(struct reading *reading, enum recent_kind kind, unsigned unescapes) {
    bool constant = kind == CONSTANT || kind == UNESCAPED;
    if (constant && !is_recent(reading, 0, BRACKET)) {
        reading->recent.length = 0; /* only with a call is a constant taken back */
    }
    struct recent recent = {reading->out.length, kind, unescapes};
    buffer_append(&reading->recent, (const uint8_t *)&recent, sizeof recent);
    reading->count++;
    reading->behind_dot = false;
}

static void put_text(struct reading *reading, struct span text) {
    buffer_append(&reading->out, text.bytes, text.length);
}

static void put_word(struct reading *reading, struct span word) {
    buffer_put(&reading->out, EDGE);
    put_text(reading, word);
    buffer_put(&reading->out, EDGE);
}

static void mark(struct reading *reading) {
    struct spelling_mark mark = {reading->out.length,
                                 reading->open[reading->functions - 1].scope};
    buffer_append(&reading->marks, (const uint8_t *)&mark, sizeof mark);
}

static void take_name(struct reading *reading, struct span name) {
    if (reading->behind_dot) {
        /* One token with its dot, which says that it is no variable. */
        put_text(reading, name);
        buffer_put(&reading->out, EDGE);
        reading->behind_dot = false;
        return;
    }
    if (name.length == 4 && SAYS(name, 0, "eval")) {
        begin(reading, CALLS_EVAL, 0);
    } else if (name.length == 8 && SAYS(name, 0, "unescape")) {
        begin(reading, CALLS_UNESCAPE, 0);
    } else {
        other(reading);
    }
    put_word(reading, name);
    if (reading->declares || reading->in_head) {
        uint32_t scope = reading->open[reading->functions - 1].scope;
        names_declare(&reading->names, name, scope, reading->declared);
        reading->declared++;
        reading->declares = false;
    }
}

static void take_function(struct reading *reading, struct span word) {
    other(reading);
    put_word(reading, word);
    if (reading->functions < MOST_NESTED) {
        uint32_t parent = reading->open[reading->functions - 1].scope;
        uint32_t scope = names_scope(&reading->names, parent);
        reading->open[reading->functions] = (struct function){scope, reading->depth};
        reading->functions++;
        mark(reading);
    }
    reading->in_head = true;
}

static void take_word(struct reading *reading, struct span word) {
    if (word.length == 8 && SAYS(word, 0, "function")) {
        take_function(reading, word);
    } else if (word.length == 3 && SAYS(word, 0, "var")) {
        other(reading);
        put_word(reading, word);
        reading->declares = reading->in_var = true;
    } else {
        take_name(reading, word);
    }
}

/* Write a number as C does with %g, an integer without zeros in front. */
static void take_number(struct reading *reading, struct span number) {
    char written[32];
    other(reading);
    if (span_find(number, '.', 0, number.length) < number.length) {
        struct buffer *copy = &reading->number;
        copy->length = 0;
        buffer_append(copy, number.bytes, number.length);
        buffer_put(copy, 0);
        if (copy->failed) {
            return;
        }
        int length = snprintf(written, sizeof written, "%g",
                              strtod((const char *)copy->bytes, NULL));
        number = (struct span){(const uint8_t *)written, (size_t)length};
    } else {
        while (number.length > 1 && number.bytes[0] == '0') {
            number = span_cut(number, 1, number.length);
        }
    }
    put_word(reading, number);
}

static void take_string(struct reading *reading, struct span token) {
    if (is_recent(reading, 0, PLUS) && is_recent(reading, 1, CONSTANT)) {
        forget(reading, 1);
        reading->out.length -= 2; /* the sign, and the quote before it */
    } else {
        begin(reading, CONSTANT, 0);
        buffer_put(&reading->out, '"');
    }
    strings_content(token, &reading->out);
    buffer_put(&reading->out, '"');
}

/* Double edges are spaces in the end, others nothing; in a regular expression such
 * bytes are treated so at once. */
static void take_regex(struct reading *reading, struct span token) {
    other(reading);
    for (size_t at = 0; at < token.length; at++) {
        bool two = SAYS(token, at, "\2\2");
        if (token.bytes[at] != EDGE) {
            buffer_put(&reading->out, token.bytes[at]);
        } else if (two) {
            buffer_put(&reading->out, ' ');
            at++;
        }
    }
}

static void take_brace(struct reading *reading, bool closes) {
    other(reading);
    buffer_put(&reading->out, closes ? '}' : '{');
    if (!closes) {
        reading->in_head = false;
        reading->depth++;
        return;
    }
    reading->depth -= reading->depth > 0 ? 1 : 0;
    while (reading->open[reading->functions - 1].depth >= reading->depth) {
        reading->functions--;
        mark(reading);
    }
}

/* Take an argument that stands from byte `start` on back, with its call, which begins
 * at `call`, and read it instead. */
static void enter(struct reading *reading, size_t call, size_t start) {
    struct level *level = &reading->levels[reading->evals + 1];
    size_t length = reading->out.length - start;
    *level = (struct level){.memory = {NULL, 0, 0, false}};
    buffer_append(&level->memory, reading->out.bytes + start + 1, length - 2);
    level->tokens.script = buffer_span(&level->memory);
    reading->out.length = call;
    reading->evals++;
}

static void take_bracket(struct reading *reading) {
    reading->in_head = false;
    bool text = is_recent(reading, 0, CONSTANT) || is_recent(reading, 0, UNESCAPED);
    bool called = text && is_recent(reading, 1, BRACKET);
    if (called && is_recent(reading, 2, CALLS_UNESCAPE) &&
        recent_at(reading, 0).unescapes < MOST_UNESCAPES) {
        struct recent argument = recent_at(reading, 0);
        size_t call = recent_at(reading, 2).start;
        struct buffer *out = &reading->out;
        strings_unescape(out, argument.start);
        size_t length = out->length - argument.start;
        memmove(out->bytes + call, out->bytes + argument.start, length);
        forget(reading, 3);
        out->length = call;
        begin(reading, UNESCAPED, argument.unescapes + 1);
        out->length = call + length;
        return;
    }
    if (called && is_recent(reading, 2, CALLS_EVAL) && reading->evals < MOST_EVALS) {
        size_t call = recent_at(reading, 2).start;
        size_t start = recent_at(reading, 0).start;
        forget(reading, 3);
        enter(reading, call, start);
        return;
    }
    other(reading);
    buffer_put(&reading->out, ')');
}

static void take_sign(struct reading *reading, uint8_t sign) {
    bool after_call =
        is_recent(reading, 0, CALLS_EVAL) || is_recent(reading, 0, CALLS_UNESCAPE);
    if (sign == '(' && after_call) {
        begin(reading, BRACKET, 0);
    } else if (sign == '+' && is_recent(reading, 0, CONSTANT)) {
        begin(reading, PLUS, 0);
    } else {
        other(reading);
    }
    buffer_put(&reading->out, sign);
    reading->behind_dot = sign == '.';
}

static void take_signs(struct reading *reading, struct span token) {
    uint8_t sign = token.bytes[0];
    if (token.length > 1) {
        other(reading);
        put_text(reading, token);
    } else if (sign == '{' || sign == '}') {
        take_brace(reading, sign == '}');
    } else if (sign == ')') {
        take_bracket(reading);
    } else if (sign == ';' && reading->swallows == reading->count) {
        reading->in_var = false;
        reading->swallows = -1;
    } else {
        take_sign(reading, sign);
        reading->declares = sign == ',' ? reading->in_var && reading->depth == 0
                                        : reading->declares;
        reading->in_var = reading->in_var && sign != ';';
    }
}

static void take(struct reading *reading, struct token token) {
    switch (token.kind) {
        case TOKEN_WORD:
            take_word(reading, token.text);
            break;
        case TOKEN_NUMBER:
            take_number(reading, token.text);
            break;
        case TOKEN_STRING:
            take_string(reading, token.text);
            break;
        case TOKEN_REGEX:
            take_regex(reading, token.text);
            break;
        default:
            take_signs(reading, token.text);
    }
}

static void leave(struct level *level) {
    buffer_free(&level->tokens.dead_ends);
    buffer_free(&level->memory);
}

static bool failed(const struct reading *reading) {
    const struct level *level = &reading->levels[reading->evals];
    return level->memory.failed || level->tokens.dead_ends.failed ||
           reading->out.failed || reading->recent.failed || reading->marks.failed ||
           reading->number.failed || names_failed(&reading->names);
}

/* Read the script, and what it hands to eval in its place; false if there is no
 * memory. */
static bool read_all(struct reading *reading) {
    for (;;) {
        struct level *level = &reading->levels[reading->evals];
        struct token token = tokens_next(&level->tokens);
        if (token.kind != TOKEN_END) {
            take(reading, token);
        }
        if (failed(reading)) {
            return false;
        }
        if (token.kind != TOKEN_END) {
            continue;
        }
        other(reading);
        reading->swallows = reading->count;
        if (reading->evals == 0) {
            return true;
        }
        leave(level);
        reading->evals--;
    }
}

bool script_normalise(struct span script, uint64_t key, struct buffer *out) {
    if (script.length > LONGEST_SCRIPT) {
        return false;
    }
    struct reading *reading = calloc(1, sizeof *reading);
    if (reading == NULL) {
        return false;
    }
    names_begin(&reading->names, key);
    reading->open[0] = (struct function){0, -1};
    reading->functions = 1;
    reading->swallows = -1;
    reading->levels[0].tokens.script = script;
    mark(reading);
    bool done = read_all(reading);
    if (done) {
        done = spelling_write(buffer_span(&reading->out), buffer_span(&reading->marks),
                              &reading->names, out);
    }
    for (unsigned level = 0; level <= reading->evals; level++) {
        leave(&reading->levels[level]);
    }
    buffer_free(&reading->out);
    buffer_free(&reading->recent);
    buffer_free(&reading->marks);
    buffer_free(&reading->number);
    names_free(&reading->names);
    free(reading);
    return done;
}
