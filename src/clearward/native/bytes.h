/* Integers out of bytes: little-endian, at any alignment.
 *
 * Everything in a rule image is read through these, so that no pointer is ever cast
 * and the core runs on machines of either byte order.
 */
#ifndef CLEARWARD_BYTES_H
#define CLEARWARD_BYTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

static inline uint16_t load16(const uint8_t *at) {
    uint16_t value;
    memcpy(&value, at, sizeof value);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    value = __builtin_bswap16(value);
#endif
    return value;
}

static inline uint32_t load32(const uint8_t *at) {
    uint32_t value;
    memcpy(&value, at, sizeof value);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    value = __builtin_bswap32(value);
#endif
    return value;
}

static inline uint64_t load64(const uint8_t *at) {
    uint64_t value;
    memcpy(&value, at, sizeof value);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    value = __builtin_bswap64(value);
#endif
    return value;
}

/* The same of a field that is signed: two's complement, without the
 * implementation-defined conversion. */
static inline int64_t signed64(uint64_t value) {
    int64_t result;
    memcpy(&result, &value, sizeof result);
    return result;
}

/* Whether `count` bytes are all zero. */
static inline bool zeros(const uint8_t *at, uint64_t count) {
    for (uint64_t index = 0; index < count; index++) {
        if (at[index] != 0) {
            return false;
        }
    }
    return true;
}

#endif
