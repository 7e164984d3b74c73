/* Decode PPMd: how a byte is found in the model. */
#include "decoder.h"

enum { PERIOD_BITS = 7, NONE = -1 };

static const uint16_t first_escapes[] = {0x3CDD, 0x1F3F, 0x59BF, 0x48F3,
                                         0x64A1, 0x5ABC, 0x6632, 0x6051};
static const uint8_t escapes[] = {25, 14, 9, 7, 5, 5, 4, 4, 4, 3, 3, 3, 2, 2, 2, 2};

static void reset(struct decoder *decoder) {
    for (unsigned freq = 0; freq < ROWS; freq++) {
        for (unsigned at = 0; at < BINARY; at++) {
            unsigned less = first_escapes[at % 8] / (freq + 2);
            decoder->binary[freq][at] = (uint16_t)((1U << BIN_BITS) - less);
        }
    }
    for (unsigned row = 0; row < SEES; row++) {
        for (unsigned at = 0; at < SEE_KINDS; at++) {
            struct see first = {(uint16_t)((5 * row + 10) << (PERIOD_BITS - 4)),
                                PERIOD_BITS - 4, 4};
            decoder->sees[row][at] = first;
        }
    }
    decoder->model.restarted = false;
}

bool decoder_make(struct decoder *decoder, unsigned order, uint32_t memory,
                  struct source source, bool rar) {
    memset(decoder, 0, sizeof *decoder);
    decoder->ranges.source = source;
    decoder->ranges.bottom = rar ? RANGES_BOTTOM : 0;
    if (!model_make(&decoder->model, order, memory)) {
        return false;
    }
    reset(decoder);
    return true;
}

void decoder_free(struct decoder *decoder) {
    model_free(&decoder->model);
}

void decoder_restart(struct decoder *decoder) {
    decoder->begun = false;
    if (decoder->ranges.fault == ENDED) {
        decoder->ranges.fault = SOUND;
    }
}

static int damaged(struct decoder *decoder) {
    decoder->ranges.fault = DAMAGED;
    return NONE;
}

/* 8 for bytes from 64 on: letters, in text. */
static unsigned high(unsigned symbol) {
    return symbol >= 64 ? 8 : 0;
}

/* Class of the number of states of the next shorter context. */
static unsigned binary_class(uint32_t count) {
    if (count == 1) {
        return 0;
    }
    return count == 2 ? 2 : count > 2 && count <= 11 ? 4 : 6;
}

/* Class of the number of states that may still follow, from 1 on. */
static unsigned see_class(unsigned left) {
    unsigned at = left - 1;
    unsigned row = at;
    if (at >= 3) {
        unsigned passed = 3;
        for (row = 3; passed + (row - 2) <= at; row++) {
            passed += row - 2;
        }
    }
    return row < SEES ? row : SEES - 1;
}

static int from_single(struct decoder *decoder) {
    struct model *model = &decoder->model;
    const uint8_t *heap = model->units.heap;
    uint32_t state = model->shortest + 2;
    uint32_t shorter = context_shorter(&model->units, model->shortest);
    uint8_t symbol = heap[state];
    decoder->high = high(heap[model->found]);
    unsigned which = model->expected + decoder->high + 2 * high(symbol) +
                     binary_class(context_count(&model->units, shorter)) +
                     (model->run >> 26 & 32);
    uint16_t *place = &decoder->binary[(heap[state + 1] - 1U) % ROWS][which];
    uint32_t probability = *place;
    uint32_t mean = (probability + (1U << (PERIOD_BITS - 2))) >> PERIOD_BITS;
    if (ranges_bit(&decoder->ranges, probability)) {
        *place = (uint16_t)(probability - mean);
        model->escape = escapes[*place >> 10];
        model->expected = 0;
        memset(decoder->masked, 0, sizeof decoder->masked);
        decoder->masked[symbol] = 1;
        decoder->masked_count = 1;
        return NONE;
    }
    *place = (uint16_t)(probability + (1U << PERIOD_BITS) - mean);
    model_saw_single(model, state);
    return symbol;
}

static int from_table(struct decoder *decoder) {
    struct model *model = &decoder->model;
    const uint8_t *heap = model->units.heap;
    uint32_t table = context_table(&model->units, model->shortest);
    uint32_t count = context_count(&model->units, model->shortest);
    uint32_t total = context_total(&model->units, model->shortest);
    if (total == 0) {
        return damaged(decoder);
    }
    uint32_t place = ranges_threshold(&decoder->ranges, total);
    uint32_t end = heap[table + 1];
    if (place < end) {
        uint8_t symbol = heap[table];
        ranges_take(&decoder->ranges, 0, end);
        model_saw_first(model, table);
        return symbol;
    }
    model->expected = 0;
    uint32_t behind = table + count * STATE;
    for (uint32_t state = table + STATE; state < behind; state += STATE) {
        uint32_t freq = heap[state + 1];
        end += freq;
        if (end > place) {
            uint8_t symbol = heap[state];
            ranges_take(&decoder->ranges, end - freq, freq);
            model_saw_other(model, state);
            return symbol;
        }
    }
    if (place >= total) {
        return damaged(decoder);
    }
    decoder->high = high(heap[model->found]);
    ranges_take(&decoder->ranges, end, total - end);
    memset(decoder->masked, 0, sizeof decoder->masked);
    for (uint32_t state = table; state < behind; state += STATE) {
        decoder->masked[heap[state]] = 1;
    }
    decoder->masked_count = count;
    return NONE;
}

