/* Find all lists of numbers in arbitrary bytes and write what they stand for. The text is
 * copied to memory of its own, and so is what comes of it, so that a byte too far is
 * seen. */
#include <stdlib.h>
#include <string.h>

#include "lists.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    uint8_t *text = malloc(size + (size == 0));
    if (text == NULL) abort();
    memcpy(text, data, size);
    for (size_t place = 0; place < size;) {
        struct list list = lists_next(text, size, place);
        if (list.start < place || list.end > size || list.size > size) abort();
        if (list.start < size && list.end < list.start + 2 * FEWEST - 1) abort();
        uint8_t *content = malloc(list.size + (list.size == 0));
        if (content == NULL) abort();
        lists_write(text, &list, content);
        free(content);
        place = list.end;
    }
    free(text);
    return 0;
}
