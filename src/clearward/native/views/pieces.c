#include "pieces.h"

#include "classes.h"

enum { LONGEST_ENTITY = 40 };

void pieces_begin(struct cutter *cutter, struct span page, size_t block) {
    *cutter = (struct cutter){page, block, 0, 0, PIECE_TEXT};
}

static size_t behind_white(struct span page, size_t at) {
    while (at < page.length && is_white(page.bytes[at])) {
        at++;
    }
    return at;
}

/* Whether a name ends at `at`. */
static bool ends(struct span page, size_t at) {
    return at < page.length && (page.bytes[at] == '>' || is_white(page.bytes[at]));
}

/* What the tag that begins at `at` opens; PIECE_TEXT if neither script nor style. */
static enum piece_kind opened(struct span page, size_t at) {
    size_t name = behind_white(page, at + 1);
    if (READS(page, name, "script") && ends(page, name + 6)) {
        return PIECE_SCRIPT;
    }
    if (READS(page, name, "style") && ends(page, name + 5)) {
        return PIECE_STYLE;
    }
    return PIECE_TEXT;
}

/* Where the tag begins that ends what stands from `start`; the page's end if none. */
static size_t closing(struct span page, size_t start, enum piece_kind kind) {
    for (size_t at = start;; at++) {
        at = span_find(page, '<', at, page.length);
        if (at == page.length) {
            return at;
        }
        size_t name = behind_white(page, at + 1);
        if (kind == PIECE_SCRIPT && READS(page, name, "/script") && ends(page, name + 7)) {
            return at;
        }
        if (kind == PIECE_STYLE && READS(page, name, "/style") && ends(page, name + 6)) {
            return at;
        }
    }
}

/* Whether a tag is open at `place`, if none was at `outside`, in front of it. */
static bool in_tag(struct span page, size_t outside, size_t place) {
    for (size_t at = place; at > outside; at--) {
        uint8_t byte = page.bytes[at - 1];
        if (byte == '<' || byte == '>') {
            return byte == '<';
        }
    }
    return false;
}

/* Find the text from `start` on: where it ends, and what is behind. */
static void find_text(struct cutter *cutter) {
    struct span page = cutter->page;
    size_t outside = cutter->start;
    size_t at = outside;
    for (;; at++) {
        at = span_find(page, '<', at, page.length);
        if (at == page.length) {
            cutter->end = at;
            return;
        }
        enum piece_kind kind = opened(page, at);
        if (kind == PIECE_TEXT) {
            continue;
        }
        size_t close = span_find(page, '>', at, page.length);
        size_t end = close < page.length ? close + 1 : close;
        if (!in_tag(page, outside, at)) {
            cutter->end = end;
            cutter->behind = kind;
            return;
        }
        outside = end;
        at = end - 1;
    }
}

/* Where a block from `start` is cut: outside of tags and entities. */
static size_t cut_at(const struct cutter *cutter) {
    struct span page = cutter->page;
    size_t start = cutter->start;
    size_t limit = start + cutter->block;
    for (size_t at = limit; at > start; at--) {
        if (page.bytes[at - 1] == '>') {
            return at;
        }
    }
    size_t tag = span_find(page, '<', start, limit);
    if (tag == start) {
        size_t close = span_find(page, '>', start, cutter->end);
        return close < cutter->end ? close + 1 : close;
    }
    if (tag < limit) {
        return tag;
    }
    for (size_t at = limit; at > limit - LONGEST_ENTITY; at--) {
        if (page.bytes[at - 1] == '&') {
            return at - 1;
        }
    }
    return limit;
}

bool pieces_next(struct cutter *cutter, struct piece *piece) {
    struct span page = cutter->page;
    if (cutter->start == cutter->end && cutter->behind == PIECE_TEXT) {
        find_text(cutter);
    }
    if (cutter->start < cutter->end) {
        size_t length = cutter->end - cutter->start;
        size_t cut = length > cutter->block ? cut_at(cutter) : cutter->end;
        *piece = (struct piece){PIECE_TEXT, span_cut(page, cutter->start, cut)};
        cutter->start = cut;
        return true;
    }
    if (cutter->behind == PIECE_TEXT) {
        return false;
    }
    size_t end = closing(page, cutter->start, cutter->behind);
    *piece = (struct piece){cutter->behind, span_cut(page, cutter->start, end)};
    cutter->start = cutter->end = end;
    cutter->behind = PIECE_TEXT;
    return true;
}
