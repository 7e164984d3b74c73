#include "finder.h"

#include <string.h>

/* The first four bytes of the needles sort them into eight buckets. At every place four
 * tables are asked, one for each of the next four bytes: which buckets have a needle
 * with this byte here? Only where a bucket is in all four answers are its needles
 * compared. With vectors that is done for 32 places at once, each table asked by the
 * two halves of the byte, which is less exact and never misses one.
 *
 * Places are whole: a needle at a place that begins before the end of the data and ends
 * behind it is none. */

#if defined(__x86_64__) && defined(__GNUC__)
#include <immintrin.h>
#define WITH_VECTORS 1
#else
#define WITH_VECTORS 0
#endif

void finder_start(struct finder *finder) { memset(finder, 0, sizeof *finder); }

bool finder_add(struct finder *finder, const uint8_t *bytes, size_t length) {
    if (finder->count == FINDER_MOST || length < FINDER_SHORTEST ||
        length > FINDER_LONGEST) {
        return false;
    }
    struct finder_needle *needle = &finder->needles[finder->count++];
    needle->length = length;
    memcpy(needle->bytes, bytes, length);
    return true;
}

/* 1 if a needle begins with other bytes than the one before it. */
static unsigned begins_anew(const struct finder *finder, unsigned number) {
    const uint8_t *bytes = finder->needles[number].bytes;
    return number == 0 ||
           memcmp(bytes, finder->needles[number - 1].bytes, FINDER_SHORTEST) != 0;
}

void finder_finish(struct finder *finder) {
    unsigned starts = 0;
    for (unsigned number = 0; number < finder->count; number++) {
        starts += begins_anew(finder, number);
    }
    unsigned start = 0;
    for (unsigned number = 0; number < finder->count; number++) {
        start += begins_anew(finder, number);
        unsigned bucket = (start - 1) * FINDER_BUCKETS / starts;
        uint8_t bit = (uint8_t)(1U << bucket);
        finder->members[bucket] |= (uint64_t)1 << number;
        for (unsigned at = 0; at < FINDER_SHORTEST; at++) {
            uint8_t byte = finder->needles[number].bytes[at];
            finder->whole[at][byte] |= bit;
            finder->low[at][byte & 15] |= bit;
            finder->high[at][byte >> 4] |= bit;
        }
    }
}

/* The buckets that hold any of some needles. */
static uint8_t buckets_of(const struct finder *finder, uint64_t wanted) {
    uint8_t buckets = 0;
    for (unsigned bucket = 0; bucket < FINDER_BUCKETS; bucket++) {
        buckets |= (uint8_t)((unsigned)((finder->members[bucket] & wanted) != 0) << bucket);
    }
    return buckets;
}

/* Those of some needles that stand at the front of `left` bytes. */
static uint64_t standing(const struct finder *finder, const uint8_t *at, size_t left,
                         uint64_t wanted) {
    uint64_t found = 0;
    for (; wanted != 0; wanted &= wanted - 1) {
        unsigned number = (unsigned)__builtin_ctzll(wanted);
        const struct finder_needle *needle = &finder->needles[number];
        if (needle->length <= left && memcmp(needle->bytes, at, needle->length) == 0) {
            found |= (uint64_t)1 << number;
        }
    }
    return found;
}

/* Those of the buckets a place may be of whose needles stand there. */
static uint64_t compared(const struct finder *finder, const uint8_t *at, size_t left,
                         unsigned buckets, uint64_t wanted) {
    uint64_t members = 0;
    for (; buckets != 0; buckets &= buckets - 1) {
        members |= finder->members[__builtin_ctz(buckets)];
    }
    return standing(finder, at, left, members & wanted);
}

size_t finder_next_plain(const struct finder *finder, const uint8_t *data, size_t length,
                         size_t from, uint64_t wanted, uint64_t *found) {
    unsigned buckets = buckets_of(finder, wanted);
    for (size_t at = from; at + FINDER_SHORTEST <= length; at++) {
        unsigned maybe = buckets & finder->whole[0][data[at]] &
                         finder->whole[1][data[at + 1]] &
                         finder->whole[2][data[at + 2]] & finder->whole[3][data[at + 3]];
        if (maybe != 0) {
            *found = compared(finder, data + at, length - at, maybe, wanted);
            if (*found != 0) {
                return at;
            }
        }
    }
    *found = 0;
    return length;
}

#if WITH_VECTORS

enum { WIDTH = 32 };

#define VECTORS __attribute__((target("avx2")))

/* The 16 bytes of a table, twice, as a shuffle asks for them. */
VECTORS static inline __m256i twice(const uint8_t *table) {
    return _mm256_broadcastsi128_si256(_mm_loadu_si128((const __m128i *)(const void *)table));
}

VECTORS static size_t next_by_vectors(const struct finder *finder, const uint8_t *data,
                                      size_t length, size_t from, uint64_t wanted,
                                      uint64_t *found) {
    const __m256i half = _mm256_set1_epi8(15);
    const __m256i asked = _mm256_set1_epi8((char)buckets_of(finder, wanted));
    __m256i low[FINDER_SHORTEST];
    __m256i high[FINDER_SHORTEST];
    for (unsigned distance = 0; distance < FINDER_SHORTEST; distance++) {
        low[distance] = twice(finder->low[distance]);
        high[distance] = twice(finder->high[distance]);
    }
    size_t at = from;
    for (; length - at >= WIDTH + FINDER_SHORTEST - 1; at += WIDTH) {
        __m256i maybe = asked;
#pragma GCC unroll 4
        for (unsigned distance = 0; distance < FINDER_SHORTEST; distance++) {
            const void *place = data + at + distance;
            __m256i bytes = _mm256_loadu_si256((const __m256i *)place);
            __m256i upper = _mm256_and_si256(_mm256_srli_epi16(bytes, 4), half);
            __m256i lower = _mm256_and_si256(bytes, half);
            maybe = _mm256_and_si256(maybe, _mm256_shuffle_epi8(low[distance], lower));
            maybe = _mm256_and_si256(maybe, _mm256_shuffle_epi8(high[distance], upper));
        }
        if (_mm256_testz_si256(maybe, maybe)) {
            continue;
        }
        uint8_t buckets[WIDTH];
        _mm256_storeu_si256((__m256i *)(void *)buckets, maybe);
        __m256i none = _mm256_cmpeq_epi8(maybe, _mm256_setzero_si256());
        unsigned places = ~(unsigned)_mm256_movemask_epi8(none);
        for (; places != 0; places &= places - 1) {
            unsigned step = (unsigned)__builtin_ctz(places);
            const uint8_t *place = data + at + step;
            *found = compared(finder, place, length - at - step, buckets[step], wanted);
            if (*found != 0) {
                return at + step;
            }
        }
    }
    return finder_next_plain(finder, data, length, at, wanted, found);
}

#endif

size_t finder_next(const struct finder *finder, const uint8_t *data, size_t length,
                   size_t from, uint64_t wanted, uint64_t *found) {
    if (from >= length) {
        *found = 0;
        return length;
    }
#if WITH_VECTORS
    if (__builtin_cpu_supports("avx2")) {
        return next_by_vectors(finder, data, length, from, wanted, found);
    }
#endif
    return finder_next_plain(finder, data, length, from, wanted, found);
}
