/* Memory that matching takes, all of it taken at once. */
#ifndef CLEARWARD_WORKSPACE_H
#define CLEARWARD_WORKSPACE_H

#include "verify.h"

/* Lay a workspace for `image` out in `memory`, which is aligned for any object and as
 * large as `workspace_size` says. */
void workspace_place(struct workspace *workspace, const struct image *image,
                     void *memory);

/* Bytes; 0 if they are more than can be. */
size_t workspace_size(const struct image *image);

#endif
