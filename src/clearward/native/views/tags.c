#include "tags.h"

#include "classes.h"

size_t tags_without_comments(uint8_t *text, size_t length) {
    struct span whole = {text, length};
    size_t kept = 0;
    size_t done = 0; /* up to here it is either kept or left out */
    size_t at = 0;
    while ((at = span_find(whole, '<', at, length)) < length) {
        if (!SAYS(whole, at, "<!")) {
            at++;
            continue;
        }
        if (kept != done) {
            memmove(text + kept, text + done, at - done);
        }
        kept += at - done;
        size_t close = span_find(whole, '>', at, length);
        at = done = close < length ? close + 1 : close;
    }
    if (kept != done) {
        memmove(text + kept, text + done, length - done);
    }
    return kept + (length - done);
}

/* Where text is written to; there is room for twice as much as is read, which is
 * more than it can become: what grows is three bytes at least, by one. */
struct writing {
    struct span text;
    uint8_t *to;
};

static void put(struct writing *writing, uint8_t byte) { *writing->to++ = byte; }

static void put_data(struct writing *writing) {
    memcpy(writing->to, "data", 4);
    writing->to += 4;
}

/* Write some of a tag with double quotes for single ones. */
static void put_quoted(struct writing *writing, size_t start, size_t end) {
    const uint8_t *from = writing->text.bytes;
    uint8_t *to = writing->to;
    for (size_t at = start; at < end; at++) {
        *to++ = from[at] == '\'' ? '"' : from[at];
    }
    writing->to = to;
}

/* Where a value ends that begins at `at`: with its tag, at a quote or at one of two
 * other bytes. */
static size_t value_end(struct span text, size_t at, uint8_t quote, uint8_t stop,
                        uint8_t other) {
    while (at < text.length && text.bytes[at] != '>' && text.bytes[at] != quote &&
           text.bytes[at] != stop && text.bytes[at] != other) {
        at++;
    }
    return at;
}

/* Write a value whose quote is at `at`; return where it ends. */
static size_t write_quoted(struct writing *writing, size_t at) {
    struct span text = writing->text;
    uint8_t quote = text.bytes[at];
    size_t start = at + 1;
    bool url = SAYS(text, start, "data:");
    size_t end = value_end(text, start, quote, url ? quote : ' ', quote);
    if (!url && SAYS(text, end, " ")) {
        end = value_end(text, end + 1, quote, ' ', '=');
    }
    size_t words_end = end;
    bool closed = end < text.length && text.bytes[end] == quote;
    if (closed) {
        end += SAYS(text, end + 1, " ") ? 2 : 1;
    }
    put(writing, '=');
    put(writing, '"');
    if (url) {
        put_data(writing);
    } else {
        put_quoted(writing, start, words_end);
    }
    if (closed || url) {
        put(writing, '"');
    }
    if (closed && end < text.length && text.bytes[end] != '>' && text.bytes[end] != '=') {
        put(writing, ' ');
    }
    return end;
}

/* Write what follows the equals sign at `at`, and the sign; return where it ends. */
static size_t write_value(struct writing *writing, size_t at) {
    struct span text = writing->text;
    size_t start = at + (SAYS(text, at + 1, " ") ? 2 : 1);
    if (start < text.length && is_quote(text.bytes[start])) {
        return write_quoted(writing, start);
    }
    size_t end = value_end(text, start, '>', ' ', ' ');
    put(writing, '=');
    if (SAYS(text, start, "data:")) {
        put_data(writing);
    } else {
        put_quoted(writing, start, end);
    }
    return end;
}

/* Write the tag that begins at `at`; return where it ends. */
static size_t write_tag(struct writing *writing, size_t at) {
    struct span text = writing->text;
    while (at < text.length) {
        uint8_t byte = text.bytes[at];
        if (byte == '=') {
            at = write_value(writing, at);
            continue;
        }
        if (byte == ' ' && at + 1 < text.length && text.bytes[at + 1] == '=') {
            at = write_value(writing, at + 1);
            continue;
        }
        at++;
        if (byte == ' ' && at < text.length && text.bytes[at] == '>') {
            continue;
        }
        put(writing, byte);
        if (byte == '>') {
            return at;
        }
    }
    return at;
}

void tags_write(struct span text, struct buffer *out) {
    if (text.length == 0) {
        return;
    }
    if (text.length > SIZE_MAX / 4 || !buffer_reserve(out, 2 * text.length)) {
        out->failed = true;
        return;
    }
    struct writing writing = {text, out->bytes + out->length};
    size_t at = 0;
    while (at < text.length) {
        if (text.bytes[at] == '<') {
            at = write_tag(&writing, at);
        } else {
            put(&writing, text.bytes[at++]);
        }
    }
    out->length = (size_t)(writing.to - out->bytes);
}
