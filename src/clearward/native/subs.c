#include "subs.h"

/* Who asks for more than whether a sub matched: byte compares, macros, triggers. */
static void note_references(struct subs *subs, uint64_t *enough) {
    uint64_t ignored = 0;
    for (unsigned index = 0; index < subs->count; index++) {
        const struct sub *sub = &subs->all[index];
        if (sub->kind == SUB_COMPARE) {
            subs->all[sub->payload[0]].needs_last = true;
        } else if (sub->kind == SUB_REGEX) {
            expression_asks(sub->payload + REGEX_SIZE, &ignored, enough);
        }
    }
}

void subs_read(struct subs *subs, const uint8_t *at, unsigned count,
               const struct image *image, const struct workspace *workspace,
               const struct part *part, uint64_t steps) {
    uint64_t enough[MOST_SUBS] = {0};
    subs->image = image;
    subs->workspace = workspace;
    subs->part = part;
    subs->pieces = (struct pieces){.view = {part->data, 0, part->length},
                                   .horizon = UINT64_MAX,
                                   .steps = steps,
                                   .words = 1,
                                   .memory = workspace->ends,
                                   .grams = part->grams};
    subs->named = 0;
    subs->count = count;
    for (unsigned index = 0; index < count; index++) {
        const uint8_t *payload = at + SUB_HEAD;
        bool grouped = at[0] == SUB_BODY && payload[0] == WHERE_GROUP;
        subs->all[index] = (struct sub){.payload = payload,
                                        .kind = at[0],
                                        .grouped = grouped,
                                        .count = {0, ENDLESS},
                                        .last = NO_PLACE};
        subs->counts[index] = (struct count){0, grouped ? 0 : ENDLESS};
        at = payload + load32(at + 4);
    }
    subs->expression = at;
    expression_asks(at, &subs->named, enough);
    note_references(subs, enough);
    for (unsigned index = 0; index < count; index++) {
        subs->all[index].enough = enough[index];
    }
}

void subs_body(struct subs *subs, unsigned index, struct body *body) {
    struct scope scope = {.pieces = &subs->pieces,
                          .facts = &subs->part->facts,
                          .capacity = subs->workspace->capacity};
    body_read(body, subs->all[index].payload, scope, &subs->workspace->bodies,
              &subs->image->needs);
}

struct outcome subs_outcome(const struct subs *subs) {
    return expression_evaluate(subs->expression, subs->counts);
}

enum state subs_state(const struct subs *subs, uint32_t signature) {
    if (subs->pieces.steps == 0) {
        return STATE_OUT_OF_STEPS;
    }
    if (!subs_outcome(subs).may_be_true) {
        return STATE_NO;
    }
    uint32_t flags = load32(image_record(subs->image, signature) + 4);
    return (flags & FLAG_DEFERRED) != 0 ? STATE_DEFERRED : STATE_MATCHES;
}
