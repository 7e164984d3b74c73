#include "program.h"

#include "elements.h"
#include "expression.h"
#include "layout.h"

/* A program is checked from its first byte to its last, as programs.py and what it
 * reads with do; what is refused there is refused here. */

/* Bytes still to be read of a program or a part of it. */
struct rest {
    const uint8_t *at;
    uint64_t left;
};

/* The next `count` bytes, or NULL if there are not so many. */
static const uint8_t *take(struct rest *rest, uint64_t count) {
    if (rest->left < count) {
        return NULL;
    }
    const uint8_t *at = rest->at;
    rest->at += count;
    rest->left -= count;
    return at;
}

/* Values of a condition, which have all been taken. */
static bool right_values(const struct image *image, uint8_t kind, const uint8_t *values,
                         uint8_t count) {
    enum { MOST_INTERMEDIATES = 16, MOST_ICONS = 2 };
    switch (kind) {
    case CONDITION_FILE_SIZE:
    case CONDITION_ENTRY_POINT:
    case CONDITION_SECTIONS:
        return count == 2;
    case CONDITION_CONTAINER:
        return count == 1 && load64(values) <= image->types;
    case CONDITION_INTERMEDIATES:
        for (unsigned index = 0; index < count; index++) {
            if (load64(values + (size_t)index * VALUE_SIZE) > image->types) {
                return false;
            }
        }
        return count >= 1 && count <= MOST_INTERMEDIATES;
    case CONDITION_ICONS:
        for (unsigned index = 0; index < count; index++) {
            const uint8_t *value = values + (size_t)index * VALUE_SIZE;
            if ((uint64_t)load32(value) + load32(value + 4) > image->texts.length) {
                return false;
            }
        }
        return count >= 1 && count <= MOST_ICONS;
    default:
        return false;
    }
}

/* `deferred` is set if a condition is decided outside of native code. */
static const char *check_conditions(const struct image *image, struct rest *rest,
                                    bool *deferred) {
    for (;;) {
        const uint8_t *kind = take(rest, 1);
        if (kind != NULL && *kind == CONDITION_END) {
            return NULL;
        }
        const uint8_t *count = take(rest, 1);
        const uint8_t *values =
            count == NULL ? NULL : take(rest, (uint64_t)*count * VALUE_SIZE);
        if (values == NULL || !right_values(image, *kind, values, *count)) {
            return "the conditions of a signature are broken";
        }
        *deferred = *deferred || *kind == CONDITION_ICONS;
    }
}

static const char *check_piece(struct rest *rest, bool first, struct body_needs *needs) {
    const uint8_t *at = take(rest, PIECE_SIZE);
    if (at == NULL) {
        return "a piece is cut short";
    }
    struct piece_record piece = piece_record_at(at);
    const uint8_t *program = take(rest, piece_span(piece.length) - PIECE_SIZE);
    if (program == NULL || !zeros(program + piece.length, (uint64_t)(rest->at - program) - piece.length)) {
        return "the program of a piece is cut short, or its padding is not zero";
    }
    if (piece.least_gap > piece.most_gap || (first && piece.most_gap != 0)) {
        return "the gap before a piece is wrong";
    }
    const char *wrong = elements_check(&piece);
    uint64_t spread = wrong == NULL ? piece.most - piece.least : 0;
    needs->spread = spread > needs->spread ? spread : needs->spread;
    return wrong;
}

static const char *check_place(const uint8_t *place) {
    uint8_t where = place[0];
    int64_t offset = signed64(load64(place + 8));
    uint64_t shift = load64(place + 16);
    bool numbered = where == WHERE_SECTION || where == WHERE_IN_SECTION;
    bool grouped = where == WHERE_GROUP;
    bool right = where <= WHERE_GROUP && offset >= -MOST_OFFSET && offset <= MOST_OFFSET &&
                 shift <= (uint64_t)MOST_OFFSET;
    right = right && (numbered || load16(place + 2) == 0);
    right = right && load32(place + 4) < MOST_GROUPS && (grouped || load32(place + 4) == 0);
    if (where == WHERE_ANYWHERE || where == WHERE_GROUP) {
        right = right && offset == 0 && shift == 0;
    }
    right = right && (where != WHERE_IN_SECTION || offset == 0);
    right = right && (offset >= 0 || (where != WHERE_START && where != WHERE_END));
    return right ? NULL : "the place of a sub-signature is wrong";
}

