/* What makes text a page, and what begins a data URL; see marks.py. */
#ifndef CLEARWARD_VIEWS_MARKS_H
#define CLEARWARD_VIEWS_MARKS_H

#include "buffer.h"

enum marks_seen { SEEN_NOTHING, SEEN_LINK, SEEN_PAGE };

/* Say whether one of the tags of formats/filetype.py is in a text, or a link and the
 * word href behind it; or only a link, which may also have been `before`. */
enum marks_seen marks_of_page(struct span text, enum marks_seen before);
/* Where "data:" begins from `start` on, in either case; the end if it is not there. */
size_t marks_of_address(struct span text, size_t start);

#endif
