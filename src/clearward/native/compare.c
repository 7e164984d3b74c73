#include "compare.h"

/* Characters that are read as a number. */
struct text {
    const uint8_t *at;
    unsigned length;
};

/* What was read; a number that does not fit 64 bits is not `fits`. */
struct number {
    int64_t value;
    unsigned characters;
    bool fits;
};

static bool is_space(uint8_t byte) { return byte == ' ' || (byte >= 9 && byte <= 13); }

/* The value of a digit, 16 or more if it is none. */
static unsigned digit_value(uint8_t byte) {
    if (byte >= '0' && byte <= '9') {
        return (unsigned)byte - '0';
    }
    uint8_t lower = byte | 0x20;
    return lower >= 'a' && lower <= 'f' ? (unsigned)lower - 'a' + 10 : 16;
}

static bool has_prefix(struct text text) {
    return text.length >= 2 && text.at[0] == '0' && (text.at[1] | 0x20) == 'x';
}

static struct number read_number(struct text text, unsigned radix) {
    unsigned at = 0;
    bool negative = text.length > 0 && text.at[0] == '-';
    if (negative || (text.length > 0 && text.at[0] == '+')) {
        at = 1;
    } else if (radix == 16 && has_prefix(text) && text.length > 2 &&
               digit_value(text.at[2]) < radix) {
        at = 2;
    }
    uint64_t limit = negative ? (uint64_t)1 << 63 : INT64_MAX;
    uint64_t value = 0;
    bool fits = true;
    for (; at < text.length && digit_value(text.at[at]) < radix; at++) {
        unsigned digit = digit_value(text.at[at]);
        fits = fits && value <= (limit - digit) / radix;
        value = fits ? value * radix + digit : value;
    }
    uint64_t bits = negative ? (uint64_t)0 - value : value;
    return (struct number){signed64(bits), at, fits};
}

static bool is_pair_character(uint8_t byte) {
    return digit_value(byte) < 16 || (byte | 0x20) == 'x';
}

/* Hexadecimal text of the other order: pairs of characters from the last to the first.
 * `turned` has room for one character more than MOST_TEXT. */
static struct text turn(struct text text, uint8_t *turned) {
    if (has_prefix(text)) {
        text = (struct text){text.at + 2, text.length - 2};
    }
    unsigned odd = text.length % 2;
    unsigned length = text.length + odd;
    bool right = true; /* up to the first pair that is none */
    for (unsigned pair = 0; pair < length; pair += 2) {
        uint8_t first = odd == 1 && pair == 0 ? '0' : text.at[pair - odd];
        uint8_t second = text.at[pair + 1 - odd];
        right = right && is_pair_character(first) &&
                is_pair_character(second);
        turned[length - pair - 2] = right ? first : '0';
        turned[length - pair - 1] = right ? second : '0';
    }
    return (struct text){turned, length};
}

/* The number in these bytes as text; false if there is none that counts. */
static bool read_text(const uint8_t *payload, struct text there, int64_t *value) {
    enum { LEAST_EITHER = 3 };
    bool little = payload[2] == 'l';
    bool exact = payload[3] == 1;
    uint8_t turned[MOST_TEXT + 1];
    struct text text = there;
    while (text.length > 0 && is_space(text.at[0])) {
        text = (struct text){text.at + 1, text.length - 1};
    }
    unsigned stripped = text.length;
    bool either = payload[1] == 'a';
    bool enough = text.length >= LEAST_EITHER;
    struct number number;
    if (payload[1] == 'h' || (either && enough && has_prefix(text))) {
        text = little ? turn(text, turned) : text;
        number = read_number(text, 16);
    } else if (either && (little || !enough)) {
        return false;
    } else {
        number = read_number(text, 10);
    }
    *value = number.value;
    bool whole = there.length == stripped && stripped == number.characters;
    return number.fits && (!exact || whole);
}

/* 1, 2 or 4 bytes without a sign, or 8 with one. */
static int64_t read_binary(const uint8_t *data, unsigned length, bool little) {
    uint64_t value = 0;
    for (unsigned index = 0; index < length; index++) {
        value = value << 8 | data[little ? length - 1 - index : index];
    }
    return signed64(value);
}

static bool compares(int64_t value, uint8_t operator, int64_t other) {
    return operator == '=' ? value == other : operator == '<' ? value < other : value > other;
}

bool compare_holds(const uint8_t *payload, const uint8_t *data, uint64_t length,
                   uint64_t start) {
    int64_t offset = signed64(load64(payload + 8));
    uint64_t place = start + (uint64_t)offset; /* both are far from overflow */
    uint64_t bytes = load64(payload + 16);
    if (signed64(place) <= 0 || place > length || bytes > length - place) {
        return false;
    }
    int64_t value = 0;
    if (payload[1] == 'i') {
        value = read_binary(data + place, (unsigned)bytes, payload[2] == 'l');
    } else if (!read_text(payload, (struct text){data + place, (unsigned)bytes}, &value)) {
        return false;
    }
    for (unsigned index = 0; index < payload[4]; index++) {
        const uint8_t *test = payload + COMPARE_SIZE + (size_t)index * COMPARISON_SIZE;
        if (!compares(value, test[0], signed64(load64(test + 8)))) {
            return false;
        }
    }
    return true;
}
