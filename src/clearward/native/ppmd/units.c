/* Units are handed out exactly as the archiver's were, hole by hole.
 *
 * A hole holds, from its fourth byte on, the place of the hole that was given back
 * before it, and while holes are joined its length in units. */
#include "units.h"

#include <stdlib.h>

enum { NEXT = 4, LENGTH = 8, MOST_GLUED = 0x10000, GLUE_PAUSE = 255 };

static const uint8_t sizes[LISTS] = {1,  2,  3,  4,  6,  8,  10, 12, 15,  18,  21,  24,  28,
                                     32, 36, 40, 44, 48, 52, 56, 60, 64,  68,  72,  76,  80,
                                     84, 88, 92, 96, 100, 104, 108, 112, 116, 120, 124, 128};

unsigned units_list(unsigned count) {
    if (count <= 4) {
        return count - 1;
    }
    if (count <= 12) {
        return 4 + (count - 5) / 2;
    }
    if (count <= 24) {
        return 8 + (count - 13) / 3;
    }
    return 12 + (count - 25) / 4;
}

bool units_make(struct units *units, uint32_t size) {
    units->start = 4 - (size & 3);
    units->size = size;
    units->heap = calloc(1, (size_t)units->start + size + UNIT);
    units->holes = calloc(1, ((size_t)units->start + size) / UNIT / 8 + 1);
    if (units->heap == NULL || units->holes == NULL) {
        units_free(units);
        return false;
    }
    units_reset(units);
    return true;
}

void units_free(struct units *units) {
    free(units->heap);
    free(units->holes);
    units->heap = units->holes = NULL;
}

void units_reset(struct units *units) {
    memset(units->free, 0, sizeof units->free);
    units->text = units->start;
    units->high = units->start + units->size;
    units->low = units->lowest = units->high - units->size / 8 / UNIT * 7 * UNIT;
    units->pause = 0;
}

static void push(struct units *units, unsigned which, uint32_t place) {
    write32(units->heap + place + NEXT, units->free[which]);
    units->free[which] = place;
}

static uint32_t pop(struct units *units, unsigned which) {
    uint32_t place = units->free[which];
    units->free[which] = read32(units->heap + place + NEXT);
    return place;
}

void units_give(struct units *units, uint32_t place, unsigned count) {
    push(units, units_list(count), place);
}

/* Put a hole of any number of units up to 128 into one list or two. */
static void put(struct units *units, uint32_t place, unsigned count) {
    unsigned which = units_list(count);
    if (sizes[which] != count) {
        which--;
        unsigned kept = sizes[which];
        push(units, count - kept - 1, place + kept * UNIT);
    }
    push(units, which, place);
}

static void split(struct units *units, uint32_t place, unsigned old, unsigned now) {
    put(units, place + sizes[now] * UNIT, (unsigned)sizes[old] - sizes[now]);
}

/* Which unit a place is, counted from the low end. */
static uint32_t number(const struct units *units, uint32_t place) {
    return (place - (units->start + units->size) % UNIT) / UNIT;
}

static bool is_hole(const struct units *units, uint32_t place) {
    if (place >= units->start + units->size) {
        return false;
    }
    uint32_t at = number(units, place);
    return units->holes[at / 8] >> at % 8 & 1;
}

static void mark(struct units *units, uint32_t place) {
    uint32_t at = number(units, place);
    units->holes[at / 8] |= (uint8_t)(1U << at % 8);
}

static void unmark(struct units *units, uint32_t place) {
    uint32_t at = number(units, place);
    units->holes[at / 8] &= (uint8_t) ~(1U << at % 8);
}

/* Take all holes out of their lists, into one that begins with the last of them. */
static uint32_t gather(struct units *units) {
    uint32_t first = 0;
    for (unsigned which = 0; which < LISTS; which++) {
        uint32_t next;
        for (uint32_t place = units->free[which]; place != 0; place = next) {
            next = read32(units->heap + place + NEXT);
            write32(units->heap + place + NEXT, first);
            write32(units->heap + place + LENGTH, sizes[which]);
            mark(units, place);
            first = place;
        }
        units->free[which] = 0;
    }
    return first;
}

/* Let each hole swallow those that follow it at once. */
static void join(struct units *units, uint32_t first) {
    const uint8_t *heap = units->heap;
    for (uint32_t place = first; place != 0; place = read32(heap + place + NEXT)) {
        uint32_t length = is_hole(units, place) ? read32(heap + place + LENGTH) : 0;
        while (length != 0) {
            uint32_t behind = place + length * UNIT;
            uint32_t more = MOST_GLUED;
            if (is_hole(units, behind)) {
                more = read32(heap + behind + LENGTH);
            }
            if (length + more >= MOST_GLUED) {
                break;
            }
            unmark(units, behind);
            length += more;
            write32(units->heap + place + LENGTH, length);
        }
    }
}

/* Leave out of the list what was swallowed. */
static uint32_t sift(struct units *units, uint32_t first) {
    uint32_t kept = 0;
    uint32_t last = 0;
    uint32_t next;
    for (uint32_t place = first; place != 0; place = next) {
        next = read32(units->heap + place + NEXT);
        if (!is_hole(units, place)) {
            continue;
        }
        if (last == 0) {
            kept = place;
        } else {
            write32(units->heap + last + NEXT, place);
        }
        last = place;
    }
    if (last != 0) {
        write32(units->heap + last + NEXT, 0);
    }
    return kept;
}

/* Join holes that touch each other. */
static void glue(struct units *units) {
    units->pause = GLUE_PAUSE;
    uint32_t first = gather(units);
    join(units, first);
    uint32_t next;
    for (uint32_t place = sift(units, first); place != 0; place = next) {
        next = read32(units->heap + place + NEXT);
        uint32_t length = read32(units->heap + place + LENGTH);
        unmark(units, place);
        for (; length > LARGEST; length -= LARGEST, place += LARGEST * UNIT) {
            push(units, LISTS - 1, place);
        }
        put(units, place, length);
    }
}

/* Units where neither the list nor the middle has any. */
static uint32_t rare(struct units *units, unsigned which) {
    if (units->pause == 0) {
        glue(units);
        if (units->free[which] != 0) {
            return pop(units, which);
        }
    }
    for (unsigned larger = which + 1; larger < LISTS; larger++) {
        if (units->free[larger] != 0) {
            uint32_t place = pop(units, larger);
            split(units, place, larger, which);
            return place;
        }
    }
    units->pause--;
    uint32_t length = (uint32_t)sizes[which] * UNIT;
    if (units->lowest <= units->text || units->lowest - units->text <= length) {
        return 0;
    }
    units->lowest -= length;
    return units->lowest;
}

uint32_t units_context(struct units *units) {
    if (units->high != units->low) {
        units->high -= UNIT;
        return units->high;
    }
    return units->free[0] != 0 ? pop(units, 0) : rare(units, 0);
}

uint32_t units_table(struct units *units, unsigned which) {
    if (units->free[which] != 0) {
        return pop(units, which);
    }
    uint32_t length = (uint32_t)sizes[which] * UNIT;
    if (length <= units->high - units->low) {
        units->low += length;
        return units->low - length;
    }
    return rare(units, which);
}

uint32_t units_shrink(struct units *units, uint32_t place, unsigned old, unsigned now) {
    unsigned before = units_list(old);
    unsigned behind = units_list(now);
    if (before == behind) {
        return place;
    }
    if (units->free[behind] == 0) {
        split(units, place, before, behind);
        return place;
    }
    uint32_t moved = pop(units, behind);
    memcpy(units->heap + moved, units->heap + place, now * UNIT);
    push(units, before, place);
    return moved;
}
