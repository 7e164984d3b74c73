/* The inside of strings of a script, and its numbers; what script.py says. */
#ifndef CLEARWARD_VIEWS_STRINGS_H
#define CLEARWARD_VIEWS_STRINGS_H

#include "buffer.h"

enum { EDGE = 2 }; /* on both sides of a word, as long as its neighbours are not known */

/* Append what stands in a string token, without its quotes, escapes decoded. */
void strings_content(struct span token, struct buffer *out);
/* Decode what `unescape` decodes, where it stands, from byte `start` on. */
void strings_unescape(struct buffer *text, size_t start);

/* Append a regular expression: of edges in it, two are a space and one is nothing, as
 * they are between words. */
void strings_regex(struct span token, struct buffer *out);
/* Append a number as %g of C writes it, an integer without zeros in front. `scratch` is
 * for its own use. */
void strings_number(struct span number, struct buffer *scratch, struct buffer *out);

#endif
