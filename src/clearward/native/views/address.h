/* The two ways in which a data URL is written; what formats/normalise/dataurl.py says. */
#ifndef CLEARWARD_VIEWS_ADDRESS_H
#define CLEARWARD_VIEWS_ADDRESS_H

#include "buffer.h"

/* Append a text with each percent sign and two hexadecimal digits as a byte. */
void address_percent(struct span text, struct buffer *out);
/* Append what the digits of base64 in a text stand for; other bytes are passed over. */
void address_base64(struct span text, struct buffer *out);

#endif
