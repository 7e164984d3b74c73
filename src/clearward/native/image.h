/* The map of a rule image: where its sections are, after a complete check.
 *
 * The layout is drawn in layout.py. `image_check` is the only door: what it has let in
 * is trusted by everything else here, which therefore checks nothing again. What it
 * does not touch, so that opening an image does not make all of it resident, are names
 * and the entries of hash sets; those are checked as they are looked up.
 */
#ifndef CLEARWARD_IMAGE_H
#define CLEARWARD_IMAGE_H

#include "bytes.h"

enum {
    HEADER_SIZE = 64,
    DIGEST_AT = 32,
    DIGEST_SIZE = 32,
    SECTION_SIZE = 32,
    MOST_SECTIONS = 256,
    MOST_SUBS = 64,
    MOST_NESTING = 15,
    PARTITIONS = 15,
    SIGNATURE_SIZE = 32,
    LONG_SIZE = 24,
    SHORT_SIZE = 8,
    SHORT_KEYS = 65536,
};

enum section_kind {
    SECTION_META = 1,
    SECTION_NAMES,
    SECTION_SIGNATURES,
    SECTION_PROGRAMS,
    SECTION_PREFILTER,
    SECTION_ALWAYS,
    SECTION_HASHES,
    SECTION_YARA,
    SECTION_TEXTS,
    SECTION_TYPES,
    SECTION_LISTS,
};

struct section {
    const uint8_t *bytes; /* NULL: the image has none */
    uint64_t length;
    uint64_t count;
};

/* A prefilter; `bitmap` is NULL where a partition has none. */
struct prefilter {
    const uint8_t *bitmap;
    const uint8_t *starts;
    const uint8_t *entries;
    const uint8_t *short_starts; /* NULL: no short entries */
    const uint8_t *short_entries;
    unsigned bitmap_bits;
    unsigned bucket_bits;
    unsigned stride;
};

/* Its leading bits number a bit of the bitmap, and a bucket. */
static inline uint32_t prefilter_hash(uint32_t key) { return key * UINT32_C(0x9E3779B1); }

struct hash_set {
    const uint8_t *starts;
    const uint8_t *digests;
    const uint8_t *sizes; /* NULL: any size */
    uint64_t count;
    uint32_t which;
    uint32_t first_rule;
    unsigned digest_size;
    unsigned index_bits;
};

/* What bodies need at most to be searched, found out by the check of the image. */
struct body_needs {
    uint64_t spread; /* of the lengths of a piece */
    uint64_t chains; /* of a body */
    uint64_t pieces; /* of all chains of a body */
};

struct image {
    const uint8_t *bytes;
    uint64_t length;
    uint64_t rules;
    uint64_t signatures; /* how many */
    uint64_t types;      /* how many: the greatest number of one */
    struct section names;
    struct section records; /* of signatures */
    struct section programs;
    struct section texts;
    struct prefilter prefilters[PARTITIONS];
    struct section always[PARTITIONS];
    struct body_needs needs;
    unsigned hash_sets;
    struct hash_set hashes[MOST_SECTIONS];
};

/* Record of a signature. */
static inline const uint8_t *image_record(const struct image *image, uint64_t signature) {
    return image->records.bytes + signature * SIGNATURE_SIZE;
}

/* Fill `image` from `length` bytes, which have to stay as they are for as long as it is
 * used. NULL if everything is in order, else what is wrong. The digest in the header is
 * the caller's to compare. */
const char *image_check(struct image *image, const uint8_t *bytes, uint64_t length);

#endif
