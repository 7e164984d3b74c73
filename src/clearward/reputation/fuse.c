/* Build a binary fuse filter and ask it.
 *
 * A key is in three slots, one in each of three segments beside each other. Every slot
 * knows how many keys it is in and the exclusive or of their hashes. Who is alone in a
 * slot is taken out of its three, which leaves others alone, until all keys are out; in
 * the reverse order each gets the one slot that was its own. The order depends on the
 * slots alone, so the order of the keys does not matter.
 *
 * Source: Graf and Lemire, Binary Fuse Filters, 2022, arXiv 2201.01174, section 3. */
#include "fuse.h"

#include <stdlib.h>
#include <string.h>

enum { WAYS = 3, ONE = 4, WAY = 3, FULL = 63 };

struct places {
    uint32_t at[WAYS];
    uint16_t print;
};

/* What is known while building: two arrays of slots, two of keys, and who is alone. */
struct work {
    uint64_t *together; /* of each slot: exclusive or of the hashes */
    uint8_t *counted;   /* of each slot: keys times 4, and exclusive or of the ways */
    uint64_t *hashes;   /* of each key, by first segment, later in the order taken */
    uint8_t *ways;      /* of each key taken: which of its slots was its own */
    uint32_t *alone;    /* slots that may have one key */
    size_t *starts;     /* of each segment: keys that begin in others before it */
};

static uint64_t read_key(const uint8_t *record) {
    uint64_t key = 0;
    for (int i = KEY_BYTES - 1; i >= 0; i--) key = key << 8 | record[i];
    return key;
}

/* The end of MurmurHash3, by Austin Appleby, who gave it to the public domain. */
static uint64_t mix(uint64_t key, uint64_t seed) {
    uint64_t hash = key + seed;
    hash = (hash ^ hash >> 33) * UINT64_C(0xff51afd7ed558ccd);
    hash = (hash ^ hash >> 33) * UINT64_C(0xc4ceb9fe1a85ec53);
    return hash ^ hash >> 33;
}

static uint32_t first_place(const struct fuse *fuse, uint64_t hash) {
    uint64_t range = (uint64_t)fuse->segments * fuse->segment;
    return (uint32_t)((hash >> 32) * range >> 32);
}

static struct places places_of(const struct fuse *fuse, uint64_t hash) {
    uint32_t first = first_place(fuse, hash), mask = fuse->segment - 1;
    uint64_t more = hash * UINT64_C(0x9e3779b97f4a7c15);
    struct places places = {
        {first, (first + fuse->segment) ^ ((uint32_t)hash & mask),
         (first + 2 * fuse->segment) ^ ((uint32_t)(more >> 24) & mask)},
        (uint16_t)(more >> 48)};
    return places;
}

bool fuse_is_sound(const struct fuse *fuse) {
    uint32_t segment = fuse->segment;
    return segment >= 2 && segment <= MOST_SEGMENT && (segment & (segment - 1)) == 0 &&
           fuse->segments > 0 && fuse->segments <= UINT32_MAX / segment - 2;
}

size_t fuse_slots(const struct fuse *fuse) {
    return ((size_t)fuse->segments + WAYS - 1) * fuse->segment;
}

static bool repeats(const uint8_t *records, size_t number, size_t width) {
    const uint8_t *record = records + number * width;
    return number > 0 && memcmp(record, record - width, KEY_BYTES) == 0;
}

/* Hash the keys and bring together those of one segment; returns how many there are. */
static size_t hash_all(const struct fuse *fuse, const uint8_t *records, size_t count,
                       size_t width, struct work *work) {
    size_t keys = 0;
    for (size_t i = 0; i < count; i++) {
        if (repeats(records, i, width)) continue;
        uint64_t hash = mix(read_key(records + i * width), fuse->seed);
        work->starts[first_place(fuse, hash) / fuse->segment]++;
        keys++;
    }
    size_t before = 0;
    for (size_t i = 0; i < fuse->segments; i++) {
        size_t here = work->starts[i];
        work->starts[i] = before;
        before += here;
    }
    for (size_t i = 0; i < count; i++) {
        if (repeats(records, i, width)) continue;
        uint64_t hash = mix(read_key(records + i * width), fuse->seed);
        size_t at = work->starts[first_place(fuse, hash) / fuse->segment]++;
        if (at < keys) work->hashes[at] = hash; /* else they changed meanwhile */
    }
    return keys;
}

