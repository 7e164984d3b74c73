#include "script.h"

#include <stdlib.h>

#include "classes.h"
#include "names.h"
#include "recent.h"
#include "spelling.h"
#include "strings.h"
#include "tokens.h"

enum { MOST_NESTED = 64, MOST_EVALS = 8, MOST_UNESCAPES = 8 };

struct function {
    uint32_t scope;
    int64_t depth; /* braces that were open before it */
};

struct reading {
    struct buffer out;
    struct recent_tokens recent;
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
    struct tokens levels[MOST_EVALS + 1]; /* the script, and what eval was called with */
    unsigned evals;
    struct buffer number; /* for its own use */
};

static void other(struct reading *reading) { recent_other(&reading->recent); }

static void begin(struct reading *reading, enum recent_kind kind) {
    recent_begin(&reading->recent, (struct recent){reading->out.length, kind, 0});
}

static bool is_recent(const struct reading *reading, size_t back, enum recent_kind kind) {
    return recent_is(&reading->recent, back, kind);
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
    if (reading->recent.behind_dot) {
        /* One token with its dot, which says that it is no variable. */
        put_text(reading, name);
        buffer_put(&reading->out, EDGE);
        reading->recent.behind_dot = false;
        return;
    }
    if (name.length == 4 && SAYS(name, 0, "eval")) {
        begin(reading, CALLS_EVAL);
    } else if (name.length == 8 && SAYS(name, 0, "unescape")) {
        begin(reading, CALLS_UNESCAPE);
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

static void take_number(struct reading *reading, struct span number) {
    other(reading);
    buffer_put(&reading->out, EDGE);
    strings_number(number, &reading->number, &reading->out);
    buffer_put(&reading->out, EDGE);
}

static void take_string(struct reading *reading, struct span token) {
    if (is_recent(reading, 0, PLUS) && is_recent(reading, 1, CONSTANT)) {
        recent_forget(&reading->recent, 1);
        reading->out.length -= 2; /* the sign, and the quote before it */
    } else {
        begin(reading, CONSTANT);
        buffer_put(&reading->out, '"');
    }
    strings_content(token, &reading->out);
    buffer_put(&reading->out, '"');
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
    struct span argument = span_cut(buffer_span(&reading->out), start + 1,
                                    reading->out.length - 1);
    reading->evals++;
    tokens_copy(&reading->levels[reading->evals], argument);
    reading->out.length = call;
}

static void take_bracket(struct reading *reading) {
    struct recent_tokens *recent = &reading->recent;
    reading->in_head = false;
    bool text = is_recent(reading, 0, CONSTANT) || is_recent(reading, 0, UNESCAPED);
    bool called = text && is_recent(reading, 1, BRACKET);
    if (called && is_recent(reading, 2, CALLS_UNESCAPE) &&
        recent_at(recent, 0).unescapes < MOST_UNESCAPES) {
        struct recent argument = recent_at(recent, 0);
        size_t call = recent_at(recent, 2).start;
        struct buffer *out = &reading->out;
        strings_unescape(out, argument.start);
        size_t length = out->length - argument.start;
        memmove(out->bytes + call, out->bytes + argument.start, length);
        recent_forget(recent, 3);
        out->length = call;
        recent_begin(recent, (struct recent){call, UNESCAPED, argument.unescapes + 1});
        out->length = call + length;
        return;
    }
    if (called && is_recent(reading, 2, CALLS_EVAL) && reading->evals < MOST_EVALS) {
        size_t call = recent_at(recent, 2).start;
        size_t start = recent_at(recent, 0).start;
        recent_forget(recent, 3);
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
        begin(reading, BRACKET);
    } else if (sign == '+' && is_recent(reading, 0, CONSTANT)) {
        begin(reading, PLUS);
    } else {
        other(reading);
    }
    buffer_put(&reading->out, sign);
    reading->recent.behind_dot = sign == '.';
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
    } else if (sign == ';' && reading->swallows == reading->recent.count) {
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
            other(reading);
            strings_regex(token.text, &reading->out);
            break;
        default:
            take_signs(reading, token.text);
    }
}

static bool failed(const struct reading *reading) {
    return tokens_failed(&reading->levels[reading->evals]) || reading->out.failed ||
           reading->recent.entries.failed || reading->marks.failed ||
           reading->number.failed || names_failed(&reading->names);
}

/* Read the script, and what it hands to eval in its place; false if there is no
 * memory. */
static bool read_all(struct reading *reading) {
    for (;;) {
        struct tokens *level = &reading->levels[reading->evals];
        struct token token = tokens_next(level);
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
        reading->swallows = reading->recent.count;
        if (reading->evals == 0) {
            return true;
        }
        tokens_free(level);
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
    reading->levels[0].script = script;
    mark(reading);
    bool done = read_all(reading);
    if (done) {
        done = spelling_write(buffer_span(&reading->out), buffer_span(&reading->marks),
                              &reading->names, out);
    }
    for (unsigned level = 0; level <= reading->evals; level++) {
        tokens_free(&reading->levels[level]);
    }
    buffer_free(&reading->out);
    buffer_free(&reading->recent.entries);
    buffer_free(&reading->marks);
    buffer_free(&reading->number);
    names_free(&reading->names);
    free(reading);
    return done;
}
