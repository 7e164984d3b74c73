#include "verify.h"

#include "conditions.h"
#include "expression.h"
#include "macro.h"
#include "others.h"

/* verify.py says what counts and in which order. Here bodies are looked for one after
 * the other, those at fixed places first, and after each the expression is asked what
 * it can be still, with the others unknown: most signatures are decided by the first.
 * Nor is more counted than the expression can tell apart. */

/* Find the matches of a body. */
static void count_body(struct subs *subs, unsigned index) {
    struct sub *sub = &subs->all[index];
    struct body body;
    subs_body(subs, index, &body);
    uint64_t enough = sub->needs_last ? UINT64_MAX : sub->enough;
    uint64_t count = 0;
    uint64_t last = NO_PLACE;
    while (count < enough) {
        uint64_t place = body_next(&body);
        if (place == NO_PLACE) {
            break;
        }
        last = place;
        count++;
    }
    sub->known = true;
    sub->count = (struct count){count, count};
    if (sub->needs_last && last != NO_PLACE) {
        sub->last = body_start(&body, last);
    }
    if (!sub->grouped) {
        subs->counts[index] = sub->count;
    }
}

/* Count bodies whose place is fixed, or which may be anywhere, until the expression is
 * decided. True if it is, or if steps ran out. */
static bool count_named(struct subs *subs, bool fixed) {
    for (unsigned index = 0; index < subs->count; index++) {
        const struct sub *sub = &subs->all[index];
        bool named = (subs->named >> index & 1) != 0;
        if (sub->kind != SUB_BODY || sub->grouped || !named ||
            (sub->payload[0] != WHERE_ANYWHERE) != fixed) {
            continue;
        }
        count_body(subs, index);
        struct outcome outcome = subs_outcome(subs);
        if (!outcome.may_be_true || !outcome.may_be_false || subs->pieces.steps == 0) {
            return true;
        }
    }
    return false;
}

/* Everything that is not known yet, in the order in which one refers to another. */
static void count_rest(struct subs *subs) {
    for (unsigned index = 0; index < subs->count; index++) {
        if (subs->all[index].kind == SUB_BODY && !subs->all[index].known) {
            count_body(subs, index);
        }
    }
    uint64_t *places = subs->workspace->places;
    struct macro_places memory = {{places, 0}, {places + MOST_PLACES, 0}};
    for (unsigned index = 0; index < subs->count; index++) {
        if (subs->all[index].kind == SUB_MACRO) {
            count_macro(subs, index, &memory);
        }
    }
    count_others(subs, subs->part->data);
}

enum state verify(const struct image *image, const struct workspace *workspace,
                  uint32_t signature, const struct part *part, uint64_t steps) {
    const uint8_t *record = image_record(image, signature);
    const uint8_t *program = image->programs.bytes + load64(record + 8);
    const uint8_t *at = conditions_met(program, &part->facts, part->length);
    if (at == NULL) {
        return STATE_NO;
    }
    struct subs subs;
    subs_read(&subs, at, record[21], image, workspace, part, steps);
    bool decided = count_named(&subs, true) || count_named(&subs, false);
    if (!decided) {
        count_rest(&subs);
    }
    return subs_state(&subs, signature);
}
