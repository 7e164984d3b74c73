#include "search.h"

#ifdef __SSE2__
#include <emmintrin.h>
#endif

/* Two bytes of the needle, the least common ones, are looked for many places at a
 * time; where both stand the whole is compared. In machine code and text a few values
 * make up most bytes, so that a search for the first byte alone would stop all the time.
 */

/* How often a byte value stands in files, roughly: 3 often to 0 seldom. */
static unsigned commonness(uint8_t byte) {
    if (byte == 0x00) {
        return 3;
    }
    if (byte == 0xff || byte == ' ' || byte == 'e' || byte == 't') {
        return 2;
    }
    bool letter = (byte >= 'a' && byte <= 'z');
    return letter || byte < 0x10 || byte == 0x8b || byte == 0x48 || byte == 0xcc;
}

struct pair {
    uint32_t first;
    uint32_t second;
};

/* How often a cell of the needle stands in files, roughly: each bit that its mask
 * leaves out counts. */
static unsigned cell_commonness(const struct needle *needle, uint32_t index) {
    unsigned bits = needle->masks == NULL ? 0xff : needle->masks[index];
    return commonness(needle->values[index]) + 8 - (unsigned)__builtin_popcount(bits);
}

/* Where the two least common cells of a needle stand, different values if there are. */
static struct pair rare_pair(const struct needle *needle) {
    enum { FAR_ENOUGH = 32 };
    struct pair pair = {0, 0};
    uint32_t end = needle->length < FAR_ENOUGH ? needle->length : FAR_ENOUGH;
    unsigned rarest = UINT32_MAX;
    for (uint32_t index = 0; index < end; index++) {
        unsigned cost = cell_commonness(needle, index);
        if (cost < rarest) {
            rarest = cost;
            pair.first = index;
        }
    }
    unsigned least = UINT32_MAX;
    for (uint32_t index = 0; index < end; index++) {
        bool same = needle->values[index] == needle->values[pair.first];
        unsigned cost = cell_commonness(needle, index) + (same ? 2 : 0);
        if (index != pair.first && cost < least) {
            least = cost;
            pair.second = index;
        }
    }
    return pair;
}

/* Whether the needle stands at `at`. */
static bool stands(const struct needle *needle, const uint8_t *at) {
    if (needle->masks == NULL) {
        return memcmp(at, needle->values, needle->length) == 0;
    }
    for (uint32_t index = 0; index < needle->length; index++) {
        if ((at[index] & needle->masks[index]) != needle->values[index]) {
            return false;
        }
    }
    return true;
}

/* The same from `at` on, one place after the other; of exact bytes by the `rare` one. */
static uint64_t search_plain(const uint8_t *data, uint64_t places, uint64_t at,
                             const struct needle *needle, uint32_t rare) {
    while (at < places) {
        if (needle->masks == NULL) {
            const uint8_t *found =
                memchr(data + at + rare, needle->values[rare], (size_t)(places - at));
            if (found == NULL) {
                break;
            }
            at = (uint64_t)(found - data) - rare;
        }
        if (stands(needle, data + at)) {
            return at;
        }
        at++;
    }
    return places;
}

#ifdef __SSE2__
enum { LANES = 16, BLOCK = 2 * LANES };

/* A cell of the needle, in every lane. */
struct lanes {
    __m128i value;
    __m128i mask;
    uint32_t distance;
};

static struct lanes lanes_of(const struct needle *needle, uint32_t index) {
    uint8_t mask = needle->masks == NULL ? 0xff : needle->masks[index];
    return (struct lanes){_mm_set1_epi8((char)needle->values[index]),
                          _mm_set1_epi8((char)mask), index};
}

/* The lanes, from `at` on, in which the cell stands. */
static inline __m128i lanes_equal(struct lanes lanes, const uint8_t *at) {
    __m128i bytes;
    memcpy(&bytes, at + lanes.distance, LANES);
    return _mm_cmpeq_epi8(_mm_and_si128(bytes, lanes.mask), lanes.value);
}

/* The first block from `at` on, all of whose places are below `places`, where both cells
 * stand, and the bits of these places in it; none if `hits` is 0. It calls nothing, so
 * that all it needs stays in registers. */
static uint64_t next_hits(const uint8_t *data, uint64_t places, uint64_t at,
                          struct lanes first, struct lanes second, uint32_t *hits) {
    for (; places - at >= BLOCK; at += BLOCK) {
        __m128i low = _mm_and_si128(lanes_equal(first, data + at),
                                    lanes_equal(second, data + at));
        __m128i high = _mm_and_si128(lanes_equal(first, data + at + LANES),
                                     lanes_equal(second, data + at + LANES));
        if (_mm_movemask_epi8(_mm_or_si128(low, high)) != 0) {
            *hits = (uint32_t)_mm_movemask_epi8(low) |
                    (uint32_t)_mm_movemask_epi8(high) << LANES;
            return at;
        }
    }
    *hits = 0;
    return at;
}
#endif

uint64_t search(const uint8_t *data, uint64_t length, const struct needle *needle) {
    if (length < needle->length) {
        return length;
    }
    uint64_t places = length - needle->length + 1;
    struct pair pair = rare_pair(needle);
    uint64_t at = 0;
#ifdef __SSE2__
    const struct lanes first = lanes_of(needle, pair.first);
    const struct lanes second = lanes_of(needle, pair.second);
    uint32_t hits;
    for (;; at += BLOCK) {
        at = next_hits(data, places, at, first, second, &hits);
        if (hits == 0) {
            break;
        }
        for (; hits != 0; hits &= hits - 1) {
            uint64_t place = at + (unsigned)__builtin_ctz(hits);
            if (stands(needle, data + place)) {
                return place;
            }
        }
    }
#endif
    at = search_plain(data, places, at, needle, pair.first);
    return at < places ? at : length;
}
