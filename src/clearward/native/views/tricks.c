#include "tricks.h"

#include "pairs.h"
#include "runs.h"
#include "signs.h"

/* Bytes that a row of calls or ticks may have between two of them. */
enum { FAR_CALL = 64, FAR_TICK = 24, FAR_CARET = 12, FAR_JOIN = 200 };
enum { MANY_CALLS = 3, MANY_TICKS = 3, MANY_CARETS = 4, MANY_JOINS = 2 };

static bool is_listed(uint8_t byte) {
    return hex_value(byte) < 16 || to_lower(byte) == 'x' || to_lower(byte) == 'h' ||
           byte == ',' || byte == '&' || is_white(byte);
}

enum { MANY_NUMBERS = 10, WIDEST_NUMBER = 8, LIST_AHEAD = 110 };

/* Whether a list of short numbers begins at `at`, or goes on there. */
static bool lists_at(struct span text, size_t at) {
    size_t end = text.length - at > LIST_AHEAD ? at + LIST_AHEAD : text.length;
    size_t commas = 0;
    for (size_t place = at; place < end && is_listed(text.bytes[place]); place++) {
        commas += text.bytes[place] == ',';
        if (commas >= MANY_NUMBERS) {
            return place - at <= (commas + 1) * WIDEST_NUMBER;
        }
    }
    return false;
}

/* The byte that one escape at `at` stands for, or -1, and its length. */
static int escaped_at(struct span text, size_t at, size_t *length) {
    uint8_t kind = at + 1 < text.length ? to_lower(text.bytes[at + 1]) : 0;
    bool wide = kind == 'u';
    int value = -1;
    if (text.bytes[at] == '\\' || wide) {
        *length = wide ? 6 : 4;
        if (wide || kind == 'x') {
            value = hex_number(text, at + 2, wide ? 4 : 2);
        } else if (kind >= '0' && kind <= '3' && at + 3 < text.length &&
                   is_digit(text.bytes[at + 2]) && is_digit(text.bytes[at + 3])) {
            value = (kind - '0') << 6 | (text.bytes[at + 2] - '0') << 3 |
                    (text.bytes[at + 3] - '0');
        }
    } else if (text.bytes[at] == '%') {
        *length = 3;
        value = hex_number(text, at + 1, 2);
    }
    return value;
}

enum { MANY_PLAIN = 6, MANY_ESCAPES = 24, MANY_UNITS = 6 };

/* Whether enough escapes stand in a row from `at` on: of letters, or of anything. */
static bool escapes_at(struct span text, size_t at) {
    size_t count = 0;
    size_t plain = 0;
    size_t units = 0;
    while (at < text.length && (text.bytes[at] == '\\' || text.bytes[at] == '%')) {
        size_t length = 0;
        int value = escaped_at(text, at, &length);
        if (value < 0) {
            return false;
        }
        count++;
        plain += value < 0x80 && is_plain((uint8_t)value);
        units += text.bytes[at] == '%' && length == 6;
        at += length;
        if ((plain >= MANY_PLAIN && plain + 1 >= count) || count >= MANY_ESCAPES ||
            units >= MANY_UNITS) {
            return true;
        }
    }
    return false;
}

static size_t blanks_behind(struct span text, size_t at) {
    size_t end = at + 4 < text.length ? at + 4 : text.length;
    while (at < end && (text.bytes[at] == ' ' || text.bytes[at] == '\t')) {
        at++;
    }
    return at;
}

/* Whether a word goes on behind the quote at `at`, a sign of joining and a quote. */
static bool joins_at(struct span text, size_t at) {
    if (at == 0 || !is_quote(text.bytes[at]) || !is_alphanumeric(text.bytes[at - 1])) {
        return false;
    }
    size_t sign = blanks_behind(text, at + 1);
    if (sign >= text.length || (text.bytes[sign] != '+' && text.bytes[sign] != '&' &&
                                text.bytes[sign] != '.')) {
        return false;
    }
    size_t quote = blanks_behind(text, sign + 1);
    return quote + 1 < text.length && is_quote(text.bytes[quote]) &&
           is_alphanumeric(text.bytes[quote + 1]);
}

static bool between_letters(struct span text, size_t at) {
    return at > 0 && at + 1 < text.length && is_letter(text.bytes[at - 1]) &&
           is_letter(text.bytes[at + 1]);
}

static bool is_number_at(struct span text, size_t at) {
    at = blanks_behind(text, at);
    return at < text.length && (is_digit(text.bytes[at]) || text.bytes[at] == '&');
}

/* Whether a character by its number ends a word that began before `at`. */
static bool calls_at(struct span text, size_t at) {
    if (READS(text, at, "ar]") && at > 2 && READS(text, at - 3, "[ch")) {
        size_t behind = at + 3;
        behind += READS(text, behind, "(");
        return is_number_at(text, behind);
    }
    if (at == 0 || to_lower(text.bytes[at - 1]) != 'c' || !READS(text, at, "hr")) {
        return false;
    }
    size_t open = at + 2;
    open += READS(text, open, "w");
    open += READS(text, open, "$");
    return READS(text, open, "(") && is_number_at(text, open + 1);
}

static bool calls_list_at(struct span text, size_t at) {
    return (READS(text, at, "rcode(") && is_number_at(text, at + 6)) ||
           READS(text, at, "ar[]]");
}

