/* The items of a chunk: bytes, matches and matches of deltas. */
#include "decoder.h"

#include <string.h>

enum { BYTES = 256, POWERS = 8, OFTEN = 1024, SELDOM = 512, LEAST_CHUNK = 4 };
enum { LITERAL, MATCH, DELTA };

static void recent_make(struct recent *recent) {
    for (uint32_t at = 0; at <= RECENT; at++) {
        recent->last[at].numbers = at + 1;
        recent->last[at].power = 0;
    }
    for (unsigned at = 0; at < RECENT - 1; at++) {
        kind_make(&recent->kinds[at], 6);
    }
}

/* Put a distance to the front, over that at `place`. */
static void recent_front(struct recent *recent, unsigned place, struct reach reach) {
    memmove(recent->last + 1, recent->last, place * sizeof reach);
    recent->last[0] = reach;
}

/* One of the last distances; `just` is 1 if the item before used the first of them. */
static struct reach recent_again(struct recent *recent, struct ranges *ranges,
                                 unsigned just) {
    unsigned which = 0;
    while (which < RECENT - 1 && ranges_bit(ranges, &recent->kinds[which])) {
        which++;
    }
    struct reach reach = recent->last[which + just];
    recent_front(recent, which + just, reach);
    return reach;
}

static void begin(struct decoder *decoder) {
    unsigned slots = slots_below(&decoder->distance_slots, (uint32_t)decoder->size);
    slots = slots < 2 ? 2 : slots;
    code_make(&decoder->bytes, BYTES, OFTEN);
    code_make(&decoder->lengths, LENGTHS, SELDOM);
    code_make(&decoder->distances, slots, OFTEN);
    code_make(&decoder->deltas, slots, OFTEN);
    code_make(&decoder->powers, POWERS, SELDOM);
    kind_make(&decoder->main, 4);
    kind_make(&decoder->match, 5);
    kind_make(&decoder->again, 6);
    kind_make(&decoder->delta_again, 6);
    recent_make(&decoder->recent);
    recent_make(&decoder->recent_deltas);
    decoder->before = LITERAL;
    decoder->done = 0;
}

static uint32_t number(struct decoder *decoder, struct code *code,
                       const struct slots *slots) {
    unsigned slot = code_symbol(code, &decoder->bits);
    return slots->starts[slot] + backwards_take(&decoder->bits, slots->bits[slot]);
}

/* The length of a match; 0 if it is longer than what is left. */
static size_t length_of(struct decoder *decoder) {
    size_t length = number(decoder, &decoder->lengths, &decoder->length_slots);
    return length <= decoder->size - decoder->done ? length : 0;
}

static bool copy(struct decoder *decoder) {
    struct reach reach = {0, 0};
    if (ranges_bit(&decoder->ranges, &decoder->again)) {
        reach = recent_again(&decoder->recent, &decoder->ranges, decoder->before == MATCH);
    } else {
        reach.numbers = number(decoder, &decoder->distances, &decoder->distance_slots);
        recent_front(&decoder->recent, RECENT, reach);
    }
    decoder->before = MATCH;
    size_t length = length_of(decoder);
    size_t distance = reach.numbers;
    if (length == 0 || distance > decoder->done) {
        return false;
    }
    uint8_t *place = decoder->output + decoder->done;
    decoder->done += length;
    if (distance >= length) {
        memcpy(place, place - distance, length);
        return true;
    }
    for (; length > 0; length--, place++) {
        *place = *(place - distance);
    }
    return true;
}

static bool copy_delta(struct decoder *decoder) {
    struct reach reach;
    if (ranges_bit(&decoder->ranges, &decoder->delta_again)) {
        reach = recent_again(&decoder->recent_deltas, &decoder->ranges,
                             decoder->before == DELTA);
    } else {
        reach.power = (uint8_t)code_symbol(&decoder->powers, &decoder->bits);
        reach.numbers = number(decoder, &decoder->deltas, &decoder->distance_slots);
        recent_front(&decoder->recent_deltas, RECENT, reach);
    }
    decoder->before = DELTA;
    size_t length = length_of(decoder);
    size_t width = (size_t)1 << reach.power;
    uint64_t distance = (uint64_t)reach.numbers << reach.power;
    if (length == 0 || distance + width > decoder->done) {
        return false;
    }
    uint8_t *place = decoder->output + decoder->done;
    decoder->done += length;
    for (; length > 0; length--, place++) {
        const uint8_t *row = place - distance;
        *place = (uint8_t)(*(place - width) + *row - *(row - width));
    }
    return true;
}

size_t decoder_chunk(struct decoder *decoder, const uint8_t *data, size_t length,
                     uint8_t *output, size_t size) {
    if (length < LEAST_CHUNK || length % 2 != 0) {
        return 0;
    }
    slots_of_distances(&decoder->distance_slots);
    slots_of_lengths(&decoder->length_slots);
    decoder->output = output;
    decoder->size = size;
    begin(decoder);
    ranges_make(&decoder->ranges, data, length);
    backwards_make(&decoder->bits, data, length);
    bool sound = true;
    while (sound && decoder->done < size) {
        if (!ranges_bit(&decoder->ranges, &decoder->main)) {
            output[decoder->done++] = (uint8_t)code_symbol(&decoder->bytes, &decoder->bits);
            decoder->before = LITERAL;
        } else if (ranges_bit(&decoder->ranges, &decoder->match)) {
            sound = copy_delta(decoder);
        } else {
            sound = copy(decoder);
        }
    }
    programs_restore(output, decoder->done, decoder->seen);
    return decoder->done;
}
