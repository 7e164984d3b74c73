#include "image.h"
#include "program.h"
#include "tables.h"

/* The header, the table of sections, and who checks which of them; layout.py draws
 * both. Tables are checked in tables.c, signatures in program.c. */

enum { VERSION = 1, ALIGNMENT = 64 };

static const uint8_t MAGIC[8] = {0x89, 'C', 'W', 'R', '\r', '\n', 0x1a, '\n'};

/* One row of the table of sections, as it stands there. */
struct row {
    uint32_t kind;
    uint32_t which;
    uint64_t offset;
    uint64_t length;
    uint64_t count;
};

static struct row row_at(const uint8_t *bytes, uint32_t index) {
    const uint8_t *at = bytes + HEADER_SIZE + (size_t)index * SECTION_SIZE;
    return (struct row){load32(at), load32(at + 4), load64(at + 8), load64(at + 16),
                        load64(at + 24)};
}

static const char *check_header(const uint8_t *bytes, uint64_t length) {
    if (length < HEADER_SIZE) {
        return "it is shorter than a header";
    }
    if (memcmp(bytes, MAGIC, sizeof MAGIC) != 0) {
        return "it does not begin as a rule image does";
    }
    if (load32(bytes + 8) != VERSION) {
        return "it is of another version";
    }
    if (load64(bytes + 16) != length) {
        return "it does not have the length that its header says";
    }
    uint32_t sections = load32(bytes + 12);
    if (sections > MOST_SECTIONS ||
        HEADER_SIZE + (uint64_t)sections * SECTION_SIZE > length) {
        return "its table of sections is too long";
    }
    return NULL;
}

static bool overlaps(struct row one, struct row other) {
    return one.offset < other.offset + other.length &&
           other.offset < one.offset + one.length;
}

/* Where sections are: aligned, in order, inside the file, apart from each other. */
static const char *check_rows(const uint8_t *bytes, uint64_t length, uint32_t sections) {
    uint64_t first = HEADER_SIZE + (uint64_t)sections * SECTION_SIZE;
    for (uint32_t index = 0; index < sections; index++) {
        struct row row = row_at(bytes, index);
        if (row.offset % ALIGNMENT != 0 || row.offset < first || row.offset > length ||
            row.length > length - row.offset) {
            return "a section is not where it may be";
        }
        for (uint32_t before = 0; before < index; before++) {
            if (overlaps(row, row_at(bytes, before))) {
                return "two sections overlap";
            }
        }
        if (index > 0) {
            struct row last = row_at(bytes, index - 1);
            if (row.kind < last.kind ||
                (row.kind == last.kind && row.which <= last.which)) {
                return "its sections are not in order";
            }
        }
    }
    return NULL;
}

/* Sections that others are checked against: which of them there are. */
static const char *place(struct image *image, struct row row) {
    struct section section = {image->bytes + row.offset, row.length, row.count};
    bool single = row.kind != SECTION_PREFILTER && row.kind != SECTION_ALWAYS &&
                  row.kind != SECTION_HASHES && row.kind != SECTION_YARA &&
                  row.kind != SECTION_LISTS;
    if (row.kind < SECTION_META || row.kind > SECTION_LISTS) {
        return "a section is of an unknown kind";
    }
    bool in_bytes = row.kind == SECTION_META || row.kind == SECTION_PROGRAMS ||
                    row.kind == SECTION_TEXTS || row.kind == SECTION_YARA ||
                    row.kind == SECTION_LISTS;
    if (in_bytes && row.count != row.length) {
        return "a section has not as many bytes as it says";
    }
    if (single && row.which != 0) {
        return "a section that stands alone has a number";
    }
    switch (row.kind) {
    case SECTION_NAMES:
        image->names = section;
        break;
    case SECTION_SIGNATURES:
        image->records = section;
        image->signatures = row.count;
        break;
    case SECTION_PROGRAMS:
        image->programs = section;
        break;
    case SECTION_TEXTS:
        image->texts = section;
        break;
    case SECTION_TYPES:
        image->types = row.count;
        return types_check(section);
    default:
        break;
    }
    return NULL;
}

/* Sections that are there for each partition, or each set. */
static const char *read_table(struct image *image, struct row row) {
    struct section section = {image->bytes + row.offset, row.length, row.count};
    switch (row.kind) {
    case SECTION_PREFILTER:
    case SECTION_ALWAYS:
        if (row.which >= PARTITIONS) {
            return "a section is for a partition that does not exist";
        }
        if (row.kind == SECTION_PREFILTER) {
            return prefilter_check(&image->prefilters[row.which], section,
                                   image->signatures);
        }
        image->always[row.which] = section;
        return always_check(section, image->signatures);
    case SECTION_HASHES: {
        struct hash_set *set = &image->hashes[image->hash_sets++];
        set->which = row.which;
        return hashes_check(set, section, image->rules);
    }
    default:
        return NULL;
    }
}

const char *image_check(struct image *image, const uint8_t *bytes, uint64_t length) {
    const char *wrong = check_header(bytes, length);
    if (wrong != NULL) {
        return wrong;
    }
    struct section none = {bytes, 0, 0};
    *image = (struct image){.bytes = bytes, .length = length, .rules = load64(bytes + 24),
                            .records = none, .programs = none, .texts = none};
    uint32_t sections = load32(bytes + 12);
    wrong = check_rows(bytes, length, sections);
    for (uint32_t index = 0; wrong == NULL && index < sections; index++) {
        wrong = place(image, row_at(bytes, index));
    }
    if (wrong == NULL) {
        wrong = names_check(image->names, image->rules);
    }
    for (uint32_t index = 0; wrong == NULL && index < sections; index++) {
        wrong = read_table(image, row_at(bytes, index));
    }
    return wrong != NULL ? wrong : programs_check(image);
}
