#include "piece.h"

#include "edge.h"

enum {
    SEARCHED = 1024,    /* bytes a step when a needle is searched */
    FEW = 16,           /* places that are tried sooner than searched */
    WORTH_ASKING = 1024, /* places; fewer are searched sooner than asked for */
    GOOD_KEY = 4,       /* bytes; nothing under masks is better */
    LONGEST_NEEDLE = 32, /* bytes under masks; more make no search faster */
};

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
    ends->bits = pieces->memory;
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
    pieces_spend(pieces, found / SEARCHED);
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
        pieces_spend(pieces, 1);
        if (at < stop && matches_at(pieces, piece, at, ends)) {
            return at;
        }
        at = same ? pieces->view.base + pieces->zeros - record->most - AROUND + 1 : at + 1;
    }
    return end;
}
