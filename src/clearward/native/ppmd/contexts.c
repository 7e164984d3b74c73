/* Contexts and their tables in the memory of a PPMd model. */
#include "contexts.h"

uint32_t contexts_root(struct units *in) {
    units_reset(in);
    uint32_t root = units_context(in);
    uint32_t table = units_table(in, LISTS - 1);
    write16(in->heap + root, SYMBOLS);
    write16(in->heap + root + 2, SYMBOLS + 1);
    write32(in->heap + root + 4, table);
    write32(in->heap + root + 8, 0);
    for (unsigned symbol = 0; symbol < SYMBOLS; symbol++) {
        uint8_t *state = in->heap + table + symbol * STATE;
        state[0] = (uint8_t)symbol;
        state[1] = 1;
        memset(state + 2, 0, 4);
    }
    return root;
}

uint32_t context_state(const struct units *in, uint32_t context, uint8_t symbol) {
    uint32_t count = context_count(in, context);
    if (count == 1) {
        return context + 2;
    }
    uint32_t state = context_table(in, context);
    for (; count > 0; count--, state += STATE) {
        if (in->heap[state] == symbol) {
            return state;
        }
    }
    return 0;
}

void state_move(struct units *in, uint32_t state, uint32_t place) {
    uint8_t moved[STATE];
    memcpy(moved, in->heap + state, STATE);
    memmove(in->heap + place + STATE, in->heap + place, state - place);
    memcpy(in->heap + place, moved, STATE);
}

uint32_t context_single(struct units *in, const uint8_t first[2], uint32_t target,
                        uint32_t shorter) {
    uint32_t made = units_context(in);
    if (made != 0) {
        write16(in->heap + made, 1);
        memcpy(in->heap + made + 2, first, 2);
        state_lead(in, made + 2, target);
        write32(in->heap + made + 8, shorter);
    }
    return made;
}

bool context_widen(struct units *in, uint32_t context, unsigned old) {
    unsigned which = units_list(old);
    if (which == units_list(old + 1)) {
        return true;
    }
    uint32_t wider = units_table(in, which + 1);
    if (wider == 0) {
        return false;
    }
    uint32_t table = context_table(in, context);
    memcpy(in->heap + wider, in->heap + table, old * UNIT);
    units_give(in, table, old);
    write32(in->heap + context + 4, wider);
    return true;
}

uint32_t context_spread(struct units *in, uint32_t context) {
    uint32_t table = units_table(in, 0);
    if (table != 0) {
        memcpy(in->heap + table, in->heap + context + 2, STATE);
        write32(in->heap + context + 4, table);
    }
    return table;
}

void context_cut(struct units *in, uint32_t context, unsigned left) {
    uint32_t table = context_table(in, context);
    unsigned old = (context_count(in, context) + 1) / 2;
    unsigned now = (left + 1) / 2;
    write16(in->heap + context, left);
    if (left == 1) {
        memcpy(in->heap + context + 2, in->heap + table, STATE);
        units_give(in, table, old);
    } else if (old != now) {
        table = units_shrink(in, table, old, now);
        write32(in->heap + context + 4, table);
    }
}
