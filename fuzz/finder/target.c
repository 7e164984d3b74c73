/* Search arbitrary needles in arbitrary bytes, and compare with a search for each alone.
 *
 * Input: how many needles; each of them behind its length; then what is searched, which
 * is copied to memory of its own, so that a byte too far is seen. */
#include <stdlib.h>
#include <string.h>

#include "finder.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Takes one needle off the front of the input; false if there is none. */
static bool take(struct finder *finder, const uint8_t **data, size_t *size) {
    if (*size == 0 || *size - 1 < **data) {
        return false;
    }
    size_t length = **data;
    bool fits = finder_add(finder, *data + 1, length);
    *data += 1 + length;
    *size -= 1 + length;
    return fits;
}

/* The needles that stand at a place. */
static uint64_t at(const struct finder *finder, const uint8_t *text, size_t left) {
    uint64_t found = 0;
    for (unsigned index = 0; index < finder->count; index++) {
        const struct finder_needle *needle = &finder->needles[index];
        if (needle->length <= left && memcmp(needle->bytes, text, needle->length) == 0) {
            found |= (uint64_t)1 << index;
        }
    }
    return found;
}

static void compare(const struct finder *finder, const uint8_t *text, size_t size,
                    uint64_t wanted) {
    size_t place = 0;
    while (place < size) {
        uint64_t found;
        uint64_t plain;
        size_t next = finder_next(finder, text, size, place, wanted, &found);
        if (finder_next_plain(finder, text, size, place, wanted, &plain) != next ||
            plain != found || next < place || next > size) {
            abort();
        }
        for (; place < next; place++) {
            if ((at(finder, text + place, size - place) & wanted) != 0) {
                abort();
            }
        }
        if (next < size && (found == 0 ||
                            (at(finder, text + next, size - next) & wanted) != found)) {
            abort();
        }
        place = next + 1;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static struct finder finder;
    if (size == 0) {
        return 0;
    }
    size_t needles = data[0];
    data++;
    size--;
    finder_start(&finder);
    while (needles-- > 0 && take(&finder, &data, &size)) {
    }
    finder_finish(&finder);
    uint8_t *text = malloc(size > 0 ? size : 1);
    if (text == NULL) {
        abort();
    }
    memcpy(text, data, size);
    compare(&finder, text, size, UINT64_MAX);
    compare(&finder, text, size, 0x5555555555555555U);
    free(text);
    return 0;
}
