#include "others.h"

#include "compare.h"

static void count_compare(struct subs *subs, unsigned index, const uint8_t *data) {
    struct sub *sub = &subs->all[index];
    const struct sub *there = &subs->all[sub->payload[0]];
    sub->count = (struct count){0, there->count.most > 0 ? 1 : 0};
    if (data != NULL && there->last != NO_PLACE) {
        bool holds = compare_holds(sub->payload, data, subs->part->length, there->last);
        sub->count = (struct count){holds, holds};
    }
}

static void count_regex(struct subs *subs, unsigned index) {
    struct sub *sub = &subs->all[index];
    struct count counts[MOST_SUBS];
    for (unsigned before = 0; before < index; before++) {
        counts[before] = subs->all[before].count;
    }
    bool triggered =
        expression_evaluate(sub->payload + REGEX_SIZE, counts).may_be_true;
    sub->count = (struct count){0, triggered ? ENDLESS : 0};
}

void count_others(struct subs *subs, const uint8_t *data) {
    for (unsigned index = 0; index < subs->count; index++) {
        struct sub *sub = &subs->all[index];
        if (sub->kind == SUB_COMPARE) {
            count_compare(subs, index, data);
        } else if (sub->kind == SUB_REGEX) {
            count_regex(subs, index);
        } else if (sub->kind == SUB_IMAGE) {
            sub->count = (struct count){0, 1};
        }
        if (!sub->grouped) {
            subs->counts[index] = sub->count;
        }
    }
}
