#include "program.h"

#include "layout.h"
#include "payload.h"

/* A program is checked from its first byte to its last, as programs.py and what it
 * reads with do; what is refused there is refused here. */

/* Values of a condition, which have all been taken. */
static bool right_values(const struct image *image, uint8_t kind, const uint8_t *values,
                         uint8_t count) {
    enum { MOST_INTERMEDIATES = 16, MOST_ICONS = 2 };
    switch (kind) {
    case CONDITION_FILE_SIZE:
    case CONDITION_ENTRY_POINT:
    case CONDITION_SECTIONS:
        return count == 2;
    case CONDITION_CONTAINER:
        return count == 1 && load64(values) <= image->types;
    case CONDITION_INTERMEDIATES:
        for (unsigned index = 0; index < count; index++) {
            if (load64(values + (size_t)index * VALUE_SIZE) > image->types) {
                return false;
            }
        }
        return count >= 1 && count <= MOST_INTERMEDIATES;
    case CONDITION_ICONS:
        for (unsigned index = 0; index < count; index++) {
            const uint8_t *value = values + (size_t)index * VALUE_SIZE;
            if ((uint64_t)load32(value) + load32(value + 4) > image->texts.length) {
                return false;
            }
        }
        return count >= 1 && count <= MOST_ICONS;
    default:
        return false;
    }
}

/* `deferred` is set if a condition is decided outside of native code. */
static const char *check_conditions(const struct image *image, struct rest *rest,
                                    bool *deferred) {
    for (;;) {
        const uint8_t *kind = take(rest, 1);
        if (kind != NULL && *kind == CONDITION_END) {
            return NULL;
        }
        const uint8_t *count = take(rest, 1);
        const uint8_t *values =
            count == NULL ? NULL : take(rest, (uint64_t)*count * VALUE_SIZE);
        if (values == NULL || !right_values(image, *kind, values, *count)) {
            return "the conditions of a signature are broken";
        }
        *deferred = *deferred || *kind == CONDITION_ICONS;
    }
}

/* The subs of a signature so far. */
struct subs {
    unsigned count;
    bool deferred; /* something is decided outside of native code */
    uint8_t kinds[MOST_SUBS];
    const uint8_t *payloads[MOST_SUBS];
};

static const char *check_sub(struct rest *rest, struct subs *subs, struct image *image) {
    const uint8_t *head = take(rest, SUB_HEAD);
    const uint8_t *payload = head == NULL ? NULL : take(rest, load32(head + 4));
    if (payload == NULL || head[1] != 0) {
        return "a sub-signature is cut short";
    }
    struct rest inside = {payload, load32(head + 4)};
    unsigned index = subs->count++;
    subs->kinds[index] = head[0];
    subs->payloads[index] = payload;
    switch (head[0]) {
    case SUB_BODY:
        return check_body(inside, &image->needs);
    case SUB_COMPARE:
        return check_compare(inside);
    case SUB_MACRO:
        return check_macro(inside, index == 0 ? 0 : subs->kinds[index - 1]);
    case SUB_REGEX:
        subs->deferred = true;
        return check_regex(inside, index, image->texts.length);
    case SUB_IMAGE:
        subs->deferred = true;
        return inside.left == IMAGE_SIZE ? NULL : "the hash of a picture is broken";
    default:
        return "a sub-signature is of an unknown kind";
    }
}

/* Byte compares refer to what has a place, and to regular expressions before them. */
static const char *check_references(const struct subs *subs) {
    for (unsigned index = 0; index < subs->count; index++) {
        if (subs->kinds[index] != SUB_COMPARE) {
            continue;
        }
        unsigned there = subs->payloads[index][0];
        uint8_t kind = there < subs->count ? subs->kinds[there] : 0;
        if (kind != SUB_BODY && kind != SUB_MACRO && (kind != SUB_REGEX || there > index)) {
            return "a byte compare refers to what has no place";
        }
    }
    return NULL;
}

static const char *check_program(struct image *image, struct rest rest,
                                 const uint8_t *record) {
    struct subs subs = {.count = 0};
    unsigned count = record[21];
    const char *wrong = check_conditions(image, &rest, &subs.deferred);
    while (wrong == NULL && subs.count < count) {
        wrong = check_sub(&rest, &subs, image);
    }
    wrong = wrong != NULL ? wrong : check_references(&subs);
    wrong = wrong != NULL ? wrong : check_expression(&rest, count);
    if (wrong == NULL && rest.left > 0) {
        return "something follows a program";
    }
    if (wrong == NULL && subs.deferred && (load32(record + 4) & FLAG_DEFERRED) == 0) {
        return "a signature has to be deferred";
    }
    return wrong;
}

static bool right_record(const struct image *image, const uint8_t *record) {
    return load32(record) < image->rules &&
           load32(record + 4) <= (FLAG_DEFERRED | FLAG_UNWANTED) &&
           record[20] < PARTITIONS && record[21] >= 1 && record[21] <= MOST_SUBS &&
           load16(record + 22) <= image->types && zeros(record + 24, 8);
}

const char *programs_check(struct image *image) {
    uint64_t end = 0;
    if (image->signatures > UINT32_MAX ||
        image->signatures * SIGNATURE_SIZE != image->records.length) {
        return "it has not as many signatures as it says";
    }
    for (uint64_t index = 0; index < image->signatures; index++) {
        const uint8_t *record = image_record(image, index);
        uint64_t offset = load64(record + 8);
        uint64_t length = load32(record + 16);
        if (!right_record(image, record)) {
            return "the record of a signature is wrong";
        }
        if (offset < end || offset > image->programs.length ||
            length > image->programs.length - offset) {
            return "a program is not where it may be";
        }
        end = offset + length;
        struct rest rest = {image->programs.bytes + offset, length};
        const char *wrong = check_program(image, rest, record);
        if (wrong != NULL) {
            return wrong;
        }
    }
    return NULL;
}
