/* Bodies that a load is made of. */
#ifndef BODIES_H
#define BODIES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct body {
    uint8_t *data;
    size_t size;
    size_t counter; /* offset of what is replaced */
    bool repeated;  /* nothing is: the same bytes each time */
    bool found;     /* the answer that is due is FOUND, else OK */
};

/* Read and check one; the program ends if it cannot be used. */
struct body read_body(const char *folder, const char *name);

/* Bytes that the frame of a body takes at most. */
size_t frame_size(size_t size);

/* Write command, chunks and end of a body with a number; return how long that is. */
size_t make_frame(uint8_t *frame, const struct body *body, uint64_t count);

#endif