/* Whether a string begins at `at`, behind blanks and one bracket at most. */
static bool is_string_at(struct span text, size_t at) {
    at = blanks_behind(text, at);
    if (READS(text, at, "(")) {
        at = blanks_behind(text, at + 1);
    }
    return at < text.length && is_quote(text.bytes[at]);
}

static bool joins_list_at(struct span text, size_t at) {
    if (READS(text, at, "oin(") && at > 3 && at + 5 < text.length) {
        return text.bytes[at - 2] == '.' && text.bytes[at - 3] == ']' &&
               is_quote(text.bytes[at + 4]) && text.bytes[at + 5] == text.bytes[at + 4];
    }
    if (READS(text, at, "oin(array(")) {
        return true;
    }
    return READS(text, at, "oin") && at > 1 && text.bytes[at - 2] == '-' &&
           (is_string_at(text, at + 3) || READS(text, at + 3, "("));
}

static bool decodes_at(struct span text, size_t at) {
    static const char *const words[] = {"64string(", "64_decode(", "64decode(", "64.decode(",
                                        "tob("};
    for (size_t word = 0; word < sizeof words / sizeof *words; word++) {
        size_t length = strlen(words[word]);
        if (span_reads(text, at, words[word], length)) {
            return is_string_at(text, at + length);
        }
    }
    return false;
}

static bool names_at(struct span text, size_t at) {
    if (SAYS(text, at, "}{") && at > 1 && at + 4 < text.length) {
        return is_digit(text.bytes[at - 1]) && is_digit(text.bytes[at + 2]) &&
               SAYS(text, at + 3, "}{");
    }
    if (SAYS(text, at, ":~") && at > 0 && at + 2 < text.length) {
        return is_alphanumeric(text.bytes[at - 1]) &&
               (is_digit(text.bytes[at + 2]) || text.bytes[at + 2] == '-');
    }
    if (READS(text, at, "rrev(")) {
        return is_string_at(text, at + 5);
    }
    if (READS(text, at, "rreverse(")) {
        return is_string_at(text, at + 9);
    }
    if (SAYS(text, at, "13(")) {
        return at > 0 && text.bytes[at - 1] == 't' && is_string_at(text, at + 3);
    }
    return joins_list_at(text, at) || decodes_at(text, at) || SAYS(text, at, "k,e,");
}

static bool row_has(struct row *row, size_t at, size_t far, size_t many) {
    row->count = row->count > 0 && at - row->last > far ? 1 : row->count + 1;
    row->last = at;
    return row->count >= many;
}

static unsigned mark_signs(struct span text, size_t at, struct look *look) {
    uint8_t byte = text.bytes[at];
    if (byte == '`') {
        bool many = row_has(&look->ticks, at, FAR_TICK, MANY_TICKS);
        return many ? SIGN_TICKS : 0;
    }
    bool many = row_has(&look->carets, at, FAR_CARET, MANY_CARETS);
    return many ? SIGN_CARETS : 0;
}

/* The signs that begin at one place. */
static unsigned signs_at(struct span text, size_t at, struct look *look) {
    switch (to_lower(text.bytes[at])) {
        case '`':
        case '^':
            return between_letters(text, at) ? mark_signs(text, at, look) : 0;
        case '"':
        case '\'':
            return joins_at(text, at) &&
                           row_has(&look->joins, at, FAR_JOIN, MANY_JOINS)
                       ? SIGN_JOINS
                       : 0;
        case '\\':
        case '%':
            return escapes_at(text, at) ? SIGN_ESCAPES : 0;
        case 'h':
        case 'a':
        case 'r':
            if (calls_list_at(text, at) ||
                (calls_at(text, at) &&
                 row_has(&look->calls, at, FAR_CALL, MANY_CALLS))) {
                return SIGN_CALLS;
            }
            return names_at(text, at) ? SIGN_NAMES : 0;
        case 'o':
        case '}':
        case ':':
        case '1':
        case 'k':
        case '6':
        case 't':
            return names_at(text, at) ? SIGN_NAMES : 0;
        default:
            return 0;
    }
}

static void note(struct look *look, size_t at) {
    if (look->places != NULL && at >= look->noted) {
        buffer_append(look->places, (const uint8_t *)&at, sizeof at);
        look->noted = at + SIGN_APART;
    }
}

enum { BEHIND = 5 }; /* bytes from a pair on in which the sign may begin */

/* How far in front of a pair the sign may begin that it tells. */
static size_t farthest(unsigned near) {
    if ((near & NEAR_NAME) != 0) {
        return 7;
    }
    return (near & (NEAR_CALL | NEAR_ESCAPE)) != 0 ? 5 : (near & NEAR_JOIN) != 0 ? 3 : 1;
}

unsigned tricks_near(struct span text, size_t at, unsigned near, struct look *look) {
    unsigned found = 0;
    if ((near & NEAR_NUMBER) != 0 && at >= look->listed) {
        found |= lists_at(text, at) ? SIGN_NUMBERS : 0;
        look->listed = at + LEAST_RUN;
    }
    if ((near & ~(unsigned)NEAR_NUMBER) == 0) {
        return found;
    }
    size_t before = farthest(near);
    size_t first = at > before ? at - before : 0;
    first = first > look->seen ? first : look->seen;
    size_t end = at + BEHIND < text.length ? at + BEHIND : text.length;
    for (size_t place = first; place < end; place++) {
        unsigned here = signs_at(text, place, look);
        if (here != 0) {
            note(look, place);
        }
        found |= here;
    }
    look->seen = end;
    return found;
}