/* A number that is not 0 in 2 bytes, behind which are 2 zeros; 0 if it is not so. */
static unsigned padded_number(const uint8_t *at) {
    return load16(at + 2) == 0 ? load16(at) : 0;
}

static const char *check_body(struct rest rest, struct body_needs *needs) {
    const uint8_t *head = take(&rest, BODY_HEAD);
    unsigned chains = head == NULL ? 0 : padded_number(head + PLACE_SIZE);
    if (chains == 0) {
        return "a body is cut short, or has no chain";
    }
    uint64_t pieces = 0;
    const char *wrong = check_place(head);
    for (unsigned chain = 0; wrong == NULL && chain < chains; chain++) {
        const uint8_t *at = take(&rest, CHAIN_HEAD);
        unsigned count = at == NULL ? 0 : padded_number(at);
        if (count == 0) {
            return "a chain is cut short, or has no piece";
        }
        for (unsigned piece = 0; wrong == NULL && piece < count; piece++) {
            wrong = check_piece(&rest, piece == 0, needs);
        }
        pieces += count;
    }
    needs->chains = chains > needs->chains ? chains : needs->chains;
    needs->pieces = pieces > needs->pieces ? pieces : needs->pieces;
    return wrong == NULL && rest.left > 0 ? "something follows a body" : wrong;
}

static bool is_operator(uint8_t byte) { return byte == '=' || byte == '<' || byte == '>'; }

static const char *check_compare(struct rest rest) {
    const uint8_t *at = take(&rest, COMPARE_SIZE);
    if (at == NULL || (at[4] != 1 && at[4] != 2) ||
        rest.left != (uint64_t)at[4] * COMPARISON_SIZE) {
        return "a byte compare is cut short";
    }
    int64_t offset = signed64(load64(at + 8));
    uint64_t length = load64(at + 16);
    bool binary = at[1] == 'i';
    bool right = at[1] == 'h' || at[1] == 'd' || binary || at[1] == 'a';
    right = right && (at[2] == 'l' || at[2] == 'b') && at[3] <= 1;
    right = right && offset >= -MOST_OFFSET && offset <= MOST_OFFSET;
    right = right && (binary ? length == 1 || length == 2 || length == 4 || length == 8
                             : length >= 1 && length <= MOST_TEXT);
    for (unsigned index = 0; index < at[4]; index++) {
        right = right && is_operator(rest.at[(size_t)index * COMPARISON_SIZE]);
    }
    return right ? NULL : "a byte compare is broken";
}

/* Operations over subs below `subs` that leave one value. */
static const char *check_expression(struct rest *rest, unsigned subs) {
    const uint8_t *length = take(rest, 2);
    const uint8_t *at = length == NULL ? NULL : take(rest, load16(length));
    if (at == NULL) {
        return "an expression is cut short";
    }
    struct rest left = {at, load16(length)};
    unsigned depth = 0;
    while (left.left > 0) {
        uint8_t kind = *left.at;
        unsigned size = operation_size(kind);
        const uint8_t *operation = size == 0 ? NULL : take(&left, size);
        if (operation == NULL) {
            return "an expression is broken";
        }
        bool leaf = kind == OPERATION_SUB || kind == OPERATION_COUNT;
        unsigned operands = leaf ? 0 : kind == OPERATION_GROUP ? 1 : 2;
        if ((leaf && operation[1] >= subs) ||
            (kind == OPERATION_COUNT && !is_operator(operation[2])) ||
            (kind == OPERATION_GROUP && !is_operator(operation[1]))) {
            return "an operation of an expression is wrong";
        }
        if (depth < operands || depth - operands + 1 > MOST_STACK) {
            return "an expression lacks operands, or keeps too many";
        }
        depth = depth - operands + 1;
    }
    return depth == 1 ? NULL : "an expression does not leave one value";
}

/* `subs` are those before it. */
static const char *check_regex(struct rest rest, unsigned subs, uint64_t texts) {
    const uint8_t *at = take(&rest, REGEX_SIZE);
    if (at == NULL || at[0] == WHERE_GROUP) {
        return "a regular expression is broken";
    }
    uint64_t offset = load32(at + PLACE_SIZE + 4);
    if (offset > texts || load32(at + PLACE_SIZE + 8) > texts - offset) {
        return "a regular expression is not within the texts";
    }
    const char *wrong = check_place(at);
    wrong = wrong != NULL ? wrong : check_expression(&rest, subs);
    return wrong == NULL && rest.left > 0 ? "something follows a trigger" : wrong;
}

