/* The last step for a script: its names numbered, and spaces where they are needed. */
#ifndef CLEARWARD_VIEWS_SPELLING_H
#define CLEARWARD_VIEWS_SPELLING_H

#include "names.h"

/* From byte `start` on, names are those that are known in `scope`. */
struct spelling_mark {
    size_t start;
    uint32_t scope;
};

/* Append a text in which words have an edge on both sides, and names behind a dot one
 * behind them; `marks` are struct spelling_mark each, the first from 0 on. False if
 * there is no memory. */
bool spelling_write(struct span text, struct span marks, const struct names *names,
                    struct buffer *out);

#endif
