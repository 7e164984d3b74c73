#include "row.h"

#include "borders.h"
#include "edge.h"
#include "image.h"

/* Elements are followed for all lengths that a match may have at the same time: a set
 * of places goes in, each element moves or removes some of them, what is left comes
 * out. So alternatives of different lengths cost no more than their number, however
 * many follow each other, and the recursion is as deep as choices are nested. */

/* Sets in `memory`: one for the result, then two for each depth. */
enum { SETS = 1 + 2 * (MOST_NESTING + 1) };

uint64_t pieces_memory(uint64_t spread) { return SETS * (spread / 64 + 1); }

static uint64_t *set_at(const struct pieces *pieces, unsigned index) {
    return pieces->memory + (size_t)index * pieces->words;
}

/* Whether the bytes at `place` are those of an element of `count` bytes. */
static bool run_matches(const struct pieces *pieces, const uint8_t *element,
                        uint64_t count, uint64_t place) {
    if (pieces->view.length - place < count) {
        return false;
    }
    const uint8_t *data = view_at(&pieces->view, place);
    const uint8_t *values = element + 3;
    switch (element[0]) {
    case ELEMENT_BYTES:
        return memcmp(data, values, (size_t)count) == 0;
    case ELEMENT_MASKED:
        return masked_equal(data, values, count);
    case ELEMENT_BORDER:
        return border_within(element[1], data[0]) != (element[2] == 1);
    default:
        return true;
    }
}

/* Keep the places where an element of `count` bytes stands, and go behind it. */
static bool run_filter(struct pieces *pieces, const uint8_t *element, uint64_t count,
                       struct ends *set) {
    uint64_t any = 0;
    for (unsigned word = 0; word < pieces->words; word++) {
        for (uint64_t bits = set->bits[word]; bits != 0; bits &= bits - 1) {
            unsigned bit = (unsigned)__builtin_ctzll(bits);
            uint64_t place = set->base + (uint64_t)word * 64 + bit;
            pieces_spend(pieces, 1 + count / 16);
            if (!run_matches(pieces, element, count, place)) {
                set->bits[word] &= ~((uint64_t)1 << bit);
            }
        }
        any |= set->bits[word];
    }
    set->base += count;
    return any != 0;
}

/* The ends of all alternatives that begin at a place of `set`. */
static bool choice_joins(struct pieces *pieces, const uint8_t *choice, unsigned depth,
                         struct ends *set) {
    struct ends begin = {set->base, set_at(pieces, 1 + 2 * depth)};
    struct ends one = {set->base, set_at(pieces, 2 + 2 * depth)};
    size_t size = pieces->words * sizeof *set->bits;
    memcpy(begin.bits, set->bits, size);
    memset(set->bits, 0, size);
    const uint8_t *row = choice + 4;
    for (unsigned left = load16(choice + 2); left > 0; left--) {
        memcpy(one.bits, begin.bits, size);
        one.base = begin.base;
        const uint8_t *next = row + 2 + load16(row);
        if (row_matches(pieces, row + 2, next, depth + 1, &one) &&
            ends_normalise(&one, pieces->words)) {
            ends_join(set, &one, pieces->words);
        }
        row = next;
    }
    return set->bits[0] != 0;
}

/* Whether one of the alternatives stands at `place`. */
static bool choice_stands(struct pieces *pieces, const uint8_t *choice, unsigned depth,
                          uint64_t place) {
    struct ends one = {place, set_at(pieces, 2 + 2 * depth)};
    const uint8_t *row = choice + 4;
    for (unsigned left = load16(choice + 2); left > 0; left--) {
        memset(one.bits, 0, pieces->words * sizeof *one.bits);
        one.bits[0] = 1;
        one.base = place;
        const uint8_t *next = row + 2 + load16(row);
        if (row_matches(pieces, row + 2, next, depth + 1, &one)) {
            return true;
        }
        row = next;
    }
    return false;
}

const uint8_t *choice_end(const uint8_t *choice) {
    const uint8_t *row = choice + 4;
    for (unsigned left = load16(choice + 2); left > 0; left--) {
        row += 2 + load16(row);
    }
    return row;
}

uint64_t run_length(const uint8_t *element, const uint8_t **behind) {
    if (element[0] == ELEMENT_BORDER) {
        *behind = element + BORDER_SIZE;
        return 1;
    }
    uint64_t count = load16(element + 1);
    *behind = element + 3;
    if (element[0] != ELEMENT_ANY) {
        *behind += element[0] == ELEMENT_BYTES ? count : 2 * count;
    }
    return count;
}

/* Bytes that a row of fixed length takes: of a choice, its first alternative. */
static uint64_t row_length(const uint8_t *at, const uint8_t *end) {
    uint64_t length = 0;
    while (at < end) {
        if (at[0] == ELEMENT_CHOICE) {
            length += row_length(at + 6, at + 6 + load16(at + 4));
            at = choice_end(at);
        } else {
            length += run_length(at, &at);
        }
    }
    return length;
}

/* Keep the places where none of the alternatives stands, and go behind as many bytes. */
static bool choice_filter(struct pieces *pieces, const uint8_t *choice, unsigned depth,
                          struct ends *set) {
    uint64_t length = row_length(choice + 6, choice + 6 + load16(choice + 4));
    uint64_t any = 0;
    for (unsigned word = 0; word < pieces->words; word++) {
        for (uint64_t bits = set->bits[word]; bits != 0; bits &= bits - 1) {
            unsigned bit = (unsigned)__builtin_ctzll(bits);
            uint64_t place = set->base + (uint64_t)word * 64 + bit;
            if (pieces->view.length - place < length ||
                choice_stands(pieces, choice, depth, place)) {
                set->bits[word] &= ~((uint64_t)1 << bit);
            }
        }
        any |= set->bits[word];
    }
    set->base += length;
    return any != 0;
}

bool row_matches(struct pieces *pieces, const uint8_t *at, const uint8_t *end,
                 unsigned depth, struct ends *set) {
    bool some = true;
    while (some && at < end) {
        if (at[0] != ELEMENT_CHOICE) {
            const uint8_t *element = at;
            uint64_t count = run_length(element, &at);
            some = run_filter(pieces, element, count, set);
            continue;
        }
        some = at[1] == 1 ? choice_filter(pieces, at, depth, set)
                          : choice_joins(pieces, at, depth, set);
        at = choice_end(at);
    }
    return some;
}
