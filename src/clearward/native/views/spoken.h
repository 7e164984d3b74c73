/* A page without its tags, and where its links lead; what html.py says. */
#ifndef CLEARWARD_VIEWS_SPOKEN_H
#define CLEARWARD_VIEWS_SPOKEN_H

#include "entities.h"

/* Append a squeezed piece without tags and entities, in lower case, addresses as they
 * are. `scratch` is for its own use, and empty. */
void spoken_append(const struct entities *entities, struct span squeezed,
                   struct buffer *scratch, struct buffer *out);

#endif
