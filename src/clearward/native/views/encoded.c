#include "encoded.h"

#include "classes.h"

enum { MARK = 4, LENGTH = 6, EQUALS = 2 };

bool alphabets_load(struct alphabets *alphabets, struct span order, struct span plain) {
    if (order.length != sizeof alphabets->order ||
        plain.length != sizeof alphabets->plain) {
        return false;
    }
    memcpy(alphabets->order, order.bytes, order.length);
    memcpy(alphabets->plain, plain.bytes, plain.length);
    for (size_t place = 0; place < ORDER; place++) {
        if (alphabets->order[place] >= ALPHABETS) {
            return false;
        }
    }
    return true;
}

/* Whether six digits of base64 stand at `start`. */
static bool digits(struct span text, size_t start) {
    if (start > text.length || text.length - start < LENGTH) {
        return false;
    }
    for (size_t at = start; at < start + LENGTH; at++) {
        uint8_t byte = text.bytes[at];
        if (byte == '-' || byte == '_' || base64_value(byte) > 63) {
            return false;
        }
    }
    return true;
}

/* Find where the script that begins at `start` ends; its mark, if any, behind it. */
static void find_end(struct span text, size_t start, struct encoded *found) {
    for (size_t at = start;; at++) {
        at = span_find(text, '=', at, text.length);
        if (at == text.length) {
            found->script = span_cut(text, start, text.length);
            found->end = text.length;
            return;
        }
        if (at - start >= LENGTH && SAYS(text, at, "==^#~@") &&
            digits(text, at - LENGTH)) {
            found->script = span_cut(text, start, at - LENGTH);
            found->end = at + EQUALS + MARK;
            return;
        }
    }
}

bool encoded_find(struct span text, struct encoded *found) {
    for (size_t at = 0; at < text.length; at++) {
        at = span_find(text, '#', at, text.length);
        size_t behind = at + MARK + LENGTH;
        if (SAYS(text, at, "#@~^") && digits(text, at + MARK) && SAYS(text, behind, "==")) {
            found->start = at;
            find_end(text, behind + EQUALS, found);
            return true;
        }
    }
    return false;
}

/* What a byte behind an at sign stands for; 0 if the two are no escape. */
static uint8_t unescaped(uint8_t byte) {
    switch (byte) {
        case '&':
            return '\n';
        case '#':
            return '\r';
        case '*':
            return '>';
        case '!':
            return '<';
        case '$':
            return '@';
        default:
            return 0;
    }
}

void encoded_decode(const struct alphabets *alphabets, struct span script,
                    struct buffer *out) {
    size_t place = 0;
    for (size_t at = 0; at < script.length; at++) {
        uint8_t byte = script.bytes[at];
        uint8_t escaped =
            byte == '@' && at + 1 < script.length ? unescaped(script.bytes[at + 1]) : 0;
        if (escaped != 0) {
            byte = escaped;
            at++;
        }
        if (byte < 0x80) {
            byte = alphabets->plain[alphabets->order[place]][byte];
            place = (place + 1) % ORDER;
        }
        buffer_put(out, byte);
    }
}
