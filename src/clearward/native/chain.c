#include "chain.h"

/* Pieces are stages, each of which finds places in the ranges that the one before has
 * opened. The last stage is asked; a stage that has nothing left to search asks the one
 * before it for one more match. So nothing is kept but the ranges around a border that
 * moves forward, whatever the length of the part.
 *
 * Ranges come in the order of starts, not of ends, because lengths of a piece may vary.
 * `limit` is what makes that right: no later match opens a place below it, and a stage
 * does not search beyond it. */

enum { MOST_WAITING = 64 };

unsigned chain_capacity(uint64_t spread) {
    return spread + 4 < MOST_WAITING ? (unsigned)spread + 4 : MOST_WAITING;
}

const uint8_t *chain_read(struct chain *chain, const uint8_t *at, struct stage *stages,
                          struct range *queues, unsigned capacity) {
    chain->stages = stages;
    chain->count = load16(at);
    at += CHAIN_HEAD;
    for (unsigned index = 0; index < chain->count; index++) {
        stages[index].piece = piece_read(at);
        stages[index].queue = queues + (size_t)index * capacity;
        at += piece_span(stages[index].piece.record.length);
    }
    return at;
}

void chain_restart(struct chain *chain, uint64_t first_place, uint64_t last_place,
                   uint64_t last_start) {
    for (unsigned index = 0; index < chain->count; index++) {
        struct stage *stage = &chain->stages[index];
        stage->at = 0;
        stage->limit = 0;
        stage->waiting = 0;
        stage->complete = index == 0;
    }
    chain->stages[chain->count - 1].at = first_place;
    chain->last_place = last_place;
    chain->last_start = last_start;
}

static void drop_first(struct stage *stage) {
    stage->waiting--;
    memmove(stage->queue, stage->queue + 1, stage->waiting * sizeof *stage->queue);
}

/* What a stage may search now; false if nothing. */
static bool next_range(const struct chain *chain, const struct scope *scope,
                       unsigned level, struct range *range) {
    struct stage *stage = &chain->stages[level];
    if (level == 0) {
        if (!starts_next(scope->place, scope->facts, scope->pieces->length, stage->at,
                         range)) {
            return false;
        }
        range->end = range->end > chain->last_start ? chain->last_start + 1 : range->end;
        return range->low < range->end;
    }
    while (stage->waiting > 0) {
        *range = stage->queue[0];
        range->low = range->low < stage->at ? stage->at : range->low;
        range->end = range->end > stage->limit ? stage->limit : range->end;
        if (range->low < range->end) {
            return true;
        }
        if (stage->queue[0].end > stage->limit && stage->queue[0].end > stage->at) {
            return false;
        }
        drop_first(stage);
    }
    return false;
}

/* Let a stage search one more range; false if there is no room for it. */
static bool add_range(struct stage *stage, unsigned capacity, struct range range) {
    unsigned first = 0; /* of those that touch it or lie behind it */
    while (first < stage->waiting && stage->queue[first].end < range.low) {
        first++;
    }
    unsigned end = first; /* of those that touch it */
    while (end < stage->waiting && stage->queue[end].low <= range.end) {
        struct range other = stage->queue[end++];
        range.low = other.low < range.low ? other.low : range.low;
        range.end = other.end > range.end ? other.end : range.end;
    }
    if (end == first && stage->waiting == capacity) {
        return false;
    }
    memmove(stage->queue + first + 1, stage->queue + end,
            (stage->waiting - end) * sizeof *stage->queue);
    stage->queue[first] = range;
    stage->waiting = stage->waiting - (end - first) + 1;
    return true;
}

/* Open to the next stage what may follow a match of this one. */
static bool open_next(const struct chain *chain, const struct scope *scope,
                      unsigned level, const struct ends *ends) {
    const struct stage *stage = &chain->stages[level];
    struct stage *next = &chain->stages[level + 1];
    uint64_t least = next->piece.record.least_gap;
    unsigned words = scope->pieces->words;
    bool unbounded = next->piece.record.most_gap == UNBOUNDED;
    for (unsigned word = 0; word < words; word++) {
        for (uint64_t bits = ends->bits[word]; bits != 0; bits &= bits - 1) {
            uint64_t place =
                ends->base + (uint64_t)word * 64 + (unsigned)__builtin_ctzll(bits);
            struct range range = {place + least, place + next->piece.record.most_gap + 1};
            range.end = unbounded ? UINT64_MAX : range.end;
            if (!add_range(next, scope->capacity, range)) {
                return false;
            }
        }
    }
    next->limit = stage->at + stage->piece.record.least + least;
    if (unbounded && next->queue[0].low <= next->limit) {
        next->limit = UINT64_MAX;
        next->complete = true;
    }
    return true;
}

uint64_t chain_next(struct chain *chain, const struct scope *scope) {
    unsigned last = chain->count - 1;
    unsigned level = last;
    struct pieces *pieces = scope->pieces;
    while (pieces->steps > 0) {
        struct stage *stage = &chain->stages[level];
        struct range range;
        if (!next_range(chain, scope, level, &range)) {
            if (!stage->complete) {
                level--;
            } else if (level == last) {
                break;
            } else {
                level++;
                chain->stages[level].complete = true;
                chain->stages[level].limit = UINT64_MAX;
            }
            continue;
        }
        if (level == last) {
            range.end = range.end > chain->last_place ? chain->last_place + 1 : range.end;
            if (range.low >= range.end) {
                break;
            }
        }
        struct ends ends;
        uint64_t place = piece_find(pieces, &stage->piece, range.low, range.end, &ends);
        stage->at = place < range.end ? place + 1 : range.end;
        if (place == range.end) {
            continue;
        }
        if (level == last) {
            return place;
        }
        if (!open_next(chain, scope, level, &ends)) {
            pieces->steps = 0;
        }
        level++;
    }
    return NO_PLACE;
}
