#include "squeeze.h"

#include "classes.h"

enum sort { OTHER, SPACE, OPENING, CLOSING, ZERO };

static enum sort sort_of(uint8_t byte) {
    if (byte == 0) {
        return ZERO;
    }
    return is_white(byte) ? SPACE : byte == '<' ? OPENING : byte == '>' ? CLOSING : OTHER;
}

/* Without a branch for white space: words are short, so it would be guessed wrong every
 * few bytes. Tags are longer. */
void squeeze(struct span text, struct buffer *out) {
    uint8_t sorts[256];
    for (unsigned byte = 0; byte < 256; byte++) {
        sorts[byte] = (uint8_t)sort_of((uint8_t)byte);
    }
    if (!buffer_reserve(out, text.length)) {
        return;
    }
    const uint8_t *restrict from = text.bytes;
    uint8_t *restrict to = out->bytes + out->length;
    unsigned swallows = 0; /* 1 if a space goes */
    unsigned in_tag = 0;
    for (size_t at = 0; at < text.length; at++) {
        uint8_t byte = from[at];
        unsigned sort = sorts[byte];
        if (sort <= SPACE) {
            *to = sort == SPACE ? ' ' : byte;
            to += 1 - (sort & swallows);
            swallows = sort;
        } else if (sort != ZERO) {
            *to++ = byte;
            /* A closing bracket that ends no tag swallows nothing. */
            swallows = sort == OPENING ? 1 : in_tag;
            in_tag = sort == OPENING;
        }
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