/* The macro is the sub behind one of kind `before`. */
static const char *check_macro(struct rest rest, uint8_t before) {
    const uint8_t *at = take(&rest, MACRO_SIZE);
    bool right = at != NULL && rest.left == 0 && load32(at) < MOST_GROUPS &&
                 load32(at + 4) <= load32(at + 8) &&
                 (before == SUB_BODY || before == SUB_MACRO);
    return right ? NULL : "a macro is broken";
}

/* The subs of a signature so far. */
struct subs {
    unsigned count;
    bool deferred; /* something is decided outside of native code */
    uint8_t kinds[MOST_SUBS];
    const uint8_t *payloads[MOST_SUBS];
};

static const char *check_sub(struct rest *rest, struct subs *subs, struct image *image) {
    const uint8_t *head = take(rest, SUB_HEAD);
    const uint8_t *payload = head == NULL ? NULL : take(rest, load32(head + 4));
    if (payload == NULL || head[1] != 0) {
        return "a sub-signature is cut short";
    }
    struct rest inside = {payload, load32(head + 4)};
    unsigned index = subs->count++;
    subs->kinds[index] = head[0];
    subs->payloads[index] = payload;
    switch (head[0]) {
    case SUB_BODY:
        return check_body(inside, &image->needs);
    case SUB_COMPARE:
        return check_compare(inside);
    case SUB_MACRO:
        return check_macro(inside, index == 0 ? 0 : subs->kinds[index - 1]);
    case SUB_REGEX:
        subs->deferred = true;
        return check_regex(inside, index, image->texts.length);
    case SUB_IMAGE:
        subs->deferred = true;
        return inside.left == IMAGE_SIZE ? NULL : "the hash of a picture is broken";
    default:
        return "a sub-signature is of an unknown kind";
    }
}

/* Byte compares refer to what has a place, and to regular expressions before them. */
static const char *check_references(const struct subs *subs) {
    for (unsigned index = 0; index < subs->count; index++) {
        if (subs->kinds[index] != SUB_COMPARE) {
            continue;
        }
        unsigned there = subs->payloads[index][0];
        uint8_t kind = there < subs->count ? subs->kinds[there] : 0;
        if (kind != SUB_BODY && kind != SUB_MACRO && (kind != SUB_REGEX || there > index)) {
            return "a byte compare refers to what has no place";
        }
    }
    return NULL;
}

static const char *check_program(struct image *image, struct rest rest,
                                 const uint8_t *record) {
    struct subs subs = {.count = 0};
    unsigned count = record[21];
    const char *wrong = check_conditions(image, &rest, &subs.deferred);
    while (wrong == NULL && subs.count < count) {
        wrong = check_sub(&rest, &subs, image);
    }
    wrong = wrong != NULL ? wrong : check_references(&subs);
    wrong = wrong != NULL ? wrong : check_expression(&rest, count);
    if (wrong == NULL && rest.left > 0) {
        return "something follows a program";
    }
    if (wrong == NULL && subs.deferred && (load32(record + 4) & FLAG_DEFERRED) == 0) {
        return "a signature has to be deferred";
    }
    return wrong;
}

static bool right_record(const struct image *image, const uint8_t *record) {
    return load32(record) < image->rules &&
           load32(record + 4) <= (FLAG_DEFERRED | FLAG_UNWANTED) &&
           record[20] < PARTITIONS && record[21] >= 1 && record[21] <= MOST_SUBS &&
           load16(record + 22) <= image->types && zeros(record + 24, 8);
}

const char *programs_check(struct image *image) {
    uint64_t end = 0;
    if (image->signatures > UINT32_MAX ||
        image->signatures * SIGNATURE_SIZE != image->records.length) {
        return "it has not as many signatures as it says";
    }
    for (uint64_t index = 0; index < image->signatures; index++) {
        const uint8_t *record = image_record(image, index);
        uint64_t offset = load64(record + 8);
        uint64_t length = load32(record + 16);
        if (!right_record(image, record)) {
            return "the record of a signature is wrong";
        }
        if (offset < end || offset > image->programs.length ||
            length > image->programs.length - offset) {
            return "a program is not where it may be";
        }
        end = offset + length;
        struct rest rest = {image->programs.bytes + offset, length};
        const char *wrong = check_program(image, rest, record);
        if (wrong != NULL) {
            return wrong;
        }
    }
    return NULL;
}