/* Put every key into its slots; false if one has too many. */
static bool put_all(const struct fuse *fuse, size_t keys, struct work *work) {
    for (size_t i = 0; i < keys; i++) {
        struct places places = places_of(fuse, work->hashes[i]);
        for (unsigned way = 0; way < WAYS; way++) {
            uint32_t at = places.at[way];
            if (work->counted[at] / ONE == FULL) return false;
            work->counted[at] = (uint8_t)((work->counted[at] + ONE) ^ way);
            work->together[at] ^= work->hashes[i];
        }
    }
    return true;
}

/* Take the key that is alone in a slot out of all its slots; returns how many more may
 * be alone now. */
static size_t take(const struct fuse *fuse, uint64_t hash, struct work *work,
                   size_t waiting) {
    struct places places = places_of(fuse, hash);
    for (unsigned way = 0; way < WAYS; way++) {
        uint32_t at = places.at[way];
        work->counted[at] = (uint8_t)((work->counted[at] - ONE) ^ way);
        work->together[at] ^= hash;
        if (work->counted[at] / ONE == 1) work->alone[waiting++] = at;
    }
    return waiting;
}

/* Take out all keys that can be; returns how many those are. */
static size_t take_all(const struct fuse *fuse, struct work *work) {
    size_t taken = 0, waiting = 0, slots = fuse_slots(fuse);
    for (size_t slot = 0; slot < slots; slot++) {
        if (work->counted[slot] / ONE == 1) work->alone[waiting++] = (uint32_t)slot;
        while (waiting > 0) {
            uint32_t at = work->alone[--waiting];
            if (work->counted[at] / ONE != 1) continue;
            uint64_t hash = work->together[at];
            work->ways[taken] = work->counted[at] & WAY;
            work->hashes[taken++] = hash;
            waiting = take(fuse, hash, work, waiting);
        }
    }
    return taken;
}

static uint16_t read_slot(const uint8_t *slots, uint32_t at) {
    const uint8_t *slot = slots + (size_t)at * SLOT_BYTES;
    return (uint16_t)(slot[0] | slot[1] << 8);
}

static uint16_t together(const struct places *places, const uint8_t *slots) {
    return read_slot(slots, places->at[0]) ^ read_slot(slots, places->at[1]) ^
           read_slot(slots, places->at[2]);
}

static void fill_all(const struct fuse *fuse, size_t keys, const struct work *work,
                     uint8_t *slots) {
    for (size_t i = keys; i-- > 0;) {
        struct places places = places_of(fuse, work->hashes[i]);
        uint16_t value = (uint16_t)(places.print ^ together(&places, slots));
        uint8_t *slot = slots + (size_t)places.at[work->ways[i]] * SLOT_BYTES;
        slot[0] = (uint8_t)value;
        slot[1] = (uint8_t)(value >> 8);
    }
}

static void release(struct work *work) {
    free(work->together);
    free(work->counted);
    free(work->hashes);
    free(work->ways);
    free(work->alone);
    free(work->starts);
}

enum built fuse_build(const struct fuse *fuse, const uint8_t *records, size_t count,
                      size_t width, uint8_t *slots) {
    size_t places = fuse_slots(fuse);
    struct work work = {calloc(places, sizeof(uint64_t)),
                        calloc(places, 1),
                        calloc(count + 1, sizeof(uint64_t)),
                        calloc(count + 1, 1),
                        calloc(places + WAYS, sizeof(uint32_t)),
                        calloc(fuse->segments, sizeof(size_t))};
    enum built built = NO_MEMORY;
    if (work.together != NULL && work.counted != NULL && work.hashes != NULL &&
        work.ways != NULL && work.alone != NULL && work.starts != NULL) {
        size_t keys = hash_all(fuse, records, count, width, &work);
        built = NOT_WITH_THIS_SEED;
        if (put_all(fuse, keys, &work) && take_all(fuse, &work) == keys) {
            fill_all(fuse, keys, &work, slots);
            built = BUILT;
        }
    }
    release(&work);
    return built;
}

void fuse_has(const struct fuse *fuse, const uint8_t *slots, const uint8_t *records,
              size_t count, size_t width, uint8_t *answers) {
    for (size_t i = 0; i < count; i++) {
        uint64_t hash = mix(read_key(records + i * width), fuse->seed);
        struct places places = places_of(fuse, hash);
        answers[i] = together(&places, slots) == places.print;
    }
}
