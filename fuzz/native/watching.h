/* Signatures on a part in windows, beside the whole of it. */
#ifndef CLEARWARD_WATCHING_H
#define CLEARWARD_WATCHING_H

#include "watch.h"

/* Stop the program if a signature says something else of the part in windows than
 * `state`, which it says of the whole; it may say that bytes lie too far apart, or run out
 * of steps. */
void watch_in_windows(const struct image *image, const struct workspace *workspace,
                      uint32_t signature, const struct part *part, uint64_t steps,
                      enum state state);

#endif
