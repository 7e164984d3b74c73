#include "runs.h"

/* Where a run of enough letters of base64 begins, and its end. */
static size_t run_of(struct span text, size_t start, size_t *end) {
    size_t at = start;
    while (at < text.length && LEAST_RUN <= text.length - at) {
        size_t first = at + LEAST_RUN;
        while (first > at && is_encoded_letter(text.bytes[first - 1])) {
            first--;
        }
        if (first == at) {
            size_t last = at + LEAST_RUN;
            while (last < text.length && is_encoded_letter(text.bytes[last])) {
                last++;
            }
            *end = last;
            return at;
        }
        at = first;
    }
    *end = text.length;
    return text.length;
}

/* Whether bytes begin as a file does that is worth a look. */
static bool is_front(const uint8_t *bytes) {
    static const struct {
        uint8_t length;
        uint8_t bytes[4];
    } fronts[] = {
        {3, {0x1F, 0x8B, 8}},       {2, {'x', 0x9C}},          {2, {'x', 0xDA}},
        {2, {'x', 0x01}},           {2, {'x', 0x5E}},          {2, {'M', 'Z'}},
        {4, {'P', 'K', 3, 4}},      {4, {'R', 'a', 'r', '!'}}, {4, {'7', 'z', 0xBC, 0xAF}},
        {4, {0xD0, 0xCF, 0x11, 0xE0}}, {4, {0x7F, 'E', 'L', 'F'}}, {4, {'M', 'S', 'C', 'F'}},
        {3, {'B', 'Z', 'h'}},       {4, {0xFD, '7', 'z', 'X'}}, {4, {'I', 'T', 'S', 'F'}},
        {4, {'L', 0, 0, 0}},        {4, {0xCA, 0xFE, 0xBA, 0xBE}}, {4, {0xE3, 0, 0, 0}},
    };
    for (size_t index = 0; index < sizeof fronts / sizeof *fronts; index++) {
        if (memcmp(bytes, fronts[index].bytes, fronts[index].length) == 0) {
            return true;
        }
    }
    return false;
}

/* Whether the front of what was decoded is text, in either width, or a known file. */
static bool is_worth(const uint8_t *bytes, size_t length) {
    size_t plain = 0;
    size_t wide = 0;
    for (size_t at = 0; at < length; at++) {
        plain += is_plain(bytes[at]);
        wide += at % 2 == 1 && bytes[at] == 0 && is_plain(bytes[at - 1]);
    }
    return plain + 1 >= length || wide + 1 >= length / 2 || is_front(bytes);
}

enum { LONG_HEX = 512, LONG_ENCODED = 128, DECODED = 18, HEX_DECODED = 12 };

static bool is_hex_worth(struct span run) {
    uint8_t bytes[HEX_DECODED];
    for (size_t at = 0; at < HEX_DECODED; at++) {
        int value = hex_number(run, 2 * at, 2);
        if (value < 0) {
            return false;
        }
        bytes[at] = (uint8_t)value;
    }
    return run.length >= LONG_HEX || is_worth(bytes, HEX_DECODED);
}

static bool is_mixed(struct span run) {
    bool upper = false;
    bool lower = false;
    bool other = false;
    size_t length = run.length < 256 ? run.length : 256;
    for (size_t at = 0; at < length; at++) {
        uint8_t byte = run.bytes[at];
        bool small = byte >= 'a' && byte <= 'z';
        lower |= small;
        upper |= !small && is_letter(byte);
        other |= !is_letter(byte);
        if (upper && lower && other) {
            return true;
        }
    }
    return false;
}

static bool is_encoded(struct span text, size_t start, size_t end) {
    struct span run = span_cut(text, start, end);
    if (is_hex_worth(run)) {
        return true;
    }
    if (!is_mixed(run)) {
        return false;
    }
    bool backwards = start > 1 && text.bytes[start - 1] == '=' &&
                     (text.bytes[start - 2] == '=' || is_quote(text.bytes[start - 2]));
    if (run.length >= LONG_ENCODED || backwards) {
        return true;
    }
    uint8_t bytes[DECODED];
    uint32_t bits = 0;
    size_t made = 0;
    for (size_t at = 0; made < DECODED; at++) {
        bits = bits << 6 | base64_value(run.bytes[at]);
        if (at % 4 == 3) {
            bytes[made++] = (uint8_t)(bits >> 16);
            bytes[made++] = (uint8_t)(bits >> 8);
            bytes[made++] = (uint8_t)bits;
            bits = 0;
        }
    }
    return is_worth(bytes, DECODED);
}

size_t runs_find(struct span text, size_t start, size_t *end) {
    size_t at = start;
    while ((at = run_of(text, at, end)) < text.length) {
        if (is_encoded(text, at, *end)) {
            return at;
        }
        at = *end;
    }
    return text.length;
}

/* Whether an encoded run that a row of pairs at `at` is in is worth it. */
bool runs_at(struct span text, size_t at, size_t *end) {
    size_t first = at;
    while (first > 0 && is_encoded_letter(text.bytes[first - 1])) {
        first--;
    }
    *end = at;
    while (*end < text.length && is_encoded_letter(text.bytes[*end])) {
        ++*end;
    }
    return *end - first >= LEAST_RUN && is_encoded(text, first, *end);
}
