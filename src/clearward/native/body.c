#include "body.h"

/* Stands for a place before the first match. */
#define NOT_ASKED (NO_PLACE - 1)

void body_read(struct body *body, const uint8_t *payload, struct scope scope,
               const struct body_memory *memory, const struct body_needs *needs) {
    body->scope = scope;
    body->scope.place = payload;
    body->count = load16(payload + PLACE_SIZE);
    body->chains = memory->chains;
    body->asked = needs == NULL ? NULL : memory->chains + needs->chains;
    body->next = memory->next;
    const uint8_t *at = payload + BODY_HEAD;
    struct stage *stages = memory->stages;
    struct range *queues = memory->queues;
    for (unsigned index = 0; index < body->count; index++) {
        struct chain *chain = &body->chains[index];
        if (needs != NULL) {
            uint64_t other = needs->pieces;
            chain_read(&body->asked[index], at, stages + other,
                       queues + other * scope.capacity, scope.capacity);
        }
        at = chain_read(chain, at, stages, queues, scope.capacity);
        stages += chain->count;
        queues += (size_t)(chain->count - 1) * scope.capacity;
        chain_restart(chain, 0, NO_PLACE, NO_PLACE);
        body->next[index] = NOT_ASKED;
    }
    body->last = NOT_ASKED;
}

uint64_t body_next(struct body *body) {
    uint64_t least = NO_PLACE;
    for (unsigned index = 0; index < body->count; index++) {
        if (body->next[index] == body->last) {
            body->next[index] = chain_next(&body->chains[index], &body->scope);
        }
        least = body->next[index] < least ? body->next[index] : least;
    }
    body->last = least;
    return body->scope.pieces->steps > 0 ? least : NO_PLACE;
}

/* Whether a chain has a match at `place` that starts at `last_start` or before. */
static bool reaches(const struct body *body, struct chain *chain, uint64_t place,
                    uint64_t last_start) {
    chain_restart(chain, place, place, last_start);
    return chain_next(chain, &body->scope) == place;
}

uint64_t body_start(struct body *body, uint64_t place) {
    uint64_t best = place + 1; /* starts below are looked for */
    for (unsigned index = 0; index < body->count; index++) {
        struct chain *chain = &body->asked[index];
        if (!reaches(body, chain, place, best - 1)) {
            continue;
        }
        /* Allowing more starts never loses a match, so the first one is found by
         * halving; `high` is known to be enough. */
        uint64_t low = chain->count == 1 ? place : 0;
        uint64_t high = best - 1;
        while (low < high) {
            uint64_t middle = low + (high - low) / 2;
            if (reaches(body, chain, place, middle)) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        best = high;
        if (best == 0) {
            break;
        }
    }
    return body->scope.pieces->steps > 0 ? best : NO_PLACE;
}
