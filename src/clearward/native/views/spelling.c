#include "spelling.h"

#include "classes.h"
#include "strings.h"

struct writing {
    struct span marks;
    size_t place; /* of the mark behind the one that holds */
    uint32_t scope;
};

/* Go on to the last mark that is at most at `at`. */
static void advance(struct writing *writing, size_t at) {
    struct spelling_mark mark;
    while (writing->place < writing->marks.length) {
        memcpy(&mark, writing->marks.bytes + writing->place, sizeof mark);
        if (mark.start > at) {
            return;
        }
        writing->scope = mark.scope;
        writing->place += sizeof mark;
    }
}

/* Append "n" and a number of three digits or more. */
static void put_number(struct buffer *out, uint32_t number) {
    uint8_t digits[10];
    size_t count = 0;
    for (uint32_t left = number; left > 0 || count < 3; left /= 10) {
        digits[count++] = (uint8_t)('0' + left % 10);
    }
    buffer_put(out, 'n');
    while (count > 0) {
        buffer_put(out, digits[--count]);
    }
}

bool spelling_write(struct span text, struct span marks, const struct names *names,
                    struct buffer *out) {
    struct writing writing = {marks, 0, 0};
    size_t start = out->length;
    size_t at = 0;
    buffer_reserve(out, text.length);
    while (at < text.length) {
        size_t edge = span_find(text, EDGE, at, text.length);
        buffer_append(out, text.bytes + at, edge - at);
        if (edge == text.length) {
            break;
        }
        at = edge + 1;
        if (SAYS(text, edge, "\2\2")) { /* behind a name behind a dot, before a word */
            buffer_put(out, ' ');
            at++;
        } else if (at == text.length ||
                   !(is_alphanumeric(text.bytes[at]) || text.bytes[at] == '_' ||
                     text.bytes[at] == '$')) {
            continue;
        }
        size_t end = span_find(text, EDGE, at, text.length);
        struct span word = span_cut(text, at, end);
        uint32_t number;
        advance(&writing, at - 1);
        if (!is_digit(word.bytes[0]) &&
            names_find(names, word, writing.scope, &number)) {
            put_number(out, number);
        } else {
            buffer_append(out, word.bytes, word.length);
        }
        at = end + 1;
        if (SAYS(text, at, "\2")) {
            at--; /* two edges are a space, of which the second begins a word */
        }
    }
    if (!out->failed) {
        buffer_lower(out, start);
    }
    return !out->failed;
}
