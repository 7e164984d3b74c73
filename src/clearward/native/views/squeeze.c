#include "squeeze.h"

#include "classes.h"

enum sort { OTHER, SPACE, OPENING, CLOSING, ZERO, SORTS };
enum { SWALLOWS = 1, IN_TAG = 2, STATES = 4, KEEPS = 0x80 };

static enum sort sort_of(uint8_t byte) {
    if (byte == 0) {
        return ZERO;
    }
    return is_white(byte) ? SPACE : byte == '<' ? OPENING : byte == '>' ? CLOSING : OTHER;
}

/* What follows a state by a sort of byte, with KEEPS if the byte stays. */
static uint8_t step(unsigned state, enum sort sort) {
    unsigned tag = state & IN_TAG;
    switch (sort) {
        case ZERO:
            return (uint8_t)state;
        case SPACE:
            return (uint8_t)(tag | SWALLOWS | (state & SWALLOWS ? 0 : KEEPS));
        case OPENING:
            return IN_TAG | SWALLOWS | KEEPS;
        case CLOSING: /* a bracket that ends no tag swallows nothing */
            return (uint8_t)(KEEPS | (tag ? SWALLOWS : 0));
        default:
            return (uint8_t)(tag | KEEPS);
    }
}

/* A table of states, and no branches: tags and words are short. */
void squeeze(struct span text, struct buffer *out) {
    uint8_t sorts[256];
    uint8_t steps[STATES][8] = {{0}};
    for (unsigned byte = 0; byte < 256; byte++) {
        sorts[byte] = (uint8_t)sort_of((uint8_t)byte);
    }
    for (unsigned state = 0; state < STATES; state++) {
        for (unsigned sort = 0; sort < SORTS; sort++) {
            steps[state][sort] = step(state, (enum sort)sort);
        }
    }
    if (!buffer_reserve(out, text.length)) {
        return;
    }
    uint8_t *to = out->bytes + out->length;
    uint8_t state = 0;
    for (size_t at = 0; at < text.length; at++) {
        uint8_t byte = text.bytes[at];
        uint8_t sort = sorts[byte];
        *to = sort == SPACE ? ' ' : byte;
        state = steps[state & (STATES - 1)][sort];
        to += state >> 7;
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
