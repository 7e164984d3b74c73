#include "elements.h"

#include "image.h"

/* Bytes that elements take. */
struct extent {
    uint64_t least;
    uint64_t most;
};

struct walk {
    const uint8_t *at;
    const uint8_t *end;
};

static bool check_row(struct walk walk, unsigned depth, struct extent *extent);

static uint64_t left(struct walk walk) { return (uint64_t)(walk.end - walk.at); }

/* The alternatives of a choice; `walk` stands behind its first byte. */
static bool check_choice(struct walk *walk, unsigned depth, struct extent *extent) {
    if (depth >= MOST_NESTING || left(*walk) < 3 || walk->at[0] > 1) {
        return false;
    }
    bool negated = walk->at[0] == 1;
    unsigned alternatives = load16(walk->at + 1);
    walk->at += 3;
    *extent = (struct extent){UINT64_MAX, 0};
    for (unsigned index = 0; index < alternatives; index++) {
        if (left(*walk) < 2 || left(*walk) - 2 < load16(walk->at)) {
            return false;
        }
        struct walk row = {walk->at + 2, walk->at + 2 + load16(walk->at)};
        struct extent one;
        if (!check_row(row, depth + 1, &one)) {
            return false;
        }
        extent->least = one.least < extent->least ? one.least : extent->least;
        extent->most = one.most > extent->most ? one.most : extent->most;
        walk->at = row.end;
    }
    return extent->most > 0 && (!negated || extent->least == extent->most);
}

/* No value has a bit that its mask leaves out. */
static bool inside_masks(const uint8_t *values, uint64_t count) {
    for (uint64_t index = 0; index < count; index++) {
        if ((values[index] & ~values[count + index]) != 0) {
            return false;
        }
    }
    return true;
}

/* Bytes, masked ones or any: a count, and what goes with it. */
static bool check_run(struct walk *walk, uint8_t kind, struct extent *extent) {
    if (left(*walk) < 2) {
        return false;
    }
    uint64_t count = load16(walk->at);
    uint64_t size = kind == ELEMENT_ANY ? 0 : kind == ELEMENT_BYTES ? count : 2 * count;
    walk->at += 2;
    if (count == 0 || left(*walk) < size) {
        return false;
    }
    if (kind == ELEMENT_MASKED && !inside_masks(walk->at, count)) {
        return false;
    }
    walk->at += size;
    *extent = (struct extent){count, count};
    return true;
}

/* Past a border. */
static bool take_border(struct walk *walk) {
    bool right = left(*walk) >= BORDER_SIZE && walk->at[1] >= BORDER_WORD &&
                 walk->at[1] <= BORDER_WIDE && walk->at[2] <= 1;
    walk->at += right ? BORDER_SIZE : 0;
    return right;
}

/* Past bytes near a piece. */
static bool take_near(struct walk *walk) {
    if (left(*walk) < NEAR_HEAD) {
        return false;
    }
    uint64_t count = walk->at[4];
    bool right = walk->at[1] <= 1 && walk->at[2] <= walk->at[3] &&
                 walk->at[3] <= MOST_NEAR && (count == 1 || count == 2) &&
                 left(*walk) >= NEAR_HEAD + 2 * count &&
                 inside_masks(walk->at + NEAR_HEAD, count);
    walk->at += right ? NEAR_HEAD + 2 * count : 0;
    return right;
}

/* One element: its bytes are there, and how many it takes. */
static bool check_element(struct walk *walk, unsigned depth, struct extent *extent) {
    uint8_t kind = *walk->at++;
    switch (kind) {
    case ELEMENT_BYTES:
    case ELEMENT_MASKED:
    case ELEMENT_ANY:
        return check_run(walk, kind, extent);
    case ELEMENT_CHOICE:
        return check_choice(walk, depth, extent);
    default:
        return false;
    }
}

