#include "spoken.h"

#include "classes.h"

enum { MARK = 1 }; /* a byte that the view never has: the reference marks places with it */

struct speaking {
    const struct entities *entities;
    struct buffer *out;
    bool behind_space;
};

static void space(struct speaking *speaking) {
    if (!speaking->behind_space) {
        buffer_put(speaking->out, ' ');
        speaking->behind_space = true;
    }
}

/* The value of an attribute, of which `name` begins with a space; empty if none. */
static struct span value_of(struct span tag, const char *name, size_t length) {
    for (size_t at = 0;; at++) {
        at = span_find(tag, ' ', at, tag.length);
        if (at == tag.length) {
            return span_cut(tag, 0, 0);
        }
        if (!span_reads(tag, at, name, length)) {
            continue;
        }
        size_t equals = at + length + (SAYS(tag, at + length, " ") ? 1 : 0);
        if (!SAYS(tag, equals, "=")) {
            continue;
        }
        size_t start = equals + (SAYS(tag, equals + 1, " ") ? 2 : 1);
        bool quoted = start < tag.length && is_quote(tag.bytes[start]);
        size_t end = start += quoted ? 1 : 0;
        while (end < tag.length && tag.bytes[end] != '>' &&
               !(quoted ? is_quote(tag.bytes[end]) : tag.bytes[end] == ' ')) {
            end++;
        }
        return span_cut(tag, start, end);
    }
}

/* Say where a link or picture leads, if it does, and else a space. */
static void tag_said(struct speaking *speaking, struct span tag) {
    struct span address = {tag.bytes, 0};
    if (READS(tag, 1, "a ")) {
        address = value_of(tag, " href", 5);
    } else if (READS(tag, 1, "img ")) {
        address = value_of(tag, " src", 4);
    }
    space(speaking);
    if (address.length > 0 && !SAYS(address, 0, "data:")) {
        entities_decode(speaking->entities, address, speaking->out);
        speaking->behind_space = false;
        space(speaking);
    }
}

/* Where the entity ends that begins at `at`, whether it is one or not. */
static size_t entity_end(struct span text, size_t at) {
    size_t end = at + 1;
    if (!SAYS(text, end, "#")) {
        while (end < text.length && is_alphanumeric(text.bytes[end])) {
            end++;
        }
    } else if (READS(text, end + 1, "x")) {
        for (end += 2; end < text.length && hex_value(text.bytes[end]) < 16;) {
            end++;
        }
    } else {
        for (end += 1; end < text.length && is_digit(text.bytes[end]);) {
            end++;
        }
    }
    return SAYS(text, end, ";") ? end + 1 : end;
}

/* Text without marks: the span itself if it has none. */
static struct span unmarked(struct span text, struct buffer *scratch) {
    if (span_find(text, MARK, 0, text.length) == text.length ||
        !buffer_reserve(scratch, text.length)) {
        return text;
    }
    for (size_t at = 0; at < text.length; at++) {
        scratch->bytes[scratch->length] = text.bytes[at];
        scratch->length += text.bytes[at] != MARK;
    }
    return buffer_span(scratch);
}

/* Append text up to the next tag or entity; return where that is. */
static size_t words_said(struct speaking *speaking, struct span text, size_t at) {
    struct buffer *out = speaking->out;
    if (at == text.length || !buffer_reserve(out, text.length - at)) {
        return text.length;
    }
    bool behind = speaking->behind_space;
    uint8_t *to = out->bytes + out->length;
    for (; at < text.length && text.bytes[at] != '<' && text.bytes[at] != '&'; at++) {
        uint8_t byte = text.bytes[at];
        bool kept = (byte > 0x1F) & !((byte == ' ') & behind);
        *to = to_lower(byte);
        to += kept;
        behind = byte > 0x1F ? byte == ' ' : behind;
    }
    out->length = (size_t)(to - out->bytes);
    speaking->behind_space = behind;
    return at;
}

void spoken_append(const struct entities *entities, struct span squeezed,
                   struct buffer *scratch, struct buffer *out) {
    struct span text = unmarked(squeezed, scratch);
    bool behind = out->length > 0 && out->bytes[out->length - 1] == ' ';
    struct speaking speaking = {entities, out, behind};
    size_t at = 0;
    while ((at = words_said(&speaking, text, at)) < text.length) {
        if (text.bytes[at] == '&') {
            space(&speaking);
            at = entity_end(text, at);
        } else {
            size_t close = span_find(text, '>', at, text.length);
            size_t end = close < text.length ? close + 1 : close;
            tag_said(&speaking, span_cut(text, at, end));
            at = end;
        }
    }
}
