/* The check of the program of a piece. */
#ifndef CLEARWARD_ELEMENTS_H
#define CLEARWARD_ELEMENTS_H

#include "layout.h"

/* NULL if the program of `piece` is in order and takes as many bytes as the piece says,
 * and its key stands where the piece says; else what is wrong. */
const char *elements_check(const struct piece_record *piece);

#endif
