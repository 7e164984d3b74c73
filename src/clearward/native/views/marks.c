#include "marks.h"

#include "classes.h"

/* Whether the tag that begins at `at` is one that only pages have. */
static bool is_tag(struct span text, size_t at) {
    size_t name = at + 1;
    if (name >= text.length) {
        return false;
    }
    switch (to_lower(text.bytes[name])) {
        case 'h':
            return READS(text, name, "html>") || READS(text, name, "head>");
        case 's':
            return READS(text, name, "script");
        case 'i':
            return READS(text, name, "img") || READS(text, name, "iframe");
        case 't':
            return READS(text, name, "table");
        case 'o':
            return READS(text, name, "object");
        default:
            return false;
    }
}

/* Whether "href" is behind `at`, its last letter written so. */
static bool says_href(struct span text, size_t at, uint8_t last) {
    size_t start = at;
    while ((at = span_find(text, last, at, text.length)) < text.length) {
        if (at >= start + 3 && READS(text, at - 3, "hre")) {
            return true;
        }
        at++;
    }
    return false;
}

enum marks_seen marks_of_page(struct span text, enum marks_seen before) {
    bool link = before != SEEN_NOTHING;
    size_t behind = 0; /* the link */
    size_t at = 0;
    while ((at = span_find(text, '<', at, text.length)) < text.length) {
        if (is_tag(text, at)) {
            return SEEN_PAGE;
        }
        if (!link && READS(text, at + 1, "a ")) {
            link = true;
            behind = at + 3;
        }
        at++;
    }
    if (link && (says_href(text, behind, 'f') || says_href(text, behind, 'F'))) {
        return SEEN_PAGE;
    }
    return link ? SEEN_LINK : SEEN_NOTHING;
}

size_t marks_of_address(struct span text, size_t start) {
    size_t at = start;
    while ((at = span_find(text, ':', at, text.length)) < text.length) {
        if (at >= start + 4 && READS(text, at - 4, "data")) {
            return at - 4;
        }
        at++;
    }
    return text.length;
}
