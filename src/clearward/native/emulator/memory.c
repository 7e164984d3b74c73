#include "memory.h"

#include <stdlib.h>
#include <string.h>

bool memory_start(struct memory *memory, const uint8_t *file, size_t size,
                  unsigned most_pages) {
    memset(memory, 0, sizeof *memory);
    memory->file = file;
    memory->file_size = size;
    memory->most_pages = most_pages < TABLE_SIZE / 2 ? most_pages : TABLE_SIZE / 2;
    memory->table = calloc(TABLE_SIZE, sizeof *memory->table);
    return memory->table != NULL;
}

void memory_free(struct memory *memory) {
    for (size_t place = 0; memory->table != NULL && place < TABLE_SIZE; place++) {
        free(memory->table[place]);
    }
    free(memory->table);
    memory->table = NULL;
}

/* Write what of a range's file bytes lies in a page. */
static void fill(const struct memory *memory, const struct range *range,
                 uint64_t number, uint8_t *bytes) {
    uint64_t first = number * PAGE_SIZE - range->start;
    if (first >= range->length) return;
    size_t offset = range->offset + (size_t)first;
    size_t size = range->length - (size_t)first;
    if (size > PAGE_SIZE) size = PAGE_SIZE;
    if (offset >= memory->file_size) return;
    if (size > memory->file_size - offset) size = memory->file_size - offset;
    memcpy(bytes, memory->file + offset, size);
}

static bool holds(const struct range *range, uint64_t address) {
    return address >= range->start && address < range->end;
}

bool memory_map(struct memory *memory, uint64_t start, uint64_t size, size_t offset,
                size_t length) {
    if (memory->range_count == MOST_RANGES || size == 0 || start % PAGE_SIZE != 0 ||
        size > UINT64_MAX - PAGE_SIZE || start > UINT64_MAX - PAGE_SIZE - size) {
        return false;
    }
    uint64_t end = start + (size + PAGE_SIZE - 1) / PAGE_SIZE * PAGE_SIZE;
    if (length > end - start) length = (size_t)(end - start);
    memory->ranges[memory->range_count++] = (struct range){start, end, offset, length};
    return true;
}

static size_t place_of(uint64_t number) {
    return (size_t)((number * UINT64_C(0x9E3779B97F4A7C15)) >> 48) % TABLE_SIZE;
}

static struct page *made(struct memory *memory, uint64_t number) {
    struct page *page = NULL;
    for (unsigned index = 0; index < memory->range_count; index++) {
        const struct range *range = &memory->ranges[index];
        if (!holds(range, number * PAGE_SIZE)) continue;
        if (page == NULL) {
            if (memory->page_count >= memory->most_pages) {
                memory->full = true;
                return NULL;
            }
            page = calloc(1, sizeof *page);
            if (page == NULL) {
                memory->full = true;
                return NULL;
            }
            page->number = number;
            page->range = index;
        }
        fill(memory, range, number, page->bytes);
    }
    return page;
}

/* Where the page is in the table, or would be. */
static size_t place_in(const struct memory *memory, uint64_t number) {
    size_t place = place_of(number);
    while (memory->table[place] != NULL && memory->table[place]->number != number) {
        place = (place + 1) % TABLE_SIZE;
    }
    return place;
}

struct page *memory_find(struct memory *memory, uint64_t number) {
    size_t place = place_in(memory, number);
    struct page *page = memory->table[place];
    if (page == NULL) {
        page = made(memory, number);
        if (page == NULL) return NULL;
        memory->table[place] = page;
        memory->page_count++;
    }
    memory->cache[number % CACHED] = page;
    return page;
}

bool memory_read(struct memory *memory, uint64_t address, void *to, size_t size) {
    uint8_t *target = to;
    while (size > 0) {
        struct page *page = memory_page(memory, address);
        if (page == NULL) return false;
        size_t within = (size_t)(address % PAGE_SIZE);
        size_t piece = size < PAGE_SIZE - within ? size : PAGE_SIZE - within;
        memcpy(target, page->bytes + within, piece);
        target += piece;
        address += piece;
        size -= piece;
    }
    return true;
}

static void note_written(struct page *page, size_t first, size_t size) {
    page->touched = true;
    page->changed = true;
    while (size > 0) {
        size_t bit = first % 64;
        size_t bits = size < 64 - bit ? size : 64 - bit;
        uint64_t ones = bits == 64 ? UINT64_MAX : (UINT64_C(1) << bits) - 1;
        page->written[first / 64] |= ones << bit;
        first += bits;
        size -= bits;
    }
}

bool memory_write(struct memory *memory, uint64_t address, const void *from,
                  size_t size) {
    const uint8_t *source = from;
    size_t within = (size_t)(address % PAGE_SIZE);
    if (size > PAGE_SIZE - within) { /* all of it or nothing */
        uint64_t last = (address + size - 1) / PAGE_SIZE;
        for (uint64_t number = address / PAGE_SIZE; number <= last; number++) {
            if (memory_page(memory, number * PAGE_SIZE) == NULL) return false;
        }
    }
    while (size > 0) {
        struct page *page = memory_page(memory, address);
        if (page == NULL) return false;
        within = (size_t)(address % PAGE_SIZE);
        size_t piece = size < PAGE_SIZE - within ? size : PAGE_SIZE - within;
        memcpy(page->bytes + within, source, piece);
        note_written(page, within, piece);
        source += piece;
        address += piece;
        size -= piece;
    }
    return true;
}

bool memory_written(struct memory *memory, uint64_t address) {
    struct page *page = memory_page(memory, address);
    if (page == NULL || !page->touched) return false;
    size_t within = (size_t)(address % PAGE_SIZE);
    return (page->written[within / 64] >> within % 64 & 1) != 0;
}

void memory_copy(const struct memory *memory, uint64_t address, uint8_t *to,
                 size_t size) {
    uint8_t whole[PAGE_SIZE];
    while (size > 0) {
        uint64_t number = address / PAGE_SIZE;
        size_t within = (size_t)(address % PAGE_SIZE);
        size_t piece = size < PAGE_SIZE - within ? size : PAGE_SIZE - within;
        const struct page *page = memory->table[place_in(memory, number)];
        if (page != NULL) {
            memcpy(to, page->bytes + within, piece);
        } else {
            memset(whole, 0, sizeof whole);
            for (unsigned index = 0; index < memory->range_count; index++) {
                const struct range *range = &memory->ranges[index];
                if (holds(range, number * PAGE_SIZE)) fill(memory, range, number, whole);
            }
            memcpy(to, whole + within, piece);
        }
        to += piece;
        address += piece;
        size -= piece;
    }
}

void memory_settle(struct memory *memory) {
    for (size_t place = 0; place < TABLE_SIZE; place++) {
        struct page *page = memory->table[place];
        if (page != NULL && page->touched) {
            memset(page->written, 0, sizeof page->written);
            page->touched = false;
        }
    }
}
