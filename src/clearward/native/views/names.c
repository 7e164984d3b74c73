#include "names.h"

enum { FIRST_SLOTS = 64 };

struct name {
    uint64_t hash;
    uint32_t start;
    uint32_t length;
};

struct declared {
    uint32_t name;
    uint32_t scope;
    uint32_t number;
};

static uint64_t rotated(uint64_t value, unsigned bits) {
    return value << bits | value >> (64 - bits);
}

struct sip {
    uint64_t v0, v1, v2, v3;
};

static void sip_round(struct sip *sip) {
    sip->v0 += sip->v1;
    sip->v1 = rotated(sip->v1, 13) ^ sip->v0;
    sip->v0 = rotated(sip->v0, 32);
    sip->v2 += sip->v3;
    sip->v3 = rotated(sip->v3, 16) ^ sip->v2;
    sip->v0 += sip->v3;
    sip->v3 = rotated(sip->v3, 21) ^ sip->v0;
    sip->v2 += sip->v1;
    sip->v1 = rotated(sip->v1, 17) ^ sip->v2;
    sip->v2 = rotated(sip->v2, 32);
}

static void sip_word(struct sip *sip, uint64_t word) {
    sip->v3 ^= word;
    sip_round(sip);
    sip->v0 ^= word;
}

/* SipHash-1-3 (Aumasson, Bernstein), with one key for both of its halves. */
static uint64_t hashed(uint64_t key, struct span text) {
    struct sip sip = {key ^ 0x736F6D6570736575U, key ^ 0x646F72616E646F6DU,
                      key ^ 0x6C7967656E657261U, key ^ 0x7465646279746573U};
    size_t at = 0;
    for (; text.length - at >= 8; at += 8) {
        uint64_t word;
        memcpy(&word, text.bytes + at, sizeof word);
        sip_word(&sip, word);
    }
    uint64_t last = (uint64_t)text.length << 56;
    for (unsigned shift = 0; at < text.length; at++, shift += 8) {
        last |= (uint64_t)text.bytes[at] << shift;
    }
    sip_word(&sip, last);
    sip.v2 ^= 0xFF;
    for (unsigned round = 0; round < 3; round++) {
        sip_round(&sip);
    }
    return sip.v0 ^ sip.v1 ^ sip.v2 ^ sip.v3;
}

static uint64_t hash_of(const struct names *names, struct declared declared) {
    uint32_t pair[2] = {declared.name, declared.scope};
    return hashed(names->key, (struct span){(const uint8_t *)pair, sizeof pair});
}

static struct name name_at(const struct names *names, uint32_t index) {
    struct name name;
    memcpy(&name, names->entries.bytes + index * sizeof name, sizeof name);
    return name;
}

static struct declared declared_at(const struct names *names, uint32_t index) {
    struct declared declared;
    memcpy(&declared, names->declared.bytes + index * sizeof declared, sizeof declared);
    return declared;
}

static uint32_t slot_at(const struct places *places, size_t slot) {
    uint32_t entry;
    memcpy(&entry, places->slots.bytes + slot * sizeof entry, sizeof entry);
    return entry;
}

static void put_slot(struct places *places, size_t slot, uint32_t entry) {
    memcpy(places->slots.bytes + slot * sizeof entry, &entry, sizeof entry);
}

static size_t mask_of(const struct places *places) {
    return places->slots.length / sizeof(uint32_t) - 1;
}

/* Put an entry into the first free slot from that of its hash on. */
static void place(struct places *places, uint64_t hash, uint32_t entry) {
    size_t slot = (size_t)hash & mask_of(places);
    while (slot_at(places, slot) != 0) {
        slot = (slot + 1) & mask_of(places);
    }
    put_slot(places, slot, entry + 1);
}

/* Make room for one more; true if all have to be placed again. */
static bool widen(struct places *places) {
    size_t slots = places->slots.length / sizeof(uint32_t);
    if (places->used + 1 <= slots / 2) {
        return false;
    }
    size_t wider = slots == 0 ? FIRST_SLOTS : slots * 2;
    if (buffer_reserve(&places->slots, (wider - slots) * sizeof(uint32_t))) {
        places->slots.length = wider * sizeof(uint32_t);
        memset(places->slots.bytes, 0, places->slots.length);
        return true;
    }
    return false;
}

