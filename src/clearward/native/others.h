/* Sub-signatures that are no bodies: what counts once all bodies are known. */
#ifndef CLEARWARD_OTHERS_H
#define CLEARWARD_OTHERS_H

#include "subs.h"

/* Count what is counted from other subs, in the order in which one refers to another:
 * byte compares, triggers of regular expressions, pictures. `data` is the part; NULL if
 * it is not at hand: compares then hold or do not. */
void count_others(struct subs *subs, const uint8_t *data);

#endif
