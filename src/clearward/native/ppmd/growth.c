/* How a PPMd model grows by the byte that was found. */
#include "growth.h"

enum { MOST_SINGLE = 32 };

/* The state of a byte that a context is known to have. */
static uint32_t state_of(struct model *model, uint32_t context, uint8_t symbol) {
    uint32_t state = context_state(&model->units, context, symbol);
    if (state == 0) {
        model->broken = true;
        return context_table(&model->units, context);
    }
    return state;
}

/* Count the found byte in the next shorter context as well. */
static void remember(struct model *model, uint32_t context) {
    struct units *units = &model->units;
    uint8_t *heap = units->heap;
    uint32_t state = state_of(model, context, heap[model->found]);
    if (context_count(units, context) == 1) {
        heap[state + 1] = (uint8_t)(heap[state + 1] + (heap[state + 1] < MOST_SINGLE));
        return;
    }
    uint32_t before = state - STATE;
    if (state != context_table(units, context) && heap[state + 1] >= heap[before + 1]) {
        state_move(units, state, before);
        state = before;
    }
    if (heap[state + 1] < MAX_FREQ - 9) {
        heap[state + 1] = (uint8_t)(heap[state + 1] + 2);
        write16(heap + context + 2, context_total(units, context) + 2);
    }
}

/* The first frequency of a byte in a new context, from the next shorter one. */
static unsigned inherited(struct model *model, uint32_t context, uint8_t symbol) {
    const struct units *units = &model->units;
    int freq = units->heap[state_of(model, context, symbol) + 1];
    int count = (int)context_count(units, context);
    if (count == 1) {
        return (unsigned)freq;
    }
    freq--;
    int others = (int)context_total(units, context) - count - freq;
    if (2 * freq <= others) {
        return 1 + (5 * freq > others);
    }
    if (others <= 0) {
        model->broken = true;
        return 1;
    }
    return 1 + (unsigned)((2 * freq + 3 * others - 1) / (2 * others));
}

/* Make the contexts that the found byte leads to, one byte longer each.
 *
 * With `reuse` the longest of them is not wanted: a shorter one may serve. Returns the
 * longest, 0 if memory is full. */
static uint32_t make(struct model *model, bool reuse) {
    struct units *units = &model->units;
    uint32_t states[LONGEST_ORDER + 2];
    unsigned count = 0;
    uint8_t symbol = units->heap[model->found];
    uint32_t text = state_target(units, model->found);
    uint32_t context = model->shortest;
    uint32_t shorter;
    if (!reuse) {
        states[count++] = model->found;
    }
    while ((shorter = context_shorter(units, context)) != 0) {
        context = shorter;
        uint32_t state = state_of(model, context, symbol);
        uint32_t target = state_target(units, state);
        if (target != text) {
            context = target;
            break;
        }
        if (count == sizeof states / sizeof *states) {
            model->broken = true;
            break;
        }
        states[count++] = state;
    }
    if (count == 0 || model->broken) {
        return context;
    }
    uint8_t first[2] = {units->heap[text], 0};
    first[1] = (uint8_t)inherited(model, context, first[0]);
    while (count > 0) {
        context = context_single(units, first, text + 1, context);
        if (context == 0) {
            return 0;
        }
        state_lead(units, states[--count], context);
    }
    return context;
}

/* Make room for one more state; the sum of the frequencies, 0 if memory is full. */
static uint32_t make_room(struct model *model, uint32_t context, uint32_t states) {
    struct units *units = &model->units;
    uint32_t count = context_count(units, context);
    if (count == 1) {
        uint32_t table = context_spread(units, context);
        if (table == 0) {
            return 0;
        }
        unsigned freq = units->heap[table + 1];
        freq = freq < MAX_FREQ / 4 - 1 ? 2 * freq : MAX_FREQ - 4;
        units->heap[table + 1] = (uint8_t)freq;
        return freq + model->escape + (states > 3);
    }
    if (count >= SYMBOLS) {
        model->broken = true;
        return 0;
    }
    if (count % 2 == 0 && !context_widen(units, context, count / 2)) {
        return 0;
    }
    uint32_t total = context_total(units, context);
    bool few = 4 * count <= states && total <= 8 * count;
    return total + (2 * count < states) + 2 * few;
}

/* Add the found byte to all longer contexts; false if memory is full. */
static bool extend(struct model *model, uint32_t text) {
    struct units *units = &model->units;
    uint8_t *heap = units->heap;
    uint8_t symbol = heap[model->found];
    uint32_t freq = heap[model->found + 1];
    uint32_t states = context_count(units, model->shortest);
    uint32_t others = context_total(units, model->shortest) - states - (freq - 1);
    for (uint32_t context = model->longest; context != model->shortest;
         context = context_shorter(units, context)) {
        uint32_t total = context == 0 ? 0 : make_room(model, context, states);
        if (total == 0) {
            return false;
        }
        uint32_t count = context_count(units, context);
        uint32_t own = 2 * freq * (total + 6);
        uint32_t whole = others + total;
        if (own < 6 * whole) {
            own = 1U + (own > whole) + (own >= 4 * whole);
            total += 3;
        } else {
            own = 4U + (own >= 9 * whole) + (own >= 12 * whole) + (own >= 15 * whole);
            total += own;
        }
        write16(heap + context + 2, total);
        uint32_t state = context_table(units, context) + count * STATE;
        heap[state] = symbol;
        heap[state + 1] = (uint8_t)own;
        state_lead(units, state, text);
        write16(heap + context, count + 1);
    }
    return true;
}

bool model_grow(struct model *model) {
    struct units *units = &model->units;
    uint32_t found = model->found;
    uint32_t target = state_target(units, found);
    uint32_t shorter = context_shorter(units, model->shortest);
    if (shorter != 0 && units->heap[found + 1] < MAX_FREQ / 4) {
        remember(model, shorter);
    }
    if (model->fall == 0) {
        model->shortest = model->longest = make(model, true);
        state_lead(units, found, model->shortest);
        return model->shortest != 0;
    }
    units->heap[units->text++] = units->heap[found];
    uint32_t text = units->text;
    if (text >= units->lowest) {
        return false;
    }
    if (target == 0) {
        state_lead(units, found, text);
        target = model->shortest;
    } else {
        if (target <= text) {
            target = make(model, false);
        }
        if (--model->fall == 0) {
            text = target;
            units->text -= model->longest != model->shortest;
        }
    }
    if (target == 0 || !extend(model, text)) {
        return false;
    }
    model->shortest = model->longest = target;
    return true;
}
