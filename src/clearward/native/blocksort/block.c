/* Read one block: its codes, its symbols, and its bytes in their order. */
#include "block.h"

#include <stdlib.h>
#include <string.h>

#include "words.h"

enum { MOST_CODES = 6, GROUP = 50, GROUPS = 1 << 15, DIGITS = 2 };

/* What stands in front of the symbols. */
struct codes {
    uint8_t recent[256]; /* the block's bytes by last use, at first in their order */
    unsigned used;       /* of them */
    unsigned groups;
    uint8_t chosen[GROUPS]; /* which code each group uses */
    struct words words[MOST_CODES];
};

static void read_used(struct bits *bits, struct codes *codes) {
    uint32_t rows = bits_take(bits, 16);
    codes->used = 0;
    for (unsigned row = 0; row < 16; row++) {
        uint32_t columns = rows >> (15 - row) & 1 ? bits_take(bits, 16) : 0;
        for (unsigned at = 0; at < 16; at++)
            if (columns >> (15 - at) & 1)
                codes->recent[codes->used++] = (uint8_t)(row * 16 + at);
    }
    if (codes->used == 0) bits_bad(bits, "bytes in use");
}

static void read_choice(struct bits *bits, struct codes *codes, unsigned count) {
    uint8_t recent[MOST_CODES] = {0, 1, 2, 3, 4, 5};
    codes->groups = bits_take(bits, 15);
    for (unsigned group = 0; group < codes->groups && bits->fault == NULL; group++) {
        unsigned place = 0;
        while (bits_take(bits, 1))
            if (++place >= count) {
                bits_bad(bits, "code of a group");
                return;
            }
        uint8_t number = recent[place];
        memmove(recent + 1, recent, place);
        recent[0] = number;
        codes->chosen[group] = number;
    }
}

static void read_code(struct bits *bits, struct words *words, unsigned symbols) {
    uint8_t lengths[SYMBOLS];
    unsigned length = bits_take(bits, 5);
    for (unsigned symbol = 0; symbol < symbols; symbol++) {
        while (bits_take(bits, 1)) {
            length = bits_take(bits, 1) ? length - 1 : length + 1;
            if (bits->fault == NULL && (length == 0 || length > LONGEST))
                bits_bad(bits, "length of a word");
            if (bits->fault != NULL) return;
        }
        if (bits->fault != NULL) return;
        lengths[symbol] = (uint8_t)length;
    }
    if (!words_make(words, lengths, symbols)) bits_bad(bits, "code");
}

static void read_codes(struct bits *bits, struct codes *codes) {
    read_used(bits, codes);
    unsigned count = bits->fault == NULL ? bits_take(bits, 3) : 0;
    if (bits->fault == NULL && (count == 0 || count > MOST_CODES))
        bits_bad(bits, "number of codes");
    if (bits->fault == NULL) read_choice(bits, codes, count);
    for (unsigned number = 0; number < count && bits->fault == NULL; number++)
        read_code(bits, &codes->words[number], codes->used + 2);
}

/* The sorted block, while it is read. */
struct sorted {
    uint8_t *data; /* room for `LARGEST` and one more */
    uint32_t size;
    uint32_t run, digit;
};

/* Take a symbol; return whether the block goes on. */
static bool take_symbol(struct sorted *sorted, unsigned symbol, struct codes *codes,
                        struct bits *bits) {
    if (symbol < DIGITS) {
        sorted->run += sorted->digit << symbol;
        sorted->digit <<= 1;
        if (sorted->run > LARGEST) bits_bad(bits, "run");
        return bits->fault == NULL;
    }
    if (sorted->size > LARGEST || sorted->run > LARGEST - sorted->size) {
        bits_bad(bits, "size of a block");
        return false;
    }
    memset(sorted->data + sorted->size, codes->recent[0], sorted->run);
    sorted->size += sorted->run;
    sorted->run = 0;
    sorted->digit = 1;
    if (symbol == codes->used + 1) return false;
    uint8_t value = codes->recent[symbol - 1];
    memmove(codes->recent + 1, codes->recent, symbol - 1);
    codes->recent[0] = value;
    sorted->data[sorted->size++] = value;
    return true;
}

static void read_sorted(struct bits *bits, struct codes *codes, struct sorted *sorted) {
    for (unsigned group = 0; group < codes->groups; group++) {
        const struct words *words = &codes->words[codes->chosen[group]];
        for (unsigned each = 0; each < GROUP; each++) {
            unsigned symbol = words_symbol(words, bits);
            if (bits->fault != NULL || !take_symbol(sorted, symbol, codes, bits)) return;
        }
    }
    bits_bad(bits, "end of a block");
}

/* Put bytes into their order: each stands with the place of the next in one number. */
static struct block in_order(const struct sorted *sorted, uint32_t first) {
    struct block block = {NULL, sorted->size, false};
    uint32_t *following = malloc((size_t)sorted->size * sizeof *following);
    block.data = malloc(sorted->size);
    if (following == NULL || block.data == NULL) {
        free(following);
        free(block.data);
        return (struct block){NULL, 0, true};
    }
    uint32_t places[256] = {0};
    for (uint32_t place = 0; place < sorted->size; place++) places[sorted->data[place]]++;
    uint32_t before = 0;
    for (unsigned value = 0; value < 256; value++) {
        uint32_t count = places[value];
        places[value] = before;
        before += count;
    }
    for (uint32_t place = 0; place < sorted->size; place++) {
        uint8_t value = sorted->data[place];
        following[places[value]++] = place << 8 | value;
    }
    uint32_t place = first;
    for (uint32_t done = 0; done < sorted->size; done++) {
        uint32_t next = following[place];
        block.data[done] = (uint8_t)next;
        place = next >> 8;
    }
    free(following);
    return block;
}

struct block block_read(struct bits *bits) {
    struct block block = {NULL, 0, false};
    struct codes *codes = malloc(sizeof *codes);
    struct sorted sorted = {malloc(LARGEST + 1), 0, 0, 1};
    if (codes == NULL || sorted.data == NULL) {
        block.memory = true;
    } else {
        uint32_t first = bits_take(bits, 24);
        if (bits->fault == NULL) read_codes(bits, codes);
        if (bits->fault == NULL) read_sorted(bits, codes, &sorted);
        if (bits->fault == NULL && sorted.size && first >= sorted.size)
            bits_bad(bits, "first byte");
        if (bits->fault == NULL && sorted.size) block = in_order(&sorted, first);
    }
    free(codes);
    free(sorted.data);
    return block;
}

size_t block_spread(const uint8_t *block, size_t size, size_t *place, uint8_t *output,
                    size_t most) {
    size_t done = 0, at = *place;
    while (at < size && done < most) {
        uint8_t value = block[at];
        unsigned same = 0;
        while (same < 4 && at < size && block[at] == value) {
            output[done++] = value;
            at++;
            same++;
        }
        if (same == 4 && at < size) {
            uint8_t more = block[at++];
            memset(output + done, value, more);
            done += more;
        }
    }
    *place = at;
    return done;
}
