/* The inside of strings of a script; what script.py says. */
#ifndef CLEARWARD_VIEWS_STRINGS_H
#define CLEARWARD_VIEWS_STRINGS_H

#include "buffer.h"

enum { EDGE = 2 }; /* on both sides of a word, as long as its neighbours are not known */

/* Append what stands in a string token, without its quotes, escapes decoded. */
void strings_content(struct span token, struct buffer *out);
/* Decode what `unescape` decodes, where it stands, from byte `start` on. */
void strings_unescape(struct buffer *text, size_t start);

#endif
