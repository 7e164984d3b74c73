#include "tables.h"

enum { SIZED = 1, MOST_FLAGS = 15, MOST_INDEX_BITS = 24, MOST_SCOPE = 2 };

static uint64_t padded(uint64_t length) { return (length + 7) & ~(uint64_t)7; }

const char *names_check(struct section section, uint64_t rules) {
    if (section.bytes == NULL) {
        return NULL;
    }
    if (section.count != rules || section.length / 8 <= rules) {
        return "it has not as many names as rules";
    }
    return NULL;
}

const char *types_check(struct section section) {
    enum { MOST_TYPES = 65534, MOST_LENGTH = 64 };
    uint64_t lines = 0;
    uint64_t length = 0; /* of the line so far */
    for (uint64_t index = 0; index < section.length; index++) {
        bool ends = section.bytes[index] == '\n';
        if ((ends && length == 0) || length > MOST_LENGTH || section.bytes[index] > 127) {
            return "a type has a wrong name";
        }
        lines += ends;
        length = ends ? 0 : length + 1;
    }
    if (length != 0 || lines != section.count || lines > MOST_TYPES) {
        return "it has not as many types as it says";
    }
    return NULL;
}

/* That `values` bucket starts ascend, from 0 to `count`. */
static bool ascends(const uint8_t *starts, uint64_t values, uint64_t count) {
    uint64_t last = 0;
    if (load32(starts) != 0 || load32(starts + (values - 1) * 4) != count) {
        return false;
    }
    for (uint64_t index = 0; index < values; index++) {
        uint64_t start = load32(starts + index * 4);
        if (start < last) {
            return false;
        }
        last = start;
    }
    return true;
}

/* That every long entry can be found, and names a signature. */
static bool long_check(const struct prefilter *prefilter, uint64_t signatures) {
    uint64_t buckets = (uint64_t)1 << prefilter->bucket_bits;
    for (uint64_t bucket = 0; bucket < buckets; bucket++) {
        uint32_t end = load32(prefilter->starts + bucket * 4 + 4);
        for (uint32_t index = load32(prefilter->starts + bucket * 4); index < end; index++) {
            const uint8_t *entry = prefilter->entries + (size_t)index * LONG_SIZE;
            uint32_t hash = prefilter_hash(load32(entry));
            uint32_t bit = hash >> (32 - prefilter->bitmap_bits);
            if (hash >> (32 - prefilter->bucket_bits) != bucket ||
                (prefilter->bitmap[bit >> 3] >> (bit & 7) & 1) == 0 ||
                load32(entry + 4) >= signatures ||
                (load64(entry + 8) & ~load64(entry + 16)) != 0) {
                return false;
            }
        }
    }
    return true;
}

static const char *short_check(struct prefilter *prefilter, const uint8_t *at,
                               uint64_t count, uint64_t signatures) {
    prefilter->short_starts = at;
    prefilter->short_entries = at + (SHORT_KEYS + 1) * 4;
    if (!ascends(at, SHORT_KEYS + 1, count)) {
        return "the short keys of a prefilter are not in order";
    }
    for (uint64_t index = 0; index < count; index++) {
        const uint8_t *entry = prefilter->short_entries + index * SHORT_SIZE;
        if (load32(entry) >= signatures || (entry[5] & ~entry[4]) != 0) {
            return "a short entry of a prefilter is wrong";
        }
    }
    return NULL;
}

const char *prefilter_check(struct prefilter *prefilter, struct section section,
                            uint64_t signatures) {
    if (section.length < 16) {
        return "a prefilter is shorter than its header";
    }
    uint32_t bitmap_bits = load32(section.bytes);
    uint32_t bucket_bits = load32(section.bytes + 4);
    uint32_t stride = load32(section.bytes + 8);
    uint64_t shorts = load32(section.bytes + 12);
    if (bitmap_bits < 10 || bitmap_bits > 24 || bucket_bits < 4 || bucket_bits > 24 ||
        (stride != 1 && stride != 2 && stride != 4) || section.count > UINT32_MAX) {
        return "the header of a prefilter is wrong";
    }
    uint64_t bitmap = (uint64_t)1 << bitmap_bits >> 3;
    uint64_t starts = ((uint64_t)1 << bucket_bits) + 1;
    uint64_t unpadded = 16 + bitmap + starts * 4;
    uint64_t entries = padded(unpadded);
    uint64_t behind = entries + section.count * LONG_SIZE;
    uint64_t end = behind;
    if (shorts > 0) {
        end += (SHORT_KEYS + 1) * 4 + shorts * SHORT_SIZE;
    }
    if (section.length != end || !zeros(section.bytes + unpadded, entries - unpadded)) {
        return "a prefilter does not have the length that its header says";
    }
    *prefilter = (struct prefilter){.bitmap = section.bytes + 16,
                                    .starts = section.bytes + 16 + bitmap,
                                    .entries = section.bytes + entries,
                                    .bitmap_bits = bitmap_bits,
                                    .bucket_bits = bucket_bits,
                                    .stride = stride};
    if (!ascends(prefilter->starts, starts, section.count)) {
        return "the keys of a prefilter are not in order";
    }
    if (!long_check(prefilter, signatures)) {
        return "a long entry of a prefilter is wrong";
    }
    if (shorts == 0) {
        return NULL;
    }
    return short_check(prefilter, section.bytes + behind, shorts, signatures);
}

const char *always_check(struct section section, uint64_t signatures) {
    if (section.length % 4 != 0 || section.count != section.length / 4) {
        return "a list of signatures does not have the length that it says";
    }
    uint64_t next = 0;
    for (uint64_t index = 0; index < section.count; index++) {
        uint64_t signature = load32(section.bytes + index * 4);
        if (signature < next || signature >= signatures) {
            return "a list of signatures is not in order";
        }
        next = signature + 1;
    }
    return NULL;
}

const char *hashes_check(struct hash_set *set, struct section section, uint64_t rules) {
    if (section.length < 8) {
        return "a hash set is shorter than its header";
    }
    unsigned algorithm = section.bytes[0];
    unsigned flags = section.bytes[2];
    unsigned index_bits = section.bytes[3];
    set->first_rule = load32(section.bytes + 4);
    if ((algorithm != 16 && algorithm != 20 && algorithm != 32) ||
        section.bytes[1] > MOST_SCOPE || flags > MOST_FLAGS || index_bits > MOST_INDEX_BITS ||
        section.count > UINT32_MAX || set->first_rule + section.count > rules) {
        return "the header of a hash set is wrong";
    }
    uint64_t starts = ((uint64_t)1 << index_bits) + 1;
    uint64_t digests = padded(8 + starts * 4);
    uint64_t end = digests + section.count * algorithm;
    uint64_t sizes = padded(end);
    bool sized = (flags & SIZED) != 0;
    end = sized ? sizes + section.count * 8 : end;
    if (section.length != end) {
        return "a hash set does not have the length that its header says";
    }
    set->starts = section.bytes + 8;
    set->digests = section.bytes + digests;
    set->sizes = sized ? section.bytes + sizes : NULL;
    set->count = section.count;
    set->digest_size = algorithm;
    set->index_bits = index_bits;
    return NULL;
}
