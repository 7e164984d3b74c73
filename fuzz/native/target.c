/* Check and match arbitrary bytes: an image, a part and facts in one input.
 *
 * Input: length of the image 4, length of the part 4, then image, part, facts; lengths
 * are cut to what there is. Without facts that are some, those of no part are taken.
 * Each signature looks at the part at once and in windows. The digest is not compared,
 * so that every change reaches the checks behind it. Each of the three is copied to
 * memory of its own, so that a byte too far is seen. */
#include <stdio.h>
#include <stdlib.h>

#include "hashes.h"
#include "image.h"
#include "prefilter.h"
#include "watching.h"
#include "workspace.h"

enum { STEPS = 20000, MOST_TRIED = 64, MOST_WORKSPACE = 1 << 26 };

struct input {
    const uint8_t *bytes;
    size_t length;
};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The next `length` bytes in memory of their own, or what is left. */
static struct input cut(struct input *rest, size_t length) {
    length = length < rest->length ? length : rest->length;
    uint8_t *copy = malloc(length + (length == 0));
    if (copy == NULL) {
        abort();
    }
    memcpy(copy, rest->bytes, length);
    rest->bytes += length;
    rest->length -= length;
    return (struct input){copy, length};
}

static void look_up(const struct image *image, struct input part) {
    for (unsigned index = 0; index < image->hash_sets; index++) {
        const struct hash_set *set = &image->hashes[index];
        struct hash_range found;
        static uint8_t sizes[LISTED_SIZES / 8];
        (void)hashes_sizes(set, sizes);
        if (part.length < set->digest_size || !hashes_find(set, part.bytes, &found)) {
            continue;
        }
        for (uint64_t entry = found.first; entry < found.end; entry++) {
            (void)hashes_fits(set, entry, part.length);
        }
    }
}

static void match(const struct image *image, struct input part, struct input facts) {
    static const uint8_t none[32] = {[28] = 1};
    struct part whole = {.data = part.bytes, .length = part.length};
    if (!facts_read(&whole.facts, facts.bytes, facts.length)) {
        facts_read(&whole.facts, none, sizeof none);
    }
    size_t size = workspace_size(image);
    if (size == 0 || size > MOST_WORKSPACE) {
        return;
    }
    void *memory = malloc(size);
    uint64_t *marks = calloc((size_t)(image->signatures / 64 + 1), sizeof *marks);
    if (memory == NULL || marks == NULL) {
        abort();
    }
    struct workspace workspace;
    workspace_place(&workspace, image, memory);
    for (unsigned partition = 0; partition < PARTITIONS; partition++) {
        prefilter_scan(&image->prefilters[partition], part.bytes, part.length, marks);
    }
    for (uint32_t index = 0; index < image->signatures && index < MOST_TRIED; index++) {
        enum state state = verify(image, &workspace, index, &whole, STEPS);
        if (watch_size(image, index) < MOST_WORKSPACE) {
            watch_in_windows(image, &workspace, index, &whole, STEPS, state);
        }
    }
    free(memory);
    free(marks);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    if (size < 8) {
        return 0;
    }
    struct input rest = {data + 8, size - 8};
    struct input bytes = cut(&rest, load32(data));
    struct input part = cut(&rest, load32(data + 4));
    struct input facts = cut(&rest, rest.length);
    static struct image image;
    if (image_check(&image, bytes.bytes, bytes.length) == NULL) {
        look_up(&image, part);
        match(&image, part, facts);
    }
    free((void *)(uintptr_t)bytes.bytes);
    free((void *)(uintptr_t)part.bytes);
    free((void *)(uintptr_t)facts.bytes);
    return 0;
}
