/* Scripts of the Windows script encoder; what formats/normalise/encoder.py says. */
#ifndef CLEARWARD_VIEWS_ENCODED_H
#define CLEARWARD_VIEWS_ENCODED_H

#include "buffer.h"

enum { ORDER = 64, ALPHABETS = 3 };

struct alphabets {
    uint8_t order[ORDER]; /* each below ALPHABETS */
    uint8_t plain[ALPHABETS][256];
};

/* Where an encoded script stands in a text: [start, end), and what is encoded in it. */
struct encoded {
    size_t start;
    size_t end;
    struct span script;
};

/* Read the order, and the alphabets one behind the other; false if they are none. */
bool alphabets_load(struct alphabets *alphabets, struct span order, struct span plain);
/* Find the first encoded script; false if there is none. */
bool encoded_find(struct span text, struct encoded *found);
/* Append it decoded; that is no longer. */
void encoded_decode(const struct alphabets *alphabets, struct span script,
                    struct buffer *out);

#endif
