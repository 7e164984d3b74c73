#include "watching.h"

#include <stdlib.h>

/* A window in memory of its own, so that a byte too far is seen. */
static bool look(struct watch *watch, const struct part *part, uint64_t base, uint64_t end,
                 uint64_t reach) {
    uint64_t length = end - base;
    uint8_t *copy = malloc((size_t)length + (length == 0));
    if (copy == NULL) {
        abort();
    }
    if (length > 0) {
        memcpy(copy, part->data + base, (size_t)length);
    }
    struct window window = {copy, base, length, end == part->length};
    struct sight sight = sight_of(window, reach);
    bool decided = watch_look(watch, &sight);
    free(copy);
    return decided;
}

static void watch_all(const struct image *image, const struct workspace *workspace,
                      uint32_t signature, const struct part *part, uint64_t steps,
                      enum state state, bool sized) {
    uint64_t reach = watch_reach(image, signature);
    uint64_t step = 1 + signature * 7 + part->length / 5;
    void *memory = malloc((size_t)watch_size(image, signature));
    if (memory == NULL) {
        abort();
    }
    struct part unsized = *part;
    unsized.length = NOWHERE;
    struct watch *watch = watch_begin(memory, image, workspace, signature,
                                      sized ? part : &unsized, steps);
    uint64_t base = 0;
    bool decided = watch->decided;
    for (uint64_t end = step; !decided && end < part->length; end += step) {
        decided = look(watch, part, base, end, reach);
        uint64_t margin = reach + 2 * AROUND;
        base = end < margin ? 0 : end - margin;
    }
    if (!decided) {
        look(watch, part, base, part->length, reach);
    }
    bool gave_up = state == STATE_OUT_OF_STEPS || watch->state == STATE_OUT_OF_STEPS ||
                   watch->state == STATE_SCATTERED;
    if (!watch->decided || (!gave_up && watch->state != state)) {
        abort();
    }
    free(memory);
}

void watch_in_windows(const struct image *image, const struct workspace *workspace,
                      uint32_t signature, const struct part *part, uint64_t steps,
                      enum state state) {
    watch_all(image, workspace, signature, part, steps, state, true);
    watch_all(image, workspace, signature, part, steps, state, false);
}
