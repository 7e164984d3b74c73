/* Make every view of arbitrary bytes, and see that none is much longer than they are.
 *
 * Input: one byte for the limits of a page, then what is normalised. It is copied to
 * memory of its own, so that a byte too far is seen. The tables are those of the
 * package, written to a header by seeds.py. */
#include <stdlib.h>

#include "address.h"
#include "marks.h"
#include "page.h"
#include "plain.h"
#include "script.h"
#include "view_tables.h"

enum { KEY = 12345, SLACK = 64 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct tables *tables(void) {
    static struct tables loaded;
    static bool done = false;
    struct span records = {entity_records, sizeof entity_records};
    struct span order = {encoder_order, sizeof encoder_order};
    struct span plain = {encoder_alphabets, sizeof encoder_alphabets};
    if (!done && !(entities_load(&loaded.entities, records) &&
                   alphabets_load(&loaded.alphabets, order, plain))) {
        abort();
    }
    done = true;
    return &loaded;
}

/* See that a view is at most `times` as long as what it was made of; forget it. */
static void done(struct buffer *view, struct span of, size_t times) {
    if (view->failed || view->length > times * of.length + SLACK) {
        abort();
    }
    buffer_free(view);
}

static void make_page(struct span text, unsigned choice) {
    static const size_t blocks[] = {64, 100, 1 << 17, 1 << 17};
    struct page_limits limits = {blocks[choice % 4], choice & 4 ? 20 : 1 << 23};
    struct page page;
    if (!page_read(&page, text, tables(), &limits)) {
        abort();
    }
    for (size_t index = 0; index < strings_count(&page.scripts); index++) {
        struct buffer out = {NULL, 0, 0, false};
        struct span script = strings_at(&page.scripts, index);
        if (!script_normalise(script, KEY, &out)) {
            abort();
        }
        done(&out, script, 12);
    }
    done(&page.written, text, 4);
    done(&page.spoken, text, 3);
    page_free(&page);
}

static void make_others(struct span text) {
    struct buffer out = {NULL, 0, 0, false};
    struct encoded found;
    if (!script_normalise(text, KEY, &out)) {
        abort();
    }
    done(&out, text, 12);
    entities_decode(&tables()->entities, text, &out);
    done(&out, text, 2);
    address_percent(text, &out);
    done(&out, text, 1);
    address_base64(text, &out);
    done(&out, text, 1);
    if (encoded_find(text, &found)) {
        encoded_decode(&tables()->alphabets, found.script, &out);
        done(&out, text, 1);
    }
    if (buffer_reserve(&out, text.length) && text.length > 0) {
        out.length = plain_normalise(text, out.bytes);
    }
    done(&out, text, 1);
    (void)marks_of_page(text, SEEN_NOTHING);
    (void)marks_of_page(text, SEEN_LINK);
    (void)marks_of_address(text, 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    if (size == 0) {
        return 0;
    }
    uint8_t *copy = malloc(size);
    if (copy == NULL) {
        abort();
    }
    memcpy(copy, data, size);
    struct span text = {copy + 1, size - 1};
    make_page(text, copy[0]);
    make_others(text);
    free(copy);
    return 0;
}
