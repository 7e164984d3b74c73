#include "conditions.h"

static bool between(const uint8_t *values, uint64_t told) {
    return told >= load64(values) && told <= load64(values + VALUE_SIZE);
}

/* The innermost types of all that is around the part; 0 stands for any. */
static bool surrounded(const uint8_t *values, unsigned count, const struct facts *facts) {
    if (count > facts->intermediate_count) {
        return false;
    }
    const uint8_t *types =
        facts->intermediates + (size_t)(facts->intermediate_count - count) * 2;
    for (unsigned index = 0; index < count; index++) {
        uint64_t wanted = load64(values + (size_t)index * VALUE_SIZE);
        if (wanted != 0 && wanted != load16(types + (size_t)index * 2)) {
            return false;
        }
    }
    return true;
}

static bool met(const uint8_t *condition, const struct facts *facts, uint64_t size) {
    const uint8_t *values = condition + CONDITION_HEAD;
    switch (condition[0]) {
    case CONDITION_FILE_SIZE:
        return between(values, size);
    case CONDITION_ENTRY_POINT:
        return facts->entry != NOWHERE && between(values, facts->entry);
    case CONDITION_SECTIONS:
        return between(values, facts->section_count);
    case CONDITION_CONTAINER:
        return load64(values) == facts->container;
    case CONDITION_INTERMEDIATES:
        return surrounded(values, condition[1], facts);
    default:
        return true;
    }
}

const uint8_t *conditions_met(const uint8_t *at, const struct facts *facts,
                              uint64_t size) {
    while (at[0] != CONDITION_END) {
        if (!met(at, facts, size)) {
            return NULL;
        }
        at += CONDITION_HEAD + (size_t)at[1] * VALUE_SIZE;
    }
    return at + 1;
}
