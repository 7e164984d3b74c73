/* Runs of letters of base64 that are worth to be decoded. */
#ifndef CLEARWARD_VIEWS_RUNS_H
#define CLEARWARD_VIEWS_RUNS_H

#include "classes.h"

enum { LEAST_RUN = 32 };

static inline bool is_encoded_letter(uint8_t byte) {
    return is_alphanumeric(byte) || byte == '+' || byte == '/';
}

static inline bool is_plain(uint8_t byte) {
    return (byte >= ' ' && byte < 0x7F) || byte == '\t' || byte == '\n' || byte == '\r';
}

/* Where the next run of encoded letters begins, from `start` on, and where it ends; the
 * end of the text if there is none. */
size_t runs_find(struct span text, size_t start, size_t *end);
/* Whether the letters around `at` are such a run, and where they end. */
bool runs_at(struct span text, size_t at, size_t *end);

#endif
