#include "buffer.h"

#include <stdlib.h>

enum { SMALLEST = 64 };

bool buffer_reserve(struct buffer *buffer, size_t more) {
    if (buffer->failed || more > SIZE_MAX / 2 - buffer->length) {
        buffer->failed = true;
        return false;
    }
    size_t needed = buffer->length + more;
    if (needed <= buffer->room) {
        return true;
    }
    size_t room = buffer->room + buffer->room / 2;
    room = room < needed ? needed : room;
    room = room < SMALLEST ? SMALLEST : room;
    uint8_t *bytes = realloc(buffer->bytes, room);
    if (bytes == NULL) {
        buffer->failed = true;
        return false;
    }
    buffer->bytes = bytes;
    buffer->room = room;
    return true;
}

void buffer_append(struct buffer *buffer, const uint8_t *bytes, size_t length) {
    if (length > 0 && buffer_reserve(buffer, length)) {
        memcpy(buffer->bytes + buffer->length, bytes, length);
        buffer->length += length;
    }
}

void buffer_free(struct buffer *buffer) {
    free(buffer->bytes);
    *buffer = (struct buffer){NULL, 0, 0, false};
}

void buffer_lower(struct buffer *buffer, size_t start) {
    uint8_t *bytes = buffer->bytes;
    size_t length = buffer->length;
    for (size_t at = start; at < length; at++) {
        uint8_t byte = bytes[at];
        uint8_t letter = (uint8_t)(byte - 'A');
        bytes[at] = (uint8_t)(byte + (letter < 26 ? 0x20 : 0));
    }
}

void strings_end(struct strings *strings) {
    size_t end = strings->bytes.length;
    buffer_append(&strings->ends, (const uint8_t *)&end, sizeof end);
}

void strings_append(struct strings *strings, const uint8_t *bytes, size_t length) {
    buffer_append(&strings->bytes, bytes, length);
    strings_end(strings);
}

size_t strings_count(const struct strings *strings) {
    return strings->ends.length / sizeof(size_t);
}

static size_t end_of(const struct strings *strings, size_t index) {
    size_t end;
    memcpy(&end, strings->ends.bytes + index * sizeof end, sizeof end);
    return end;
}

struct span strings_at(const struct strings *strings, size_t index) {
    size_t start = index == 0 ? 0 : end_of(strings, index - 1);
    size_t end = end_of(strings, index);
    if (start == end) {
        return (struct span){(const uint8_t *)"", 0};
    }
    return (struct span){strings->bytes.bytes + start, end - start};
}

void strings_free(struct strings *strings) {
    buffer_free(&strings->bytes);
    buffer_free(&strings->ends);
}
