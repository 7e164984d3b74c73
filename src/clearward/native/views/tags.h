/* The inside of tags, written in one form; what tags.py says. */
#ifndef CLEARWARD_VIEWS_TAGS_H
#define CLEARWARD_VIEWS_TAGS_H

#include "buffer.h"

/* Take comments out of squeezed text, where it stands; return how long it is then. */
size_t tags_without_comments(uint8_t *text, size_t length);
/* Append squeezed text, which begins outside a tag, with its tags rewritten. */
void tags_write(struct span text, struct buffer *out);

#endif
