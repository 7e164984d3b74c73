/* What a PPMd model learns from each byte. */
#include "model.h"

#include "growth.h"

enum { MOST_INITIAL_RUN = 12 };

static void restart(struct model *model) {
    model->shortest = model->longest = contexts_root(&model->units);
    model->found = context_table(&model->units, model->shortest);
    model->fall = model->order;
    model->run = model->first_run;
    model->expected = 0;
    model->restarted = true;
}

bool model_make(struct model *model, unsigned order, uint32_t memory) {
    if (!units_make(&model->units, memory)) {
        return false;
    }
    model->order = order;
    model->first_run = ~(order < MOST_INITIAL_RUN ? order : MOST_INITIAL_RUN);
    restart(model);
    return true;
}

void model_free(struct model *model) {
    units_free(&model->units);
}

static void lower_single(struct model *model, int escape) {
    uint32_t state = model->shortest + 2;
    unsigned freq = model->units.heap[state + 1];
    do {
        freq -= freq >> 1;
        escape >>= 1;
    } while (escape > 1);
    model->units.heap[state + 1] = (uint8_t)freq;
    model->found = state;
}

/* Halve the frequencies of the shortest context, and sort its table. */
static void rescale(struct model *model) {
    struct units *units = &model->units;
    uint8_t *heap = units->heap;
    uint32_t table = context_table(units, model->shortest);
    uint32_t count = context_count(units, model->shortest);
    state_move(units, model->found, table);
    int escape = (int)context_total(units, model->shortest) + 4;
    int total = 0;
    heap[table + 1] = (uint8_t)(heap[table + 1] + 4);
    for (uint32_t state = table; state < table + count * STATE; state += STATE) {
        escape -= heap[state + 1];
        uint8_t freq = (uint8_t)((heap[state + 1] + (model->fall != 0)) >> 1);
        heap[state + 1] = freq;
        total += freq;
        uint32_t place = state;
        while (place != table && freq > heap[place - STATE + 1]) {
            place -= STATE;
        }
        if (place != state) {
            state_move(units, state, place);
        }
    }
    uint32_t left = count;
    while (left > 1 && heap[table + (left - 1) * STATE + 1] == 0) {
        left--;
    }
    escape += (int)(count - left);
    if (left < count) {
        context_cut(units, model->shortest, left);
    }
    if (left == 1) {
        lower_single(model, escape);
    } else {
        write16(heap + model->shortest + 2, (uint32_t)(total + escape - (escape >> 1)));
        model->found = context_table(units, model->shortest);
    }
}

static void learn(struct model *model) {
    if (!model_grow(model)) {
        restart(model);
    }
}

static void advance(struct model *model) {
    uint32_t target = state_target(&model->units, model->found);
    if (model->fall == 0 && target > model->units.text) {
        model->shortest = model->longest = target;
    } else {
        learn(model);
    }
}

static void add(struct model *model, uint32_t state) {
    uint8_t *context = model->units.heap + model->shortest;
    write16(context + 2, read16(context + 2) + 4);
    model->units.heap[state + 1] = (uint8_t)(model->units.heap[state + 1] + 4);
}

void model_saw_single(struct model *model, uint32_t state) {
    uint8_t *freq = model->units.heap + state + 1;
    model->found = state;
    *freq = (uint8_t)(*freq + (*freq < 128));
    model->expected = 1;
    model->run++;
    advance(model);
}

void model_saw_first(struct model *model, uint32_t state) {
    const uint8_t *heap = model->units.heap;
    model->found = state;
    model->expected = 2U * heap[state + 1] > context_total(&model->units, model->shortest);
    model->run += model->expected;
    add(model, state);
    if (heap[state + 1] > MAX_FREQ) {
        rescale(model);
    }
    advance(model);
}

void model_saw_other(struct model *model, uint32_t state) {
    const uint8_t *heap = model->units.heap;
    uint32_t before = state - STATE;
    add(model, state);
    model->found = state;
    if (heap[state + 1] > heap[before + 1]) {
        state_move(&model->units, state, before);
        model->found = before;
        if (heap[before + 1] > MAX_FREQ) {
            rescale(model);
        }
    }
    advance(model);
}

void model_saw_after_escape(struct model *model, uint32_t state) {
    add(model, state);
    model->found = state;
    if (model->units.heap[state + 1] > MAX_FREQ) {
        rescale(model);
    }
    model->run = model->first_run;
    learn(model);
}
