#include "piece.h"

#include "borders.h"
#include "edge.h"
#include "image.h"

/* Elements are followed for all lengths that a match may have at the same time: a set
 * of places goes in, each element moves or removes some of them, what is left comes
 * out. So alternatives of different lengths cost no more than their number, however
 * many follow each other, and the recursion is as deep as choices are nested. */

/* Sets in `memory`: one for the result, then two for each depth. */
enum { SETS = 1 + 2 * (MOST_NESTING + 1) };

enum {
    SEARCHED = 1024,    /* bytes a step when a needle is searched */
    FEW = 16,           /* places that are tried sooner than searched */
    WORTH_ASKING = 1024, /* places; fewer are searched sooner than asked for */
    GOOD_KEY = 4,       /* bytes; nothing under masks is better */
    LONGEST_NEEDLE = 32, /* bytes under masks; more make no search faster */
};

uint64_t pieces_memory(uint64_t spread) { return SETS * (spread / 64 + 1); }

static uint64_t *set_at(const struct pieces *pieces, unsigned index) {
    return pieces->memory + (size_t)index * pieces->words;
}

static void spend(struct pieces *pieces, uint64_t steps) {
    pieces->steps -= steps < pieces->steps ? steps : pieces->steps;
}

static bool row_matches(struct pieces *pieces, const uint8_t *at, const uint8_t *end,
                        unsigned depth, struct ends *set);

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
            spend(pieces, 1 + count / 16);
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

/* What is behind a choice. */
static const uint8_t *choice_end(const uint8_t *choice) {
    const uint8_t *row = choice + 4;
    for (unsigned left = load16(choice + 2); left > 0; left--) {
        row += 2 + load16(row);
    }
    return row;
}

