/* A page cut into text with tags, scripts and styles; what markup.py says. */
#ifndef CLEARWARD_VIEWS_PIECES_H
#define CLEARWARD_VIEWS_PIECES_H

#include "buffer.h"

enum { SMALLEST_BLOCK = 64 };

enum piece_kind { PIECE_TEXT, PIECE_SCRIPT, PIECE_STYLE };

struct piece {
    enum piece_kind kind;
    struct span content;
};

struct cutter {
    struct span page;
    size_t block; /* bytes of a piece of text, if it can be cut there */
    size_t start; /* of text that is still to be given */
    size_t end;   /* where that ends */
    enum piece_kind behind; /* what follows it; PIECE_TEXT if nothing is known to */
};

/* Begin with a page; `block` is at least SMALLEST_BLOCK. */
void pieces_begin(struct cutter *cutter, struct span page, size_t block);
/* Give the next piece; false behind the last one. */
bool pieces_next(struct cutter *cutter, struct piece *piece);

#endif
