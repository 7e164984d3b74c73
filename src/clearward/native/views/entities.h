/* Entities of HTML, decoded as formats/normalise/entities.py says. */
#ifndef CLEARWARD_VIEWS_ENTITIES_H
#define CLEARWARD_VIEWS_ENTITIES_H

#include "buffer.h"

enum { ENTITY_SLOTS = 2048, LONGEST_NAME = 16, LONGEST_VALUE = 12 };

struct entity {
    uint8_t name[LONGEST_NAME];
    uint8_t value[LONGEST_VALUE];
    uint8_t name_length; /* 0 in a free slot */
    uint8_t value_length;
};

/* The names that are known, by a hash of theirs; at most half of the slots are used. */
struct entities {
    struct entity slots[ENTITY_SLOTS];
};

/* Read names and what they stand for, each behind a byte with its length; false if
 * they are too long, too many or cut short. */
bool entities_load(struct entities *entities, struct span records);
/* Append the text with its entities decoded, once. */
void entities_decode(const struct entities *entities, struct span text,
                     struct buffer *out);

#endif
