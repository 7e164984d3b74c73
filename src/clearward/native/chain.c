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
        stages[index].queue = index == 0 ? NULL : queues + (size_t)(index - 1) * capacity;
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

enum next { SEARCH, NOTHING_YET, BEHIND_HORIZON };

/* Cut a range off at the horizon. */
static enum next below_horizon(const struct scope *scope, struct range *range) {
    uint64_t horizon = scope->pieces->horizon;
    if (range->low >= horizon) {
        return BEHIND_HORIZON;
    }
    range->end = range->end > horizon ? horizon : range->end;
    return SEARCH;
}

/* What the first stage may search now. */
static enum next first_range(const struct chain *chain, const struct scope *scope,
                             struct range *range) {
    if (!starts_next(scope->place, scope->facts, scope->pieces->view.length,
                     chain->stages[0].at, range)) {
        return NOTHING_YET;
    }
    range->end = range->end > chain->last_start ? chain->last_start + 1 : range->end;
    return range->low < range->end ? below_horizon(scope, range) : NOTHING_YET;
}

/* What a stage may search now. */
static enum next next_range(const struct chain *chain, const struct scope *scope,
                            unsigned level, struct range *range) {
    struct stage *stage = &chain->stages[level];
    if (level == 0) {
        return first_range(chain, scope, range);
    }
    while (stage->waiting > 0) {
        *range = stage->queue[0];
        range->low = range->low < stage->at ? stage->at : range->low;
        range->end = range->end > stage->limit ? stage->limit : range->end;
        if (range->low < range->end) {
            return below_horizon(scope, range);
        }
        if (stage->queue[0].end > stage->limit && stage->queue[0].end > stage->at) {
            return NOTHING_YET;
        }
        drop_first(stage);
    }
    return NOTHING_YET;
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

/* Leave a stage that has searched all below the horizon, for the one behind it: nothing
 * opens a place there any more that is not behind the horizon, too. */
static void pause(struct chain *chain, unsigned level, uint64_t horizon) {
    struct stage *stage = &chain->stages[level];
    stage->at = stage->at < horizon ? horizon : stage->at;
    if (level + 1 < chain->count) {
        struct stage *next = stage + 1;
        next->limit = next->limit < horizon ? horizon : next->limit;
    }
}

/* Let the stage behind one that has found all of its places know. */
static void complete(struct chain *chain, unsigned level) {
    chain->stages[level + 1].complete = true;
    chain->stages[level + 1].limit = UINT64_MAX;
}

uint64_t chain_next(struct chain *chain, const struct scope *scope) {
    unsigned last = chain->count - 1;
    unsigned level = last;
    unsigned paused = 0; /* the stages below this one have searched up to the horizon */
    struct pieces *pieces = scope->pieces;
    while (pieces->steps > 0) {
        struct stage *stage = &chain->stages[level];
        struct range range;
        enum next next = next_range(chain, scope, level, &range);
        if (next == BEHIND_HORIZON && !stage->complete && paused < level) {
            next = NOTHING_YET; /* the one before may open a place in front of that */
        }
        if (next == NOTHING_YET && !stage->complete && paused < level) {
            level--;
            continue;
        }
        if (next != SEARCH) {
            bool ended = next == NOTHING_YET && stage->complete;
            if (level == last) {
                return ended ? NO_PLACE : LATER;
            }
            if (ended) {
                complete(chain, level);
            } else {
                pause(chain, level, pieces->horizon);
            }
            level++;
            paused = level;
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
