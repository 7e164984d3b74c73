#include "search.h"

#ifdef __SSE2__
#include <emmintrin.h>
#endif

/* Two bytes of the key, the least common ones, are looked for sixteen places at a time;
 * where both stand the whole key is compared. In machine code and text a few values make
 * up most bytes, so that a search for the first byte alone would stop all the time. */

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

/* Where the two least common bytes of a key stand, different values if there are. */
static struct pair rare_pair(const uint8_t *key, uint32_t length) {
    enum { FAR_ENOUGH = 32 };
    struct pair pair = {0, 0};
    uint32_t end = length < FAR_ENOUGH ? length : FAR_ENOUGH;
    for (uint32_t index = 1; index < end; index++) {
        if (commonness(key[index]) < commonness(key[pair.first])) {
            pair.first = index;
        }
    }
    unsigned least = UINT32_MAX;
    for (uint32_t index = 0; index < end; index++) {
        unsigned cost = commonness(key[index]) + (key[index] == key[pair.first] ? 2 : 0);
        if (index != pair.first && cost < least) {
            least = cost;
            pair.second = index;
        }
    }
    return pair;
}

/* The same from `at` on, one place after the other by the first of the pair. */
static uint64_t search_plain(const uint8_t *data, uint64_t places, uint64_t at,
                             const uint8_t *key, uint32_t key_length, uint32_t rare) {
    while (at < places) {
        const uint8_t *found = memchr(data + at + rare, key[rare], (size_t)(places - at));
        if (found == NULL) {
            break;
        }
        at = (uint64_t)(found - data) - rare;
        if (memcmp(data + at, key, key_length) == 0) {
            return at;
        }
        at++;
    }
    return places;
}

uint64_t search(const uint8_t *data, uint64_t length, const uint8_t *key,
                uint32_t key_length) {
    if (length < key_length) {
        return length;
    }
    uint64_t places = length - key_length + 1;
    struct pair pair = rare_pair(key, key_length);
    uint64_t at = 0;
#ifdef __SSE2__
    enum { LANES = 16 };
    const __m128i first = _mm_set1_epi8((char)key[pair.first]);
    const __m128i second = _mm_set1_epi8((char)key[pair.second]);
    for (; places - at >= LANES; at += LANES) {
        __m128i one, other;
        memcpy(&one, data + at + pair.first, LANES);
        memcpy(&other, data + at + pair.second, LANES);
        __m128i both =
            _mm_and_si128(_mm_cmpeq_epi8(one, first), _mm_cmpeq_epi8(other, second));
        for (unsigned hits = (unsigned)_mm_movemask_epi8(both); hits != 0; hits &= hits - 1) {
            uint64_t place = at + (unsigned)__builtin_ctz(hits);
            if (memcmp(data + place, key, key_length) == 0) {
                return place;
            }
        }
    }
#endif
    at = search_plain(data, places, at, key, key_length, pair.first);
    return at < places ? at : length;
}
