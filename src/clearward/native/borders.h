/* Borders of words and lines; borders.py says what they are. */
#ifndef CLEARWARD_BORDERS_H
#define CLEARWARD_BORDERS_H

#include "layout.h"
#include "view.h"

/* Whether a piece that begins at `place` has a border before it; negated, none. */
bool border_before(enum border kind, const struct view *view, uint64_t place,
                   bool negated);

/* Likewise behind one whose last byte is just before `place`. */
bool border_behind(enum border kind, const struct view *view, uint64_t place,
                   bool negated);

/* Whether a byte inside of a piece is a border. */
bool border_within(enum border kind, uint8_t byte);

#endif
