#include "watch.h"

#include "conditions.h"
#include "others.h"

/* Stands for a length that is not known: beyond all places that can be named. */
#define FAR_AWAY ((uint64_t)1 << 62)

static const uint8_t *program_of(const struct image *image, uint32_t signature) {
    return image->programs.bytes + load64(image_record(image, signature) + 8);
}

/* What is behind the conditions of a program; `sized` is set if one asks for the size. */
static const uint8_t *behind_conditions(const uint8_t *at, bool *sized) {
    *sized = false;
    while (at[0] != CONDITION_END) {
        *sized = *sized || at[0] == CONDITION_FILE_SIZE;
        at += CONDITION_HEAD + (size_t)at[1] * VALUE_SIZE;
    }
    return at + 1;
}

/* What the bodies of a signature need. */
struct needs {
    uint64_t bodies;
    uint64_t chains;
    uint64_t pieces;
    uint64_t longest;
};

static void add_body(struct needs *needs, const uint8_t *payload) {
    unsigned chains = load16(payload + PLACE_SIZE);
    const uint8_t *at = payload + BODY_HEAD;
    needs->bodies++;
    needs->chains += chains;
    for (; chains > 0; chains--) {
        unsigned pieces = load16(at);
        at += CHAIN_HEAD;
        needs->pieces += pieces;
        for (; pieces > 0; pieces--) {
            struct piece_record record = piece_record_at(at);
            needs->longest = record.most > needs->longest ? record.most : needs->longest;
            at += piece_span(record.length);
        }
    }
}

static struct needs needs_of(const struct image *image, uint32_t signature) {
    struct needs needs = {0};
    bool sized;
    const uint8_t *at = behind_conditions(program_of(image, signature), &sized);
    for (unsigned left = image_record(image, signature)[21]; left > 0; left--) {
        if (at[0] == SUB_BODY) {
            add_body(&needs, at + SUB_HEAD);
        }
        at += SUB_HEAD + load32(at + 4);
    }
    return needs;
}

uint64_t watch_reach(const struct image *image, uint32_t signature) {
    return needs_of(image, signature).longest;
}

/* Bytes of queues: a piece behind another one needs one. */
static uint64_t queues_size(const struct needs *needs) {
    return (needs->pieces - needs->chains) * WATCH_QUEUE * sizeof(struct range);
}

uint64_t watch_size(const struct image *image, uint32_t signature) {
    struct needs needs = needs_of(image, signature);
    return sizeof(struct watch) + needs.bodies * sizeof(struct body) +
           needs.chains * (sizeof(struct chain) + sizeof(uint64_t)) +
           needs.pieces * sizeof(struct stage) + queues_size(&needs);
}

static struct body_memory memory_behind(struct watch *watch, const struct needs *needs) {
    unsigned char *at = (unsigned char *)(watch->bodies + needs->bodies);
    struct body_memory memory;
    memory.chains = (void *)at;
    at += needs->chains * sizeof(struct chain);
    memory.next = (void *)at;
    at += needs->chains * sizeof(uint64_t);
    memory.stages = (void *)at;
    at += needs->pieces * sizeof(struct stage);
    memory.queues = (void *)at;
    return memory;
}

/* Begin every body, each with its share of the memory. */
static void begin_bodies(struct watch *watch, struct body_memory memory) {
    struct subs *subs = &watch->subs;
    struct body *body = watch->bodies;
    for (unsigned index = 0; index < subs->count; index++) {
        struct sub *sub = &subs->all[index];
        if (sub->kind != SUB_BODY) {
            continue;
        }
        struct scope scope = {&subs->pieces, &subs->part->facts, NULL, WATCH_QUEUE};
        body_read(body, sub->payload, scope, &memory, NULL);
        for (unsigned chain = 0; chain < body->count; chain++) {
            unsigned pieces = body->chains[chain].count;
            memory.stages += pieces;
            memory.queues += (size_t)(pieces - 1) * WATCH_QUEUE;
        }
        memory.chains += body->count;
        memory.next += body->count;
        body++;
        /* Whoever refers to it asks at least whether it matched. */
        sub->enough = sub->enough > 0 ? sub->enough : 1;
    }
}

struct watch *watch_begin(void *memory, const struct image *image,
                          const struct workspace *workspace, uint32_t signature,
                          const struct part *part, uint64_t steps) {
    struct watch *watch = memory;
    struct needs needs = needs_of(image, signature);
    const uint8_t *program = program_of(image, signature);
    const uint8_t *at = behind_conditions(program, &watch->unsized);
    watch->unsized = watch->unsized && part->length == NOWHERE;
    if (!watch->unsized) {
        at = conditions_met(program, &part->facts, part->length);
    }
    watch->signature = signature;
    watch->decided = at == NULL || needs.longest > MOST_REACH;
    watch->state = at == NULL ? STATE_NO : STATE_SCATTERED;
    if (!watch->decided) {
        unsigned count = image_record(image, signature)[21];
        subs_read(&watch->subs, at, count, image, workspace, part, steps);
        if (part->length == NOWHERE) {
            watch->subs.pieces.view.length = FAR_AWAY;
        }
        begin_bodies(watch, memory_behind(watch, &needs));
    }
    return watch;
}

