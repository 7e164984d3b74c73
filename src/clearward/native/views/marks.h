/* What makes text a page, and what says that something may be hidden in it. */
#ifndef CLEARWARD_VIEWS_MARKS_H
#define CLEARWARD_VIEWS_MARKS_H

#include "buffer.h"

enum marks_seen { SEEN_NOTHING, SEEN_LINK, SEEN_PAGE };

/* Say whether one of the tags of formats/filetype.py is in a text, or a link and the
 * word href behind it; or only a link, which may also have been `before`. */
enum marks_seen marks_of_page(struct span text, enum marks_seen before);
/* Say whether "data:" or the mark of encoded scripts is in a text, in either case. */
bool marks_of_hidden(struct span text);

#endif
