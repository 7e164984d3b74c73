/* The check of signatures: their records, programs and expressions.
 *
 * Afterwards every length and number in a program may be followed without a look at
 * the end, every expression leaves one value, and `needs` bounds what a match takes.
 */
#ifndef CLEARWARD_PROGRAM_H
#define CLEARWARD_PROGRAM_H

#include "image.h"

/* NULL if all signatures are in order, else what is wrong. */
const char *programs_check(struct image *image);

#endif