/* How many zeros a window begins with: much of a large file may be a hole. */
static uint64_t zeros_of(const struct window *window) {
    uint64_t count = 0;
    while (window->length - count >= 8 && load64(window->data + count) == 0) {
        count += 8;
    }
    while (count < window->length && window->data[count] == 0) {
        count++;
    }
    return count;
}

struct sight sight_of(struct window window, uint64_t reach) {
    uint64_t end = window.base + window.length;
    uint64_t margin = reach + AROUND;
    uint64_t horizon = end < margin ? 0 : end - margin;
    return (struct sight){window, window.last ? UINT64_MAX : horizon, zeros_of(&window)};
}

/* Find the matches of a body below the horizon; whether anything about it is new. */
static bool look_for(struct watch *watch, unsigned index, struct body *body) {
    struct subs *subs = &watch->subs;
    struct sub *sub = &subs->all[index];
    uint64_t before = sub->count.least;
    uint64_t place = LATER - 1;
    while (sub->count.least < sub->enough && place < LATER) {
        place = body_next(body);
        sub->count.least += place < LATER;
    }
    sub->known = sub->count.least >= sub->enough || place == NO_PLACE;
    sub->count.most = sub->known ? sub->count.least : ENDLESS;
    if (!sub->grouped) {
        subs->counts[index] = sub->count;
    }
    return sub->known || sub->count.least > before;
}

/* Look for bodies whose place is fixed, or which may be anywhere; whether that decides
 * the signature. */
static bool look_for_bodies(struct watch *watch, bool fixed) {
    struct subs *subs = &watch->subs;
    struct body *body = watch->bodies;
    for (unsigned index = 0; index < subs->count; index++) {
        const struct sub *sub = &subs->all[index];
        if (sub->kind != SUB_BODY) {
            continue;
        }
        struct body *own = body++;
        bool skipped = sub->payload[0] == WHERE_END && subs->part->length == NOWHERE;
        if (sub->known || skipped || (sub->payload[0] != WHERE_ANYWHERE) != fixed ||
            !look_for(watch, index, own)) {
            continue;
        }
        struct outcome outcome = subs_outcome(subs);
        if (!outcome.may_be_true || !outcome.may_be_false || subs->pieces.steps == 0) {
            return true;
        }
    }
    return false;
}

/* Whether something is not known that the bytes of a window cannot tell. */
static bool is_scattered(const struct subs *subs) {
    for (unsigned index = 0; index < subs->count; index++) {
        const struct sub *sub = &subs->all[index];
        bool counted = sub->kind == SUB_COMPARE || sub->kind == SUB_MACRO ||
                       (sub->kind == SUB_BODY && !sub->known);
        if (counted && sub->count.least < sub->count.most) {
            return true;
        }
    }
    return false;
}

/* Count macros that nothing leads to; others may have matched or not. */
static void count_macros(struct subs *subs) {
    for (unsigned index = 0; index < subs->count; index++) {
        struct sub *sub = &subs->all[index];
        if (sub->kind == SUB_MACRO && subs->all[index - 1].count.most == 0) {
            sub->count.most = 0;
        }
    }
}

/* What a signature says at the end of the part. */
static enum state final_state(struct watch *watch) {
    struct subs *subs = &watch->subs;
    count_macros(subs);
    count_others(subs, NULL);
    enum state state = subs_state(subs, watch->signature);
    bool perhaps = (state == STATE_MATCHES || state == STATE_DEFERRED) &&
                   subs_outcome(subs).may_be_false;
    return perhaps && is_scattered(subs) ? STATE_SCATTERED : state;
}

bool watch_look(struct watch *watch, const struct sight *sight) {
    struct pieces *pieces = &watch->subs.pieces;
    if (watch->decided) {
        return true;
    }
    pieces->view.data = sight->window.data;
    pieces->view.base = sight->window.base;
    pieces->horizon = sight->horizon;
    pieces->zeros = sight->zeros;
    if (sight->window.last) {
        pieces->view.length = sight->window.base + sight->window.length;
    }
    if (look_for_bodies(watch, true) || look_for_bodies(watch, false)) {
        watch->state = subs_state(&watch->subs, watch->signature);
        watch->decided = true;
    } else if (sight->window.last) {
        watch->state = final_state(watch);
        watch->decided = true;
    }
    if (watch->unsized && watch->state != STATE_NO && watch->state != STATE_OUT_OF_STEPS) {
        watch->state = STATE_SCATTERED;
    }
    return watch->decided;
}