/* The entry of a name, or -1. */
static int64_t find_name(const struct names *names, uint64_t hash, struct span text) {
    if (names->by_name.used == 0) {
        return -1;
    }
    size_t mask = mask_of(&names->by_name);
    for (size_t slot = (size_t)hash & mask;; slot = (slot + 1) & mask) {
        uint32_t entry = slot_at(&names->by_name, slot);
        if (entry == 0) {
            return -1;
        }
        struct name name = name_at(names, entry - 1);
        if (name.hash == hash && name.length == text.length &&
            memcmp(names->bytes.bytes + name.start, text.bytes, text.length) == 0) {
            return entry - 1;
        }
    }
}

/* The entry of a declaration, or -1. */
static int64_t find_declared(const struct names *names, struct declared wanted) {
    size_t mask = mask_of(&names->by_scope);
    for (size_t slot = (size_t)hash_of(names, wanted) & mask;; slot = (slot + 1) & mask) {
        uint32_t entry = slot_at(&names->by_scope, slot);
        if (entry == 0) {
            return -1;
        }
        struct declared declared = declared_at(names, entry - 1);
        if (declared.name == wanted.name && declared.scope == wanted.scope) {
            return entry - 1;
        }
    }
}

/* The entry of a name, which is added if it is new; -1 if there is no memory. */
static int64_t add_name(struct names *names, struct span text) {
    uint64_t hash = hashed(names->key, text);
    int64_t found = find_name(names, hash, text);
    if (found >= 0) {
        return found;
    }
    uint32_t count = (uint32_t)names->by_name.used;
    if (widen(&names->by_name)) {
        for (uint32_t entry = 0; entry < count; entry++) {
            place(&names->by_name, name_at(names, entry).hash, entry);
        }
    }
    struct name name = {hash, (uint32_t)names->bytes.length, (uint32_t)text.length};
    buffer_append(&names->bytes, text.bytes, text.length);
    buffer_append(&names->entries, (const uint8_t *)&name, sizeof name);
    if (names_failed(names)) {
        return -1;
    }
    place(&names->by_name, hash, count);
    names->by_name.used++;
    return count;
}

static void add_declared(struct names *names, struct declared declared) {
    uint32_t count = (uint32_t)names->by_scope.used;
    if (widen(&names->by_scope)) {
        for (uint32_t entry = 0; entry < count; entry++) {
            place(&names->by_scope, hash_of(names, declared_at(names, entry)), entry);
        }
    }
    buffer_append(&names->declared, (const uint8_t *)&declared, sizeof declared);
    if (!names_failed(names)) {
        place(&names->by_scope, hash_of(names, declared), count);
        names->by_scope.used++;
    }
}

void names_begin(struct names *names, uint64_t key) {
    *names = (struct names){.key = key};
    names_scope(names, 0);
}

uint32_t names_scope(struct names *names, uint32_t parent) {
    size_t scope = names->parents.length / sizeof parent;
    buffer_append(&names->parents, (const uint8_t *)&parent, sizeof parent);
    return (uint32_t)scope;
}

void names_declare(struct names *names, struct span name, uint32_t scope,
                   uint32_t number) {
    int64_t entry = names_failed(names) ? -1 : add_name(names, name);
    if (entry < 0) {
        return;
    }
    struct declared declared = {(uint32_t)entry, scope, number};
    int64_t known = names->by_scope.used > 0 ? find_declared(names, declared) : -1;
    if (known < 0) {
        add_declared(names, declared);
    } else {
        memcpy(names->declared.bytes + (size_t)known * sizeof declared, &declared,
               sizeof declared);
    }
}

bool names_find(const struct names *names, struct span name, uint32_t scope,
                uint32_t *number) {
    int64_t entry = find_name(names, hashed(names->key, name), name);
    if (entry < 0) {
        return false;
    }
    for (;;) {
        int64_t found =
            find_declared(names, (struct declared){(uint32_t)entry, scope, 0});
        if (found >= 0) {
            *number = declared_at(names, (uint32_t)found).number;
            return true;
        }
        if (scope == 0) {
            return false;
        }
        memcpy(&scope, names->parents.bytes + scope * sizeof scope, sizeof scope);
    }
}

bool names_failed(const struct names *names) {
    return names->bytes.failed || names->entries.failed || names->by_name.slots.failed ||
           names->declared.failed || names->by_scope.slots.failed ||
           names->parents.failed;
}

void names_free(struct names *names) {
    buffer_free(&names->bytes);
    buffer_free(&names->entries);
    buffer_free(&names->by_name.slots);
    buffer_free(&names->declared);
    buffer_free(&names->by_scope.slots);
    buffer_free(&names->parents);
}
