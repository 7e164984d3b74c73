#include "payload.h"

#include "elements.h"
#include "expression.h"
#include "layout.h"

/* What programs.py and what it reads with refuse is refused here. */

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

const char *check_body(struct rest rest, struct body_needs *needs) {
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

const char *check_compare(struct rest rest) {
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

const char *check_expression(struct rest *rest, unsigned subs) {
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

const char *check_regex(struct rest rest, unsigned subs, uint64_t texts) {
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

const char *check_macro(struct rest rest, uint8_t before) {
    const uint8_t *at = take(&rest, MACRO_SIZE);
    bool right = at != NULL && rest.left == 0 && load32(at) < MOST_GROUPS &&
                 load32(at + 4) <= load32(at + 8) &&
                 (before == SUB_BODY || before == SUB_MACRO);
    return right ? NULL : "a macro is broken";
}
