#include "pairs.h"

#include "runs.h"

static void pair_mark(uint8_t *pairs, int one, int two, unsigned near) {
    const uint8_t bytes[2] = {(uint8_t)one, (uint8_t)two};
    pairs[pair_at(bytes)] |= (uint8_t)near;
}

/* Mark pairs of letters in either case. */
static void pairs_mark(uint8_t *pairs, const char *texts, unsigned near) {
    for (; texts[0] != '\0' && texts[1] != '\0'; texts += 2) {
        for (int one = 0; one < 256; one++) {
            for (int two = 0; two < 256; two++) {
                if (to_lower((uint8_t)one) == (uint8_t)texts[0] &&
                    to_lower((uint8_t)two) == (uint8_t)texts[1]) {
                    pair_mark(pairs, one, two, near);
                }
            }
        }
    }
}

void pairs_prepare(uint8_t *pairs) {
    for (unsigned pair = 0; pair < SIGN_PAIRS; pair++) {
        bool both = is_encoded_letter((uint8_t)(pair >> 8)) && is_encoded_letter((uint8_t)pair);
        pairs[pair] = both ? PAIR_ENCODED : 0;
    }
    pairs_mark(pairs, "\"+\"&\".'+'&'.+\"&\".\"+'&'.' + &+ &  .", NEAR_JOIN);
    pairs_mark(pairs, "hrr(rwr$[c[]]$](", NEAR_CALL);
    pair_mark(pairs, 'r', 'C', NEAR_CALL); /* of a language that tells case */
    pair_mark(pairs, 'C', 'o', NEAR_CALL);
    pairs_mark(pairs, "rrv(b(rs3(-jjo\"\"''}{:~~-k,,ke6ob", NEAR_NAME);
    for (int one = 0; one < 256; one++) {
        uint8_t byte = (uint8_t)one;
        bool hexadecimal = hex_value(byte) < 16;
        if (is_letter(byte)) {
            pair_mark(pairs, one, '`', NEAR_MARK);
            pair_mark(pairs, one, '^', NEAR_MARK);
            pair_mark(pairs, '`', one, NEAR_MARK);
            pair_mark(pairs, '^', one, NEAR_MARK);
        }
        if (hexadecimal) {
            pair_mark(pairs, one, ',', NEAR_NUMBER);
            pair_mark(pairs, one, '\\', NEAR_ESCAPE);
            pair_mark(pairs, '%', one, NEAR_ESCAPE);
            pair_mark(pairs, one, '%', NEAR_ESCAPE);
        }
        if (is_digit(byte)) {
            pair_mark(pairs, '\\', one, NEAR_ESCAPE);
            pair_mark(pairs, '{', one, NEAR_NAME);
            pair_mark(pairs, '~', one, NEAR_NAME);
            pair_mark(pairs, ']', one, NEAR_CALL);
        }
    }
    pairs_mark(pairs, "\\x\\u%u", NEAR_ESCAPE);
    pairs_mark(pairs, "131464", NEAR_NAME);
    pairs_mark(pairs, "0x", NEAR_NUMBER);
}

bool pairs_go_on(struct span text, size_t at) {
    switch (to_lower(text.bytes[at]) << 8 | to_lower(text.bytes[at + 1])) {
        case 'h' << 8 | 'r':
            return READS(text, at + 2, "(") || READS(text, at + 2, "w") ||
                   READS(text, at + 2, "$");
        case 'r' << 8 | 'r':
            return READS(text, at + 2, "ev");
        case 'r' << 8 | 's':
            return READS(text, at + 2, "e(");
        case 'o' << 8 | 'b':
            return READS(text, at + 2, "(");
        case 'j' << 8 | 'o':
            return READS(text, at + 2, "in");
        case 'r' << 8 | 'c':
            return READS(text, at + 2, "ode");
        case 'c' << 8 | 'o':
            return READS(text, at + 2, "de") && at > 0 && text.bytes[at - 1] == 'r';
        default:
            return true;
    }
}
