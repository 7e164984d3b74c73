#include "starts.h"

/* places.py says what each kind of place means. */

enum {
    FACTS_SIZE = 32,
    PLACED = 1,
    INTERMEDIATE_SIZE = 2,
    SECTION_FACT_SIZE = 16,
    VERSION_SIZE = 8,
};

bool facts_read(struct facts *facts, const uint8_t *bytes, uint64_t length) {
    if (length < FACTS_SIZE || load32(bytes + 28) > PLACED) {
        return false;
    }
    *facts = (struct facts){.size = load64(bytes),
                            .entry = load64(bytes + 8),
                            .container = load16(bytes + 16),
                            .intermediate_count = load16(bytes + 18),
                            .section_count = load32(bytes + 20),
                            .version_count = load32(bytes + 24),
                            .placed = load32(bytes + 28) == PLACED};
    uint64_t sections = FACTS_SIZE + (uint64_t)facts->intermediate_count * INTERMEDIATE_SIZE;
    uint64_t versions = sections + (uint64_t)facts->section_count * SECTION_FACT_SIZE;
    if (length != versions + (uint64_t)facts->version_count * VERSION_SIZE) {
        return false;
    }
    facts->intermediates = bytes + FACTS_SIZE;
    facts->sections = bytes + sections;
    facts->versions = bytes + versions;
    return true;
}

/* Narrow `range`, which is all that is known so far, by what a base allows: the places
 * from base + offset on, and `longer` more, that are at least `at`. */
static void offer(struct range *range, uint64_t size, uint64_t at, uint64_t base,
                  int64_t offset, uint64_t longer) {
    uint64_t low = base + (uint64_t)offset;
    bool before = offset < 0 && low > base;
    bool beyond = offset >= 0 && low < base;
    if (before || beyond || low > size) {
        return;
    }
    uint64_t end = longer < size - low ? low + longer + 1 : size + 1;
    if (end <= at) {
        return;
    }
    low = low < at ? at : low;
    if (low < range->low) {
        *range = (struct range){low, end};
    } else if (low == range->low && end > range->end) {
        range->end = end;
    }
}

static void offer_section(struct range *range, const uint8_t *place,
                          const struct facts *facts, uint64_t size, uint64_t at,
                          uint64_t index) {
    if (index >= facts->section_count) {
        return;
    }
    const uint8_t *section = facts->sections + index * SECTION_FACT_SIZE;
    uint64_t longer = load64(place + 16);
    if (place[0] == WHERE_IN_SECTION) {
        uint64_t raw = load64(section + 8);
        longer = longer + raw < longer ? UINT64_MAX : longer + raw;
    }
    offer(range, size, at, load64(section), signed64(load64(place + 8)), longer);
}

bool starts_next(const uint8_t *place, const struct facts *facts, uint64_t size,
                 uint64_t at, struct range *range) {
    int64_t offset = signed64(load64(place + 8));
    uint64_t shift = load64(place + 16);
    uint8_t where = place[0];
    *range = (struct range){UINT64_MAX, UINT64_MAX};
    bool needs_facts = where != WHERE_ANYWHERE && where != WHERE_START && where != WHERE_GROUP;
    if (needs_facts && !facts->placed) {
        return false;
    }
    switch (where) {
    case WHERE_START:
        offer(range, size, at, 0, offset, shift);
        break;
    case WHERE_END:
        offer(range, size, at, size, -offset, shift);
        break;
    case WHERE_ENTRY:
        if (facts->entry != NOWHERE) {
            offer(range, size, at, facts->entry, offset, shift);
        }
        break;
    case WHERE_SECTION:
    case WHERE_IN_SECTION:
        offer_section(range, place, facts, size, at, load16(place + 2));
        break;
    case WHERE_LAST_SECTION:
        offer_section(range, place, facts, size, at, (uint64_t)facts->section_count - 1);
        break;
    case WHERE_VERSION:
        for (uint32_t index = 0; index < facts->version_count; index++) {
            offer(range, size, at, load64(facts->versions + (size_t)index * VERSION_SIZE),
                  offset, shift);
        }
        break;
    default:
        offer(range, size, at, 0, 0, UINT64_MAX);
        break;
    }
    return range->low != UINT64_MAX;
}
