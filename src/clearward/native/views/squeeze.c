#include "squeeze.h"

#include "classes.h"

enum { SPACE = 1, OPENING = 2, CLOSING = 4, ZERO = 8 };

static uint8_t sort_of(uint8_t byte) {
    if (byte == 0) {
        return ZERO;
    }
    return is_white(byte) ? SPACE : byte == '<' ? OPENING : byte == '>' ? CLOSING : 0;
}

/* Almost without branches: words and tags are short, so any on white space or brackets
 * would be guessed wrong every few bytes. */
void squeeze(struct span text, struct buffer *out) {
    uint8_t sorts[256];
    for (unsigned byte = 0; byte < 256; byte++) {
        sorts[byte] = sort_of((uint8_t)byte);
    }
    if (!buffer_reserve(out, text.length)) {
        return;
    }
    uint8_t *to = out->bytes + out->length;
    unsigned swallows = 0; /* 1 if a space goes */
    unsigned in_tag = 0;
    for (size_t at = 0; at < text.length; at++) {
        uint8_t byte = text.bytes[at];
        unsigned sort = sorts[byte];
        if (sort == ZERO) {
            continue;
        }
        *to = sort == SPACE ? ' ' : byte;
        to += 1 - (sort & swallows & SPACE);
        unsigned closes = sort >> 2; /* a bracket that ends no tag swallows nothing */
        swallows = (sort & SPACE) | (sort >> 1 & 1) | (closes & in_tag);
        in_tag = (in_tag & ~closes) | (sort >> 1 & 1);
    }
    out->length = (size_t)(to - out->bytes);
}

void squeeze_style(struct span text, struct buffer *out) {
    if (!buffer_reserve(out, text.length)) {
        return;
    }
    for (size_t at = 0; at < text.length; at++) {
        uint8_t byte = text.bytes[at];
        out->bytes[out->length] = byte == '\'' ? '"' : byte;
        out->length += (size_t)((byte != 0) & !is_white(byte));
    }
}

void squeeze_spaces(struct span text, struct buffer *out) {
    if (!buffer_reserve(out, text.length)) {
        return;
    }
    for (size_t at = 0; at < text.length; at++) {
        uint8_t byte = text.bytes[at];
        out->bytes[out->length] = is_white(byte) ? ' ' : byte;
        out->length += (size_t)(byte != 0);
    }
}
