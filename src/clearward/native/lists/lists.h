/* Lists of numbers in a text; `formats/scripts/lists.py` says what they are. */
#ifndef CLEARWARD_LISTS_LISTS_H
#define CLEARWARD_LISTS_LISTS_H

#include <stddef.h>
#include <stdint.h>

enum { FEWEST = 12, TRIED = 64 }; /* numbers of a list, and those that judge it */

struct list {
    size_t start, end; /* both the length of the text if there is no list */
    size_t size;       /* bytes of what it stands for, 0 if it is not worth them */
    uint32_t greatest; /* of its numbers */
};

/* Find the first list at a place or behind it. */
struct list lists_next(const uint8_t *text, size_t length, size_t place);

/* Write what a list stands for: `size` bytes. */
void lists_write(const uint8_t *text, const struct list *list, uint8_t *output);

#endif