/* Go to the next shorter context that has more bytes than were looked at. */
static bool leave(struct decoder *decoder) {
    struct model *model = &decoder->model;
    do {
        model->fall++;
        uint32_t shorter = context_shorter(&model->units, model->shortest);
        if (shorter == 0) {
            decoder->ranges.fault = DAMAGED;
            return false;
        }
        model->shortest = shorter;
    } while (context_count(&model->units, model->shortest) == decoder->masked_count);
    if (context_count(&model->units, model->shortest) < decoder->masked_count) {
        decoder->ranges.fault = DAMAGED;
        return false;
    }
    return true;
}

/* How often contexts such as the shortest are left; none for the one with all bytes. */
static struct see *see_of(struct decoder *decoder) {
    const struct model *model = &decoder->model;
    uint32_t count = context_count(&model->units, model->shortest);
    if (count == SYMBOLS) {
        return NULL;
    }
    unsigned left = count - decoder->masked_count;
    uint32_t shorter = context_shorter(&model->units, model->shortest);
    unsigned which = (left < context_count(&model->units, shorter) - count) +
                     2U * (context_total(&model->units, model->shortest) < 11 * count) +
                     4U * (decoder->masked_count > left) + decoder->high;
    return &decoder->sees[see_class(left)][which];
}

/* The frequency of leaving; it is taken from the mean until it is added. */
static uint32_t see_escape(struct see *see) {
    if (see == NULL) {
        return 1;
    }
    uint32_t mean = (uint32_t)see->sum >> see->shift;
    see->sum = (uint16_t)(see->sum - mean);
    return mean != 0 ? mean : 1;
}

/* Note that a context of the class was not left. */
static void see_found(struct see *see) {
    if (see != NULL && see->shift < PERIOD_BITS && --see->count == 0) {
        see->sum = (uint16_t)(see->sum << 1);
        see->count = (uint8_t)(3U << see->shift);
        see->shift++;
    }
}

static int from_shorter(struct decoder *decoder) {
    struct model *model = &decoder->model;
    const uint8_t *heap = model->units.heap;
    if (!leave(decoder)) {
        return NONE;
    }
    uint32_t table = context_table(&model->units, model->shortest);
    uint32_t behind = table + context_count(&model->units, model->shortest) * STATE;
    uint32_t end = 0;
    for (uint32_t state = table; state < behind; state += STATE) {
        end += decoder->masked[heap[state]] ? 0U : heap[state + 1];
    }
    struct see *see = see_of(decoder);
    uint32_t total = end + see_escape(see);
    uint32_t place = ranges_threshold(&decoder->ranges, total);
    if (place >= total) {
        return damaged(decoder);
    }
    if (place >= end) {
        ranges_take(&decoder->ranges, end, total - end);
        if (see != NULL) {
            see->sum = (uint16_t)(see->sum + total);
        }
        for (uint32_t state = table; state < behind; state += STATE) {
            decoder->masked[heap[state]] = 1;
        }
        decoder->masked_count = (behind - table) / STATE;
        return NONE;
    }
    uint32_t start = 0;
    uint32_t state = table;
    for (; state < behind; state += STATE) {
        uint32_t freq = decoder->masked[heap[state]] ? 0 : heap[state + 1];
        if (start + freq > place) {
            break;
        }
        start += freq;
    }
    uint8_t symbol = heap[state];
    ranges_take(&decoder->ranges, start, heap[state + 1]);
    see_found(see);
    model_saw_after_escape(model, state);
    return symbol;
}

static int next_symbol(struct decoder *decoder) {
    const struct model *model = &decoder->model;
    bool single = context_count(&model->units, model->shortest) == 1;
    int symbol = single ? from_single(decoder) : from_table(decoder);
    while (symbol == NONE && decoder->ranges.fault == SOUND) {
        symbol = from_shorter(decoder);
    }
    if (model->broken) {
        return damaged(decoder);
    }
    if (model->restarted) {
        reset(decoder);
    }
    return symbol;
}

size_t decoder_read(struct decoder *decoder, uint8_t *output, size_t size) {
    size_t done = 0;
    if (!decoder->begun) {
        decoder->begun = true;
        ranges_begin(&decoder->ranges);
    }
    while (done < size && decoder->ranges.fault == SOUND) {
        int symbol = next_symbol(decoder);
        if (symbol >= 0 && decoder->ranges.fault == SOUND) {
            output[done++] = (uint8_t)symbol;
        }
    }
    return done;
}
