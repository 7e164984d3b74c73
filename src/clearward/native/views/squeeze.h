/* White space of a page made short; what squeeze.py and html.py say. */
#ifndef CLEARWARD_VIEWS_SQUEEZE_H
#define CLEARWARD_VIEWS_SQUEEZE_H

#include "buffer.h"

/* Append text that begins outside of a tag: no zero bytes, one space at a time, none
 * behind an opening bracket or behind a tag. */
void squeeze(struct span text, struct buffer *out);
/* Append what stands in a style: no zero bytes, no white space, double quotes. */
void squeeze_style(struct span text, struct buffer *out);
/* Append text without zero bytes, its white space as spaces, as many. */
void squeeze_spaces(struct span text, struct buffer *out);

#endif
