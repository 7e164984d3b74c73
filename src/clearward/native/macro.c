#include "macro.h"

/* Add a place to ascending ones, each once; false if there is no room. */
static bool add_place(struct places *places, uint64_t place) {
    unsigned at = places->count;
    while (at > 0 && places->all[at - 1] > place) {
        at--;
    }
    if (at > 0 && places->all[at - 1] == place) {
        return true;
    }
    if (places->count == MOST_PLACES) {
        return false;
    }
    memmove(places->all + at + 1, places->all + at,
            (places->count - at) * sizeof *places->all);
    places->all[at] = place;
    places->count++;
    return true;
}

/* Add where the matches of a body start. */
static void add_starts(struct subs *subs, unsigned index, struct places *places) {
    struct body body;
    subs_body(subs, index, &body);
    bool gaps = false;
    for (unsigned chain = 0; chain < body.count; chain++) {
        gaps = gaps || body.chains[chain].count > 1;
    }
    uint64_t place = body_next(&body);
    for (; place != NO_PLACE; place = body_next(&body)) {
        uint64_t start = gaps ? body_start(&body, place) : place;
        if (start != NO_PLACE && !add_place(places, start)) {
            subs->pieces.steps = 0;
        }
    }
}

/* Keep those that lie `least` to `most` bytes behind one of `before`. */
static void keep_behind(struct places *places, const struct places *before,
                        uint64_t least, uint64_t most) {
    unsigned kept = 0;
    unsigned near = 0; /* the first of `before` that is not too far away */
    for (unsigned index = 0; index < places->count; index++) {
        uint64_t place = places->all[index];
        while (near < before->count && before->all[near] + most < place) {
            near++;
        }
        if (near < before->count && before->all[near] + least <= place) {
            places->all[kept++] = place;
        }
    }
    places->count = kept;
}

void count_macro(struct subs *subs, unsigned index, struct macro_places *memory) {
    struct sub *macro = &subs->all[index];
    struct places *before = &memory->before;
    struct places *found = &memory->found;
    if (subs->all[index - 1].kind == SUB_BODY) {
        before->count = 0;
        add_starts(subs, index - 1, before);
    }
    found->count = 0;
    for (unsigned other = 0; other < subs->count; other++) {
        const struct sub *sub = &subs->all[other];
        if (sub->grouped && load32(sub->payload + 4) == load32(macro->payload)) {
            add_starts(subs, other, found);
        }
    }
    keep_behind(found, before, load32(macro->payload + 4), load32(macro->payload + 8));
    macro->count = (struct count){found->count, found->count};
    macro->last = found->count > 0 ? found->all[found->count - 1] : NO_PLACE;
    struct places swapped = *before;
    *before = *found;
    *found = swapped;
}