/* Elements to the end. The recursion is as deep as choices are nested. */
static bool check_row(struct walk walk, unsigned depth, struct extent *extent) {
    *extent = (struct extent){0, 0};
    while (walk.at < walk.end) {
        struct extent one;
        if (!check_element(&walk, depth, &one)) {
            return false;
        }
        extent->least += one.least;
        extent->most += one.most;
    }
    return true;
}

/* Past what stands in front of all elements that take a byte: any NEAR, and a border. */
static bool take_front(struct walk *walk) {
    while (left(*walk) > 0 && *walk->at == ELEMENT_NEAR) {
        if (!take_near(walk)) {
            return false;
        }
    }
    return left(*walk) == 0 || *walk->at != ELEMENT_BORDER || take_border(walk);
}

/* Past a border that may be inside of a row, where it takes a byte, or behind it. */
static bool check_border(struct walk *walk, bool *wide, struct extent *extent) {
    const uint8_t *border = walk->at;
    if (!take_border(walk)) {
        return false;
    }
    *wide = border[1] == BORDER_WIDE;
    *extent = (struct extent){1, 1};
    return true;
}

/* Whether the key lies within plain bytes, at its distance from the start whatever
 * stands before. The row has been checked. */
static bool check_key(const struct piece_record *piece, struct walk walk) {
    struct extent before = {0, 0};
    while (walk.at < walk.end && before.least == before.most) {
        const uint8_t *bytes = walk.at + 3;
        bool plain = *walk.at == ELEMENT_BYTES;
        bool wide = false;
        struct extent one;
        if (*walk.at == ELEMENT_BORDER ? !check_border(&walk, &wide, &one)
                                       : !check_element(&walk, 0, &one)) {
            return false;
        }
        uint64_t from = plain ? (uint64_t)(bytes - piece->program) : UINT64_MAX;
        if (piece->key_offset >= from &&
            (uint64_t)piece->key_offset + piece->key_length <= from + one.least) {
            return piece->key_distance == before.least + (piece->key_offset - from);
        }
        before.least += one.least;
        before.most += one.most;
    }
    return false;
}

/* All elements of a piece. `row` is then what is between those that take no byte; a
 * border and any NEAR behind it are, if nothing else follows. */
static bool check_program(struct walk *row, struct extent *extent) {
    struct walk walk = *row;
    if (!take_front(&walk)) {
        return false;
    }
    *extent = (struct extent){0, 0};
    *row = walk;
    struct extent open = {0, 0}; /* of a border that may be the last */
    bool behind = false;         /* nothing but such a border and NEAR came since */
    bool inner_only = false;     /* what came since must be the end */
    while (walk.at < walk.end) {
        struct extent one = {0, 0};
        const uint8_t *start = walk.at;
        if (*start == ELEMENT_NEAR) {
            if (!take_near(&walk)) {
                return false;
            }
            row->end = behind ? row->end : start;
            behind = true;
            inner_only = true;
            continue;
        }
        bool wide = false;
        bool border = *start == ELEMENT_BORDER;
        bool right = border ? check_border(&walk, &wide, &one)
                            : check_element(&walk, 0, &one);
        if (!right || inner_only) {
            return false;
        }
        extent->least += open.least;
        extent->most += open.most;
        open = (struct extent){0, 0};
        behind = border;
        inner_only = wide;
        row->end = border ? start : walk.end;
        if (border) {
            open = one;
        } else {
            extent->least += one.least;
            extent->most += one.most;
        }
    }
    return true;
}

const char *elements_check(const struct piece_record *piece) {
    struct walk row = {piece->program, piece->program + piece->length};
    struct extent extent;
    if (!check_program(&row, &extent)) {
        return "the program of a piece is broken";
    }
    if (extent.least != piece->least || extent.most != piece->most || extent.least == 0 ||
        extent.most >= UNBOUNDED) {
        return "a piece does not take the bytes that it says";
    }
    if (extent.most - extent.least > MOST_SPREAD) {
        return "a piece varies too much in length";
    }
    bool right = piece->key_length > 0 ? check_key(piece, row)
                                       : (piece->key_distance | piece->key_offset) == 0;
    return right ? NULL : "the key of a piece is not where it says";
}
