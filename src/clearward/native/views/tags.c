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

static void keep_url(struct tags *tags, struct span url) {
    if (strings_count(&tags->urls) < tags->most_urls) {
        strings_append(&tags->urls, url.bytes, url.length);
    } else {
        tags->limited = true;
    }
}

/* Append some of a tag with double quotes for single ones. */
static void put_quoted(struct span words, struct buffer *out) {
    for (size_t at = 0; at < words.length; at++) {
        buffer_put(out, words.bytes[at] == '\'' ? '"' : words.bytes[at]);
    }
}

/* Where a value ends that begins at `at`: at a bracket, a quote (0: at none) or a
 * stop, which is one byte more. */
static size_t value_end(struct span tag, size_t at, uint8_t quote, uint8_t stop) {
    while (at < tag.length && tag.bytes[at] != '>' && tag.bytes[at] != stop &&
           (quote == 0 || tag.bytes[at] != quote)) {
        at++;
    }
    return at;
}

/* Write a value whose quote is at `at`; return where it ends. */
static size_t write_quoted(struct tags *tags, struct span tag, size_t at,
                           struct buffer *out) {
    uint8_t quote = tag.bytes[at];
    size_t start = at + 1;
    bool url = SAYS(tag, start, "data:");
    size_t end = value_end(tag, start, quote, url ? '>' : ' ');
    if (!url && SAYS(tag, end, " ")) {
        /* The second word ends at white space too, and at an equals sign. */
        for (end++; end < tag.length && tag.bytes[end] != quote && tag.bytes[end] != ' ' &&
                    tag.bytes[end] != '>' && tag.bytes[end] != '=';) {
            end++;
        }
    }
    struct span words = span_cut(tag, start, end);
    bool closed = end < tag.length && tag.bytes[end] == quote;
    if (closed) {
        end += SAYS(tag, end + 1, " ") ? 2 : 1;
    }
    buffer_append(out, (const uint8_t *)"=\"", 2);
    if (url) {
        keep_url(tags, words);
        buffer_append(out, (const uint8_t *)"data", 4);
    } else {
        put_quoted(words, out);
    }
    if (closed || url) {
        buffer_put(out, '"');
    }
    if (closed && end < tag.length && tag.bytes[end] != '>' && tag.bytes[end] != '=') {
        buffer_put(out, ' ');
    }
    return end;
}

/* Write what follows the equals sign at `at`, and the sign; return where it ends. */
static size_t write_value(struct tags *tags, struct span tag, size_t at,
                          struct buffer *out) {
    size_t start = at + (SAYS(tag, at + 1, " ") ? 2 : 1);
    if (start < tag.length && is_quote(tag.bytes[start])) {
        return write_quoted(tags, tag, start, out);
    }
    size_t end = value_end(tag, start, 0, ' ');
    struct span value = span_cut(tag, start, end);
    buffer_put(out, '=');
    if (SAYS(value, 0, "data:")) {
        keep_url(tags, value);
        buffer_append(out, (const uint8_t *)"data", 4);
    } else {
        put_quoted(value, out);
    }
    return end;
}

static void write_tag(struct tags *tags, struct span tag, struct buffer *out) {
    size_t done = 0;
    size_t at = 0;
    while (at < tag.length) {
        uint8_t byte = tag.bytes[at];
        if (byte == '=' || (byte == ' ' && SAYS(tag, at + 1, "="))) {
            buffer_append(out, tag.bytes + done, at - done);
            at = done = write_value(tags, tag, byte == '=' ? at : at + 1, out);
        } else if (byte == ' ' && SAYS(tag, at + 1, ">")) {
            buffer_append(out, tag.bytes + done, at - done);
            done = ++at;
        } else {
            at++;
        }
    }
    buffer_append(out, tag.bytes + done, at - done);
}

void tags_write(struct tags *tags, struct span text, struct buffer *out) {
    size_t at = 0;
    while (at < text.length) {
        size_t tag = span_find(text, '<', at, text.length);
        buffer_append(out, text.bytes + at, tag - at);
        if (tag == text.length) {
            return;
        }
        size_t close = span_find(text, '>', tag, text.length);
        at = close < text.length ? close + 1 : close;
        write_tag(tags, span_cut(text, tag, at), out);
    }
}
