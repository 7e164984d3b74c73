#include "page.h"

#include "classes.h"
#include "pieces.h"
#include "spoken.h"
#include "squeeze.h"
#include "tags.h"

struct reading {
    const struct tables *tables;
    const struct page_limits *limits;
    struct page *page;
    struct buffer written;
    struct buffer squeezed; /* a piece at a time */
    struct buffer scratch;
    bool swallows; /* a space at the start of the next piece goes */
};

/* How long the full stop of another script at `at` is: U+3002, U+FF0E, U+FE52. */
static size_t dot_length(struct span page, size_t at) {
    bool found = SAYS(page, at, "\xE3\x80\x82") || SAYS(page, at, "\xEF\xBC\x8E") ||
                 SAYS(page, at, "\xEF\xB9\x92");
    return found ? 3 : 0;
}

/* The page with those full stops as dots: itself if it has none. */
static struct span with_plain_dots(struct span page, struct buffer *dotted) {
    size_t done = 0;
    if (span_find(page, 0xE3, 0, page.length) == page.length &&
        span_find(page, 0xEF, 0, page.length) == page.length) {
        return page;
    }
    for (size_t at = 0; at < page.length; at++) {
        uint8_t byte = page.bytes[at];
        if ((byte == 0xE3 || byte == 0xEF) && dot_length(page, at) > 0) {
            if (done == 0) {
                buffer_reserve(dotted, page.length);
            }
            buffer_append(dotted, page.bytes + done, at - done);
            buffer_put(dotted, '.');
            at += 2;
            done = at + 1;
        }
    }
    if (done == 0) {
        return page;
    }
    buffer_append(dotted, page.bytes + done, page.length - done);
    return buffer_span(dotted);
}

static void take_text(struct reading *reading, struct span content) {
    struct buffer *squeezed = &reading->squeezed;
    struct buffer *said = &reading->page->spoken;
    squeezed->length = reading->scratch.length = 0;
    squeeze(content, squeezed);
    size_t start = reading->swallows && SAYS(buffer_span(squeezed), 0, " ") ? 1 : 0;
    if (squeezed->length <= start) {
        return;
    }
    uint8_t last = squeezed->bytes[squeezed->length - 1];
    reading->swallows = last == ' ' || last == '>';
    struct span text = span_cut(buffer_span(squeezed), start, squeezed->length);
    if (said->length >= reading->limits->spoken) {
        reading->page->limited = true;
    } else {
        spoken_append(&reading->tables->entities, text, &reading->scratch, said);
    }
    text.length = tags_without_comments(squeezed->bytes + start, text.length);
    tags_write(text, &reading->written);
}

static void take_style(struct reading *reading, struct span content) {
    squeeze_style(content, &reading->written);
    reading->swallows = true;
}

/* What a tag says about the language of its script. */
struct language {
    struct span before; /* up to the language */
    struct span behind; /* from there to the end */
    bool basic;         /* it is VBScript, not JScript */
};

/* Whether the tag says that its script is encoded. */
static bool says_encoded(struct span tag, struct language *language) {
    if (!READS(tag, 0, "<script ") ||
        span_find(tag, '>', 0, tag.length) + 1 != tag.length) {
        return false;
    }
    for (size_t at = 8; at < tag.length; at++) {
        size_t name = at + 9;
        if (!READS(tag, at, "language=")) {
            continue;
        }
        size_t start = name + (SAYS(tag, name, "\"") ? 1 : 0);
        language->basic = READS(tag, start, "vbscript.encode");
        if (!language->basic && !READS(tag, start, "jscript.encode")) {
            continue;
        }
        size_t end = start + (language->basic ? 15 : 14);
        end += SAYS(tag, end, "\"") ? 1 : 0;
        if (SAYS(tag, end, " ") || SAYS(tag, end, ">")) {
            language->before = span_cut(tag, 0, name);
            language->behind = span_cut(tag, end, tag.length);
            return true;
        }
    }
    return false;
}

/* Where the last tag begins that is written; 0 if there is none. */
static size_t last_tag(const struct buffer *written) {
    for (size_t at = written->length; at > 0; at--) {
        if (written->bytes[at - 1] == '<') {
            return at - 1;
        }
    }
    return 0;
}

