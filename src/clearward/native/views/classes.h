/* What a byte is, in ASCII whatever the locale says. */
#ifndef CLEARWARD_VIEWS_CLASSES_H
#define CLEARWARD_VIEWS_CLASSES_H

#include "buffer.h"

static inline bool is_white(uint8_t byte) {
    return byte == ' ' || (byte >= '\t' && byte <= '\r');
}

static inline bool is_digit(uint8_t byte) { return byte >= '0' && byte <= '9'; }

static inline uint8_t to_lower(uint8_t byte) {
    return byte >= 'A' && byte <= 'Z' ? (uint8_t)(byte + 0x20) : byte;
}

static inline bool is_letter(uint8_t byte) {
    return to_lower(byte) >= 'a' && to_lower(byte) <= 'z';
}

static inline bool is_alphanumeric(uint8_t byte) {
    return is_digit(byte) || is_letter(byte);
}

static inline bool is_quote(uint8_t byte) { return byte == '"' || byte == '\''; }

/* The value of a hexadecimal digit; 16 of any other byte. */
static inline unsigned hex_value(uint8_t byte) {
    if (is_digit(byte)) {
        return byte - (unsigned)'0';
    }
    uint8_t letter = to_lower(byte);
    return letter >= 'a' && letter <= 'f' ? letter - (unsigned)'a' + 10U : 16U;
}

/* The value of so many hexadecimal digits at `start`, or -1 if they are not there. */
static inline int hex_number(struct span text, size_t start, size_t digits) {
    unsigned value = 0;
    if (start > text.length || digits > text.length - start) {
        return -1;
    }
    for (size_t at = start; at < start + digits; at++) {
        unsigned digit = hex_value(text.bytes[at]);
        if (digit > 15) {
            return -1;
        }
        value = value << 4 | digit;
    }
    return (int)value;
}

/* The value of a digit of base64 in either alphabet (RFC 4648); 64 of another byte. */
static inline unsigned base64_value(uint8_t byte) {
    if (byte >= 'A' && byte <= 'Z') {
        return byte - (unsigned)'A';
    }
    if (byte >= 'a' && byte <= 'z') {
        return byte - (unsigned)'a' + 26U;
    }
    if (is_digit(byte)) {
        return byte - (unsigned)'0' + 52U;
    }
    return byte == '+' || byte == '-' ? 62U : byte == '/' || byte == '_' ? 63U : 64U;
}

/* Whether the bytes at `start` are a text in lower case, in either case. */
static inline bool span_reads(struct span span, size_t start, const char *lower,
                              size_t length) {
    if (start > span.length || length > span.length - start) {
        return false;
    }
    for (size_t at = 0; at < length; at++) {
        if (to_lower(span.bytes[start + at]) != (uint8_t)lower[at]) {
            return false;
        }
    }
    return true;
}

#define READS(span, start, lower) span_reads(span, start, lower, sizeof(lower) - 1)

/* Write a code point below 0x10000 as UTF-8, also half of a pair. */
static inline void put_utf8(struct buffer *out, unsigned point) {
    if (point < 0x80) {
        buffer_put(out, (uint8_t)point);
        return;
    }
    if (point < 0x800) {
        buffer_put(out, (uint8_t)(0xC0 | point >> 6));
    } else {
        buffer_put(out, (uint8_t)(0xE0 | point >> 12));
        buffer_put(out, (uint8_t)(0x80 | (point >> 6 & 0x3F)));
    }
    buffer_put(out, (uint8_t)(0x80 | (point & 0x3F)));
}

#endif
