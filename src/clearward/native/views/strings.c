#include "strings.h"

#include <stdio.h>
#include <stdlib.h>

#include "classes.h"

/* White space, and the byte that marks words, as a space; a zero byte as a one. */
static uint8_t shown(uint8_t byte) {
    if (byte == EDGE || is_white(byte)) {
        return ' ';
    }
    return byte == 0 ? 1 : byte;
}

/* Whether a string token ends with a quote that is not escaped. */
static bool is_closed(struct span token) {
    size_t last = token.length - 1;
    if (last == 0 || token.bytes[last] != token.bytes[0]) {
        return false;
    }
    size_t at = last;
    while (at > 1 && token.bytes[at - 1] == '\\') {
        at--;
    }
    return (last - at) % 2 == 0;
}

/* What a byte behind a backslash stands for. */
static uint8_t escaped(uint8_t byte) {
    switch (byte) {
        case 'n':
        case 'r':
        case 't':
        case 'v':
        case 'f':
            return ' ';
        case 'b':
            return '\b';
        case '0':
            return 1;
        default:
            return shown(byte);
    }
}

void strings_content(struct span token, struct buffer *out) {
    struct span text = span_cut(token, 1, token.length - (is_closed(token) ? 1 : 0));
    for (size_t at = 0; at < text.length; at++) {
        uint8_t byte = text.bytes[at];
        if (byte != '\\') {
            buffer_put(out, shown(byte));
            continue;
        }
        if (++at == text.length) {
            return;
        }
        bool point = text.bytes[at] == 'u';
        size_t digits = point ? 4 : text.bytes[at] == 'x' ? 2 : 0;
        int value = digits > 0 ? hex_number(text, at + 1, digits) : -1;
        if (value < 0) {
            buffer_put(out, escaped(text.bytes[at]));
            continue;
        }
        at += digits;
        if (point && value >= 0x80) {
            put_utf8(out, (unsigned)value);
        } else {
            buffer_put(out, shown((uint8_t)value));
        }
    }
}

void strings_unescape(struct buffer *text, size_t start) {
    struct span whole = buffer_span(text);
    /* What comes out is never longer than what was read, so it is written there. */
    struct buffer to = {text->bytes, start, text->length, false};
    for (size_t at = start; at < whole.length; at++) {
        uint8_t byte = whole.bytes[at];
        bool point = SAYS(whole, at, "%u");
        int value = point         ? hex_number(whole, at + 2, 4)
                    : byte == '%' ? hex_number(whole, at + 1, 2)
                                  : -1;
        if (value < 0) {
            buffer_put(&to, shown(byte));
            continue;
        }
        at += point ? 5 : 2;
        if (point && value >= 0x80) {
            put_utf8(&to, (unsigned)value);
        } else {
            buffer_put(&to, shown((uint8_t)value));
        }
    }
    text->length = to.length;
}

void strings_regex(struct span token, struct buffer *out) {
    for (size_t at = 0; at < token.length; at++) {
        if (token.bytes[at] != EDGE) {
            buffer_put(out, token.bytes[at]);
        } else if (SAYS(token, at, "\2\2")) {
            buffer_put(out, ' ');
            at++;
        }
    }
}

void strings_number(struct span number, struct buffer *scratch, struct buffer *out) {
    if (span_find(number, '.', 0, number.length) == number.length) {
        while (number.length > 1 && number.bytes[0] == '0') {
            number = span_cut(number, 1, number.length);
        }
        buffer_append(out, number.bytes, number.length);
        return;
    }
    char written[32];
    scratch->length = 0;
    buffer_append(scratch, number.bytes, number.length);
    buffer_put(scratch, 0);
    if (!scratch->failed) {
        int length = snprintf(written, sizeof written, "%g",
                              strtod((const char *)scratch->bytes, NULL));
        buffer_append(out, (const uint8_t *)written, (size_t)length);
    }
}
