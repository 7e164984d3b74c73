#include "workspace.h"

/* Where each part of a workspace begins, in bytes; every one is a multiple of 8, which
 * is as much as any of the objects asks for. */
struct plan {
    uint64_t ends;
    uint64_t chains;
    uint64_t next;
    uint64_t stages;
    uint64_t queues;
    uint64_t places;
    uint64_t grams;
    uint64_t bitmap;
    uint64_t size;
};

static struct plan plan_of(const struct image *image) {
    const struct body_needs *needs = &image->needs;
    uint64_t capacity = chain_capacity(needs->spread);
    struct plan plan = {.ends = 0};
    plan.chains = plan.ends + pieces_memory(needs->spread) * sizeof(uint64_t);
    plan.next = plan.chains + 2 * needs->chains * sizeof(struct chain);
    plan.stages = plan.next + needs->chains * sizeof(uint64_t);
    plan.queues = plan.stages + 2 * needs->pieces * sizeof(struct stage);
    plan.places = plan.queues + 2 * needs->pieces * capacity * sizeof(struct range);
    plan.grams = plan.places + 2 * MOST_PLACES * sizeof(uint64_t);
    plan.bitmap = plan.grams + sizeof(struct grams);
    plan.size = plan.bitmap + GRAMS_SIZE;
    return plan;
}

size_t workspace_size(const struct image *image) {
    uint64_t size = plan_of(image).size;
    return size > SIZE_MAX ? 0 : (size_t)size;
}

void workspace_place(struct workspace *workspace, const struct image *image,
                     void *memory) {
    struct plan plan = plan_of(image);
    unsigned char *base = memory;
    workspace->ends = (void *)(base + plan.ends);
    workspace->bodies.chains = (void *)(base + plan.chains);
    workspace->bodies.next = (void *)(base + plan.next);
    workspace->bodies.stages = (void *)(base + plan.stages);
    workspace->bodies.queues = (void *)(base + plan.queues);
    workspace->places = (void *)(base + plan.places);
    workspace->grams = (void *)(base + plan.grams);
    *workspace->grams = (struct grams){.bitmap = base + plan.bitmap};
    workspace->capacity = chain_capacity(image->needs.spread);
}
