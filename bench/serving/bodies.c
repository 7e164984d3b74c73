/* Bodies that a load is made of: files, framed for INSTREAM, never the same twice.
 *
 * Each holds COUNTER once, which is replaced by a number. In a zip it stands in the first
 * member, which is stored, and whose CRC is set right. Both, and the directory of a zip,
 * may be in any chunk, but not across the border of one: bodies.py makes them so.
 *
 * Source: clamd(8), INSTREAM; APPNOTE.TXT 4.3 for zip.
 */
#define _POSIX_C_SOURCE 200809L

#include "bodies.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define COUNTER "@@COUNTER-HERE@@"
#define COUNTER_SIZE 16u
#define COMMAND "zINSTREAM"
#define COMMAND_SIZE 10u /* with its NUL */
#define CHUNK 65536u

static void die(const char *what)
{
    perror(what);
    exit(2);
}

static uint32_t get32(const uint8_t *from)
{
    return (uint32_t)from[0] | (uint32_t)from[1] << 8 | (uint32_t)from[2] << 16
        | (uint32_t)from[3] << 24;
}

static void put32_little(uint8_t *to, uint32_t value)
{
    for (int i = 0; i < 4; i++)
        to[i] = (uint8_t)(value >> (8 * i));
}

static void put32_big(uint8_t *to, uint32_t value)
{
    for (int i = 0; i < 4; i++)
        to[i] = (uint8_t)(value >> (24 - 8 * i));
}

/* Made before any thread is: see read_body. */
static uint32_t table[256];

static void make_table(void)
{
    for (uint32_t i = 0; i < 256; i++) {
        uint32_t one = i;
        for (int bit = 0; bit < 8; bit++)
            one = one >> 1 ^ (one & 1 ? 0xedb88320u : 0);
        table[i] = one;
    }
}

static uint32_t crc32(const uint8_t *data, size_t size)
{
    uint32_t sum = ~0u;
    for (size_t i = 0; i < size; i++)
        sum = sum >> 8 ^ table[(sum ^ data[i]) & 255];
    return ~sum;
}

static size_t find(const uint8_t *data, size_t size, const char *what, size_t length)
{
    for (size_t at = 0; length <= size && at <= size - length; at++)
        if (data[at] == (uint8_t)what[0] && !memcmp(data + at, what, length))
            return at;
    return size;
}

struct body read_body(const char *folder, const char *name)
{
    char path[4096];
    if (!table[1])
        make_table();
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen(path, "rb");
    struct stat status;
    if (!file || fstat(fileno(file), &status))
        die(path);
    struct body body = {.size = (size_t)status.st_size};
    body.data = malloc(body.size + 1);
    if (!body.data || fread(body.data, 1, body.size, file) != body.size)
        die(path);
    fclose(file);
    body.counter = find(body.data, body.size, COUNTER, COUNTER_SIZE);
    size_t length = strlen(name);
    body.found = length > 6 && !strcmp(name + length - 6, ".found");
    body.repeated = body.counter == body.size;
    if (!body.repeated
        && body.counter / CHUNK != (body.counter + COUNTER_SIZE) / CHUNK) {
        fprintf(stderr, "%s: its counter is cut by a chunk\n", path);
        exit(2);
    }
    return body;
}

/* The first member lies in the first chunk; what follows the directory, in its own. */
static void mend_zip(uint8_t *data, uint8_t *last, const struct body *body)
{
    size_t names = (size_t)body->data[26] | (size_t)body->data[27] << 8;
    uint32_t sum = crc32(data + 30 + names, get32(data + 18));
    put32_little(data + 14, sum);
    /* The end record, without a comment, says where the directory begins. */
    size_t directory = get32(body->data + body->size - 6);
    if (directory / CHUNK == body->size / CHUNK)
        put32_little(last + directory % CHUNK + 16, sum);
}

size_t frame_size(size_t size)
{
    return COMMAND_SIZE + size + 4 * (size / CHUNK + 2);
}

size_t make_frame(uint8_t *frame, const struct body *body, uint64_t count)
{
    memcpy(frame, COMMAND, COMMAND_SIZE);
    uint8_t *to = frame + COMMAND_SIZE, *first = to + 4, *last = first;
    for (size_t at = 0; at < body->size; at += CHUNK) {
        size_t left = body->size - at, size = left < CHUNK ? left : CHUNK;
        put32_big(to, (uint32_t)size);
        memcpy(to + 4, body->data + at, size);
        last = to + 4;
        if (!body->repeated && at / CHUNK == body->counter / CHUNK) {
            char digits[COUNTER_SIZE + 1];
            snprintf(digits, sizeof digits, "%016llx", (unsigned long long)count);
            memcpy(to + 4 + body->counter % CHUNK, digits, COUNTER_SIZE);
        }
        to += 4 + size;
    }
    if (!body->repeated && body->size > 30 && !memcmp(body->data, "PK\3\4", 4))
        mend_zip(first, last, body);
    put32_big(to, 0);
    return (size_t)(to + 4 - frame);
}
