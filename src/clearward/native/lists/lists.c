/* Find lists of numbers and write what they stand for.
 *
 * A number that does not fit ends a list, and a list may begin inside of it. So what
 * had too few numbers is looked at again only from its last number on, and time grows
 * with the text alone. */
#include "lists.h"

#include <stdbool.h>

enum { DIGITS = 5, HEX_DIGITS = 4, BLANKS = 8 };
enum { BYTE = 256, LETTER = 128, TEXT_TENTHS = 9 };

static bool is_digit(uint8_t byte) { return byte >= '0' && byte <= '9'; }

static bool is_blank(uint8_t byte) {
    return byte == ' ' || (byte >= '\t' && byte <= '\r');
}

static int hex_value(uint8_t byte) {
    if (is_digit(byte)) return byte - '0';
    uint8_t lower = byte | 0x20;
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

/* Read a number; return the place behind it, or the same if none begins there. */
static size_t number(const uint8_t *text, size_t length, size_t at, uint32_t *value) {
    uint32_t sum = 0;
    size_t left = length - at, count = 0;
    if (left > 2 && ((text[at] == '0' && (text[at + 1] | 0x20) == 'x') ||
                     (text[at] == '&' && (text[at + 1] | 0x20) == 'h'))) {
        while (count < HEX_DIGITS && count + 2 < left) {
            int digit = hex_value(text[at + 2 + count]);
            if (digit < 0) break;
            sum = sum << 4 | (uint32_t)digit;
            count++;
        }
        if (count > 0) {
            *value = sum;
            return at + 2 + count;
        }
    }
    while (count < DIGITS && count < left && is_digit(text[at + count])) {
        sum = sum * 10 + (uint32_t)(text[at + count] - '0');
        count++;
    }
    *value = sum;
    return at + count;
}

static size_t blanks(const uint8_t *text, size_t length, size_t at) {
    size_t end = length - at > BLANKS ? at + BLANKS : length;
    while (at < end && is_blank(text[at])) at++;
    return at;
}

/* Go to the number behind a comma; return its place, or 0 if none follows. */
static size_t following(const uint8_t *text, size_t length, size_t at) {
    at = blanks(text, length, at);
    if (at == length || text[at] != ',') return 0;
    return blanks(text, length, at + 1);
}

/* What a list begins with. */
struct judged {
    size_t count, letters;
    uint32_t front; /* the greatest of the first `TRIED` */
    size_t coded;   /* bytes in UTF-8 */
};

static size_t coded_size(uint32_t value) {
    return value < LETTER ? 1 : value < 0x800 ? 2 : value < 0x10000 ? 3 : 4;
}

static void judge(struct judged *judged, struct list *list, uint32_t value) {
    if (judged->count++ < TRIED) {
        judged->letters += value < LETTER;
        judged->front = value > judged->front ? value : judged->front;
    }
    list->greatest = value > list->greatest ? value : list->greatest;
    judged->coded += coded_size(value);
}

/* Read a list; return where its last number begins. */
static size_t read_list(const uint8_t *text, size_t length, size_t place,
                        struct judged *judged, struct list *list) {
    uint32_t value;
    size_t last = place;
    size_t end = number(text, length, place, &value);
    list->start = list->end = place;
    while (end > place) {
        judge(judged, list, value);
        last = place;
        list->end = end;
        place = following(text, length, end);
        if (place == 0) break;
        end = number(text, length, place, &value);
    }
    return last;
}

struct list lists_next(const uint8_t *text, size_t length, size_t place) {
    while (place < length) {
        struct judged judged = {0, 0, 0, 0};
        struct list list = {0, 0, 0, 0};
        size_t last = read_list(text, length, place, &judged, &list);
        if (judged.count >= FEWEST) {
            size_t tried = judged.count < TRIED ? judged.count : TRIED;
            if (judged.front < BYTE || judged.letters * 10 >= tried * TEXT_TENTHS)
                list.size = list.greatest < BYTE ? judged.count : judged.coded;
            return list;
        }
        place = last + 1;
    }
    return (struct list){length, length, 0, 0};
}

static size_t write_letter(uint8_t *output, uint32_t value) {
    size_t size = coded_size(value);
    static const uint8_t leads[] = {0, 0, 0xC0, 0xE0, 0xF0};
    for (size_t at = size - 1; at > 0; at--) {
        output[at] = (uint8_t)(0x80 | (value & 0x3F));
        value >>= 6;
    }
    output[0] = (uint8_t)(leads[size] | value);
    return size;
}

void lists_write(const uint8_t *text, const struct list *list, uint8_t *output) {
    size_t place = list->start, done = 0;
    while (done < list->size) {
        uint32_t value;
        size_t end = number(text, list->end, place, &value);
        if (list->greatest < BYTE)
            output[done++] = (uint8_t)value;
        else
            done += write_letter(output + done, value);
        place = following(text, list->end, end);
    }
}
