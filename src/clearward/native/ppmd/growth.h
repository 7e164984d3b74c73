/* How a PPMd model grows by the byte that was found. */
#ifndef CLEARWARD_PPMD_GROWTH_H
#define CLEARWARD_PPMD_GROWTH_H

#include "model.h"

enum { MAX_FREQ = 124 };

/* Make what the found byte says about the contexts known to all of them; false if
 * memory is full. */
bool model_grow(struct model *model);

#endif
