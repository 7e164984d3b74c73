/* One signature against a part that is seen in windows, front to back.
 *
 * What `verify` does body by body is done here window by window, for all bodies: each
 * chain stops at the horizon of a window and goes on from there in the next one. So what
 * is found is the same, whatever the windows, but for what is counted from where a match
 * starts: byte compares and macros. Where these matter the answer is STATE_SCATTERED.
 *
 * The length of a part may be NOWHERE: it is known with the last window. What counts from
 * the end, or asks for the size, is then scattered, too. */
#ifndef CLEARWARD_WATCH_H
#define CLEARWARD_WATCH_H

#include "subs.h"

enum {
    MOST_REACH = 1 << 20, /* bytes of a piece that is watched */
    WATCH_QUEUE = 256,    /* ranges that wait for a piece, since the next window is awaited */
};

/* Bytes of a part from `base` on; the last of them is that of the part, or is not. */
struct window {
    const uint8_t *data;
    uint64_t base;
    uint64_t length;
    bool last;
};

/* What all signatures see of a window. */
struct sight {
    struct window window;
    uint64_t horizon;
    uint64_t zeros; /* how many it begins with */
};

struct watch {
    uint32_t signature;
    bool decided;
    bool unsized; /* a condition asks for the size, which is not known */
    enum state state;
    struct subs subs;
    struct body bodies[]; /* one for each sub that is one */
};

/* Bytes that the longest piece of a signature takes. */
uint64_t watch_reach(const struct image *image, uint32_t signature);

/* Bytes that a watch takes, a multiple of 8. */
uint64_t watch_size(const struct image *image, uint32_t signature);

/* Begin to watch a signature on a part of which everything but the bytes is known; it has
 * to stay. `memory` is aligned for any object. */
struct watch *watch_begin(void *memory, const struct image *image,
                          const struct workspace *workspace, uint32_t signature,
                          const struct part *part, uint64_t steps);

/* What is seen of a window, if no watched piece is longer than `reach`. */
struct sight sight_of(struct window window, uint64_t reach);

/* Look at the next window; whether that decides the signature. Every window but the
 * first begins at most AROUND bytes before the horizon of the one before it. */
bool watch_look(struct watch *watch, const struct sight *sight);

#endif
