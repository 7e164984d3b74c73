#ifndef CLEARWARD_EMULATOR_MEMORY_H
#define CLEARWARD_EMULATOR_MEMORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The memory of an emulated program: pages that exist once they are touched.
 *
 * Ranges say what may be touched and what of a file lies there; a page is made, and
 * filled from the file, when it is first read or written. So nothing is allocated by a
 * declared size. Nothing the program does reaches memory outside of its pages. */

enum {
    PAGE_SIZE = 4096,
    PAGE_WORDS = PAGE_SIZE / 64,
    MOST_RANGES = 512,
    TABLE_SIZE = 1 << 16, /* places for pages; at most half of them are used */
    CACHED = 64,
};

struct page {
    uint64_t number;                 /* address / PAGE_SIZE */
    uint32_t range;                  /* the first range that it lies in */
    bool touched;                    /* a bit of `written` is set */
    bool changed;                    /* was ever written to */
    uint64_t written[PAGE_WORDS];    /* a bit for each byte, until `memory_settle` */
    uint8_t bytes[PAGE_SIZE];
};

/* Addresses from `start` up to `end`, whole pages; the first `length` bytes are those
 * of the file from `offset` on, the others zeros. Where ranges overlap in a page, a
 * later one is filled in above an earlier one. */
struct range {
    uint64_t start, end;
    size_t offset, length;
};

struct memory {
    const uint8_t *file;
    size_t file_size;
    struct range ranges[MOST_RANGES];
    unsigned range_count;
    struct page **table; /* open addressing by page number */
    unsigned page_count, most_pages;
    bool full;           /* a page was refused because there are too many */
    struct page *cache[CACHED];
};

/* Make an empty memory over a file, which the caller keeps; false without memory. */
bool memory_start(struct memory *memory, const uint8_t *file, size_t size,
                  unsigned most_pages);

void memory_free(struct memory *memory);

/* Add a range; false if it is none, or there are too many. `start` is a multiple of
 * PAGE_SIZE, and `size` is taken up to one. */
bool memory_map(struct memory *memory, uint64_t start, uint64_t size, size_t offset,
                size_t length);

/* The page of an address, made if it is not there yet; NULL if nothing is mapped there
 * or there are too many pages. */
struct page *memory_find(struct memory *memory, uint64_t number);

static inline struct page *memory_page(struct memory *memory, uint64_t address) {
    uint64_t number = address / PAGE_SIZE;
    struct page *page = memory->cache[number % CACHED];
    if (page != NULL && page->number == number) return page;
    return memory_find(memory, number);
}

/* Read or write bytes, little-endian numbers among them; false if any of them is not
 * there: then nothing was read or written. */
bool memory_read(struct memory *memory, uint64_t address, void *to, size_t size);
bool memory_write(struct memory *memory, uint64_t address, const void *from, size_t size);

/* Say whether the byte at an address was written since the last `memory_settle`. */
bool memory_written(struct memory *memory, uint64_t address);

/* Copy bytes as they are, zeros where nothing is, without making pages. */
void memory_copy(const struct memory *memory, uint64_t address, uint8_t *to, size_t size);

/* Forget what was written: it is code like any other from now on. */
void memory_settle(struct memory *memory);

#endif
