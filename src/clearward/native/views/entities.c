#include "entities.h"

#include "classes.h"

enum { MOST_DIGITS = 16, FIRST_NUMBER = 0xFF, HIGHEST = 0x10FFFF };

static size_t slot_of(const uint8_t *name, size_t length) {
    uint32_t hash = 2166136261U; /* FNV-1a; the names are ours */
    for (size_t at = 0; at < length; at++) {
        hash = (hash ^ name[at]) * 16777619U;
    }
    return (hash ^ hash >> 15) % ENTITY_SLOTS;
}

/* The slot of a name, or the free one where it would be. */
static size_t find(const struct entities *entities, const uint8_t *name, size_t length) {
    size_t slot = slot_of(name, length);
    for (;; slot = (slot + 1) % ENTITY_SLOTS) {
        const struct entity *entity = &entities->slots[slot];
        if (entity->name_length == 0 ||
            (entity->name_length == length && memcmp(entity->name, name, length) == 0)) {
            return slot;
        }
    }
}

/* Take a string behind its length from the records; false if there is none. */
static bool take(struct span *records, size_t most, struct span *string) {
    size_t length = records->length > 0 ? records->bytes[0] : 0;
    if (length == 0 || length > most || length > records->length - 1) {
        return false;
    }
    *string = span_cut(*records, 1, 1 + length);
    *records = span_cut(*records, 1 + length, records->length);
    return true;
}

bool entities_load(struct entities *entities, struct span records) {
    memset(entities, 0, sizeof *entities);
    for (size_t count = 0; records.length > 0; count++) {
        struct span name;
        struct span value;
        if (count >= ENTITY_SLOTS / 2 || !take(&records, LONGEST_NAME, &name) ||
            !take(&records, LONGEST_VALUE, &value)) {
            return false;
        }
        struct entity *entity = &entities->slots[find(entities, name.bytes, name.length)];
        memcpy(entity->name, name.bytes, name.length);
        memcpy(entity->value, value.bytes, value.length);
        entity->name_length = (uint8_t)name.length;
        entity->value_length = (uint8_t)value.length;
    }
    return true;
}

/* Append a code point as a byte or, if it is none, as a number of four digits or more. */
static void put_point(struct buffer *out, uint64_t point) {
    if (point < FIRST_NUMBER) {
        buffer_put(out, (uint8_t)point);
        return;
    }
    uint32_t left = point > HIGHEST ? HIGHEST : (uint32_t)point;
    buffer_append(out, (const uint8_t *)"&#x", 3);
    unsigned digits = left > 0xFFFFF ? 6 : left > 0xFFFF ? 5 : 4;
    for (; digits > 0; digits--) {
        buffer_put(out, (uint8_t)"0123456789abcdef"[left >> 4 * (digits - 1) & 0xF]);
    }
    buffer_put(out, ';');
}

/* Decode the number of which the digits begin at `at`; return where it ends. */
static size_t number(struct span text, size_t at, unsigned base, struct buffer *out) {
    uint64_t point = 0;
    while (at < text.length && text.bytes[at] == '0') {
        at++;
    }
    for (unsigned left = MOST_DIGITS; left > 0 && at < text.length; left--, at++) {
        unsigned digit = hex_value(text.bytes[at]);
        if (digit >= base) {
            break;
        }
        point = point * base + digit;
    }
    put_point(out, point);
    return at < text.length && text.bytes[at] == ';' ? at + 1 : at;
}

/* Decode the name that begins at `at`, or append what stands for itself; return where
 * it ends. */
static size_t named(const struct entities *entities, struct span text, size_t at,
                    struct buffer *out) {
    size_t end = at;
    while (end < text.length && end - at <= LONGEST_NAME &&
           is_alphanumeric(text.bytes[end])) {
        end++;
    }
    size_t length = end - at;
    bool closed = end == text.length || text.bytes[end] == ';';
    if (closed && length >= 2 && length <= LONGEST_NAME && is_letter(text.bytes[at])) {
        const struct entity *entity =
            &entities->slots[find(entities, text.bytes + at, length)];
        if (entity->name_length > 0) {
            buffer_append(out, entity->value, entity->value_length);
            return end == text.length ? end : end + 1;
        }
    }
    buffer_put(out, '&');
    buffer_append(out, text.bytes + at, length);
    return end;
}

void entities_decode(const struct entities *entities, struct span text,
                     struct buffer *out) {
    size_t at = 0;
    while (at < text.length) {
        size_t start = span_find(text, '&', at, text.length);
        buffer_append(out, text.bytes + at, start - at);
        if (start == text.length) {
            return;
        }
        at = start + 1;
        if (at == text.length || text.bytes[at] != '#') {
            at = named(entities, text, at, out);
        } else if (at + 1 < text.length && to_lower(text.bytes[at + 1]) == 'x') {
            at = number(text, at + 2, 16, out);
        } else {
            at = number(text, at + 1, 10, out);
        }
    }
}
