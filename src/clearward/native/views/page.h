/* The views of a page; what formats/normalise/html.py says. */
#ifndef CLEARWARD_VIEWS_PAGE_H
#define CLEARWARD_VIEWS_PAGE_H

#include "encoded.h"
#include "entities.h"

/* What the views are made with. */
struct tables {
    struct entities entities;
    struct alphabets alphabets;
};

struct page_limits {
    size_t block;  /* bytes of a piece; at least SMALLEST_BLOCK */
    size_t spoken; /* bytes of the view without tags */
};

struct page {
    struct buffer written;
    struct buffer spoken;
    struct strings scripts;
    bool limited;
};

/* Read a page; false if there is no memory. To be freed either way. */
bool page_read(struct page *page, struct span data, const struct tables *tables,
               const struct page_limits *limits);
void page_free(struct page *page);

#endif