/* Write an encoded script behind its tag once more, decoded. */
static void take_encoded(struct reading *reading, struct span content,
                         const struct encoded *encoded, const struct language *language) {
    struct buffer *written = &reading->written;
    struct buffer *decoded = &reading->squeezed;
    struct strings *scripts = &reading->page->scripts;
    struct span before = span_cut(content, 0, encoded->start);
    struct span after = span_cut(content, encoded->end, content.length);
    decoded->length = 0;
    encoded_decode(&reading->tables->alphabets, encoded->script, decoded);
    size_t needed = language->before.length + language->behind.length;
    struct span tag = {language->before.bytes, 0};
    size_t tag_start = (size_t)(tag.bytes - written->bytes);
    size_t behind_start = (size_t)(language->behind.bytes - written->bytes);
    if (!buffer_reserve(written, needed + 12)) { /* it may move */
        return;
    }
    buffer_append(written, written->bytes + tag_start, language->before.length);
    if (language->basic) {
        buffer_append(written, (const uint8_t *)"\"vbscript\"", 10);
    } else {
        buffer_append(written, (const uint8_t *)"\"javascript\"", 12);
    }
    buffer_append(written, written->bytes + behind_start, language->behind.length);
    squeeze_spaces(before, written);
    take_style(reading, buffer_span(decoded));
    take_style(reading, after);
    buffer_append(&scripts->bytes, before.bytes, before.length);
    buffer_put(&scripts->bytes, '\n');
    buffer_append(&scripts->bytes, decoded->bytes, decoded->length);
    buffer_put(&scripts->bytes, '\n');
    strings_append(scripts, after.bytes, after.length);
}

/* A script without zero bytes: itself if it has none. */
static struct span without_zeros(struct span content, struct buffer *scratch) {
    scratch->length = 0;
    if (span_find(content, 0, 0, content.length) == content.length ||
        !buffer_reserve(scratch, content.length)) {
        return content;
    }
    for (size_t at = 0; at < content.length; at++) {
        scratch->bytes[scratch->length] = content.bytes[at];
        scratch->length += content.bytes[at] != 0;
    }
    return buffer_span(scratch);
}

static void take_script(struct reading *reading, struct span content) {
    struct span script = without_zeros(content, &reading->scratch);
    const struct buffer *written = &reading->written;
    size_t start = last_tag(written);
    struct span tag = span_cut(buffer_span(written), start, written->length);
    struct language language;
    struct encoded encoded;
    if (says_encoded(tag, &language) && encoded_find(script, &encoded)) {
        take_encoded(reading, script, &encoded, &language);
    } else {
        strings_append(&reading->page->scripts, script.bytes, script.length);
        take_style(reading, script);
    }
}

/* Turn what was taken into the views; false if some of it found no memory. */
static bool finish(struct reading *reading) {
    struct page *page = reading->page;
    struct buffer *written = &reading->written;
    if (page->spoken.length > reading->limits->spoken) {
        page->limited = true;
        page->spoken.length = reading->limits->spoken;
    }
    if (written->length > 0 && written->bytes[written->length - 1] == ' ') {
        written->length--;
    }
    buffer_reserve(&page->written, written->length);
    entities_decode(&reading->tables->entities, buffer_span(written), &page->written);
    buffer_lower(&page->written, 0);
    return !(written->failed || page->spoken.failed || page->scripts.bytes.failed ||
             page->scripts.ends.failed);
}

bool page_read(struct page *page, struct span data, const struct tables *tables,
               const struct page_limits *limits) {
    *page = (struct page){.limited = false};
    struct reading reading = {.tables = tables,
                              .limits = limits,
                              .page = page,
                              .swallows = true};
    struct buffer dotted = {NULL, 0, 0, false};
    struct span whole = with_plain_dots(data, &dotted);
    struct cutter cutter;
    struct piece piece;
    pieces_begin(&cutter, whole, limits->block);
    buffer_reserve(&reading.written, whole.length);
    while (pieces_next(&cutter, &piece)) {
        if (piece.kind == PIECE_TEXT) {
            take_text(&reading, piece.content);
        } else if (piece.kind == PIECE_STYLE) {
            take_style(&reading, piece.content);
        } else {
            take_script(&reading, piece.content);
        }
    }
    bool done =
        !(dotted.failed || reading.squeezed.failed || reading.scratch.failed);
    buffer_free(&dotted);
    buffer_free(&reading.squeezed);
    buffer_free(&reading.scratch);
    done = finish(&reading) && done;
    buffer_free(&reading.written);
    return done;
}

void page_free(struct page *page) {
    buffer_free(&page->written);
    buffer_free(&page->spoken);
    strings_free(&page->scripts);
}
