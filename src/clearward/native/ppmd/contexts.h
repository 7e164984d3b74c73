/* Contexts and their tables; `formats/seven/ppmd/contexts.py` draws them. */
#ifndef CLEARWARD_PPMD_CONTEXTS_H
#define CLEARWARD_PPMD_CONTEXTS_H

#include "units.h"

enum { STATE = 6, SYMBOLS = 256 };

static inline uint32_t context_count(const struct units *in, uint32_t context) {
    return read16(in->heap + context);
}

static inline uint32_t context_total(const struct units *in, uint32_t context) {
    return read16(in->heap + context + 2);
}

static inline uint32_t context_table(const struct units *in, uint32_t context) {
    return read32(in->heap + context + 4);
}

static inline uint32_t context_shorter(const struct units *in, uint32_t context) {
    return read32(in->heap + context + 8);
}

/* Where a state leads to. */
static inline uint32_t state_target(const struct units *in, uint32_t state) {
    return read32(in->heap + state + 2);
}

static inline void state_lead(struct units *in, uint32_t state, uint32_t place) {
    write32(in->heap + state + 2, place);
}

/* Forget everything and make the context that has every byte once. */
uint32_t contexts_root(struct units *in);

/* The state of a byte in a context; 0 if it has none. */
uint32_t context_state(const struct units *in, uint32_t context, uint8_t symbol);

/* Put a state to a place further ahead in its table. */
void state_move(struct units *in, uint32_t state, uint32_t place);

/* Make a context with one state; 0 if memory is full. */
uint32_t context_single(struct units *in, const uint8_t first[2], uint32_t target,
                        uint32_t shorter);

/* Give a table of `old` units room for more; false if memory is full. */
bool context_widen(struct units *in, uint32_t context, unsigned old);

/* Put the only state of a context into a table of two; 0 if memory is full. */
uint32_t context_spread(struct units *in, uint32_t context);

/* Keep only the first `left` states of a context, one at least. */
void context_cut(struct units *in, uint32_t context, unsigned left);

#endif