/* How many bytes an element takes that is no choice, and what is behind it. */
static uint64_t run_length(const uint8_t *element, const uint8_t **behind) {
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

static bool row_matches(struct pieces *pieces, const uint8_t *at, const uint8_t *end,
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

/* How many bits of a needle are known. */
static unsigned needle_worth(const struct needle *needle) {
    if (needle->masks == NULL) {
        return 8 * needle->length;
    }
    unsigned worth = 0;
    for (uint32_t index = 0; index < needle->length; index++) {
        worth += (unsigned)__builtin_popcount(needle->masks[index]);
    }
    return worth;
}

/* Choose what to search for: the key, or what stands under masks at a fixed distance if
 * that says more. */
static void choose_needle(struct piece *piece) {
    const struct piece_record *record = &piece->record;
    piece->needle = (struct needle){record->program + record->key_offset, NULL,
                                    record->key_length};
    piece->needle_distance = record->key_distance;
    unsigned best = needle_worth(&piece->needle);
    uint64_t distance = 0;
    const uint8_t *at = record->key_length < GOOD_KEY ? piece->row : piece->row_end;
    while (at < piece->row_end && at[0] != ELEMENT_CHOICE) {
        const uint8_t *element = at;
        uint64_t count = run_length(element, &at);
        if (element[0] == ELEMENT_MASKED) {
            uint32_t length = (uint32_t)(count < LONGEST_NEEDLE ? count : LONGEST_NEEDLE);
            struct needle masked = {element + 3, element + 3 + count, length};
            unsigned worth = needle_worth(&masked);
            if (worth > best) {
                best = worth;
                piece->needle = masked;
                piece->needle_distance = (uint32_t)distance;
            }
        }
        distance += count;
    }
}

struct piece piece_read(const uint8_t *at) {
    struct piece piece = {.record = piece_record_at(at)};
    const uint8_t *element = piece.record.program;
    piece.end = element + piece.record.length;
    while (element[0] == ELEMENT_NEAR) {
        element = edge_end(element);
    }
    piece.row = element[0] == ELEMENT_BORDER ? edge_end(element) : element;
    piece.row_end = piece.end;
    for (element = piece.row; element < piece.end;) {
        const uint8_t *start = element;
        if (start[0] == ELEMENT_BORDER || start[0] == ELEMENT_NEAR) {
            bool first = start[0] == ELEMENT_BORDER || piece.row_end == piece.end;
            piece.row_end = first ? start : piece.row_end;
            element = edge_end(start);
            continue;
        }
        piece.row_end = piece.end;
        if (start[0] == ELEMENT_CHOICE) {
            element = choice_end(start);
        } else {
            run_length(start, &element);
        }
    }
    choose_needle(&piece);
    return piece;
}

/* Keep the ends with the right edges behind them. */
static bool edge_filter(const struct pieces *pieces, const struct piece *piece,
                        struct ends *set) {
    uint64_t any = 0;
    for (unsigned word = 0; word < pieces->words; word++) {
        for (uint64_t bits = set->bits[word]; bits != 0; bits &= bits - 1) {
            unsigned bit = (unsigned)__builtin_ctzll(bits);
            uint64_t place = set->base + (uint64_t)word * 64 + bit;
            if (!edges_behind(piece->row_end, piece->end, &pieces->view, place)) {
                set->bits[word] &= ~((uint64_t)1 << bit);
            }
        }
        any |= set->bits[word];
    }
    return any != 0;
}

/* Whether the piece begins at `place`, and where it ends. */
static bool matches_at(struct pieces *pieces, const struct piece *piece, uint64_t place,
                       struct ends *ends) {
    if (!edges_before(piece->record.program, piece->row, &pieces->view, place)) {
        return false;
    }
    ends->base = place;
    ends->bits = set_at(pieces, 0);
    memset(ends->bits, 0, pieces->words * sizeof *ends->bits);
    ends->bits[0] = 1;
    return row_matches(pieces, piece->row, piece->row_end, 0, ends) &&
           (piece->row_end == piece->end || edge_filter(pieces, piece, ends)) &&
           ends_normalise(ends, pieces->words);
}

/* The next place from `at` on, below `stop`, where the needle stands; `stop` if none. */
static uint64_t next_needle(struct pieces *pieces, const struct piece *piece, uint64_t at,
                            uint64_t stop) {
    if (piece->needle.length == 0 || stop - at <= FEW) {
        return at;
    }
    if (pieces->grams != NULL && stop - at >= WORTH_ASKING &&
        !grams_may_hold(pieces->grams, &piece->needle)) {
        return stop;
    }
    uint64_t span = stop - at + piece->needle.length - 1;
    uint64_t found = search(view_at(&pieces->view, at + piece->needle_distance), span,
                            &piece->needle);
    spend(pieces, found / SEARCHED);
    return found == span ? stop : at + found;
}

/* Whether a match that begins at `at` would see nothing but zeros that are known, and so
 * the same as the places behind it. */
static bool within_zeros(const struct pieces *pieces, const struct piece_record *record,
                         uint64_t at) {
    uint64_t behind = at - pieces->view.base;
    return behind >= AROUND && behind < pieces->zeros &&
           pieces->zeros - behind >= (uint64_t)record->most + AROUND;
}

uint64_t piece_find(struct pieces *pieces, const struct piece *piece, uint64_t at,
                    uint64_t end, struct ends *ends) {
    const struct piece_record *record = &piece->record;
    uint64_t length = pieces->view.length;
    if (length < record->least || at > length - record->least) {
        return end;
    }
    uint64_t stop = length - record->least + 1;
    stop = end < stop ? end : stop;
    pieces->words = (record->most - record->least) / 64 + 1;
    while (at < stop && pieces->steps > 0) {
        bool same = pieces->zeros > 0 && within_zeros(pieces, record, at);
        at = same ? at : next_needle(pieces, piece, at, stop);
        spend(pieces, 1);
        if (at < stop && matches_at(pieces, piece, at, ends)) {
            return at;
        }
        at = same ? pieces->view.base + pieces->zeros - record->most - AROUND + 1 : at + 1;
    }
    return end;
}
