/* A script in one spelling; what formats/normalise/script.py says. */
#ifndef CLEARWARD_VIEWS_SCRIPT_H
#define CLEARWARD_VIEWS_SCRIPT_H

#include "buffer.h"

enum { LONGEST_SCRIPT = 1 << 28 }; /* bytes; places in it fit 32 bits */

/* Append the normalised script; false if it is too long or there is no memory.
 * `key` is any number that the script does not know. */
bool script_normalise(struct span script, uint64_t key, struct buffer *out);

#endif
