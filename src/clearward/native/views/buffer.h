/* Bytes that grow, and spans of bytes that stay where they are.
 *
 * A buffer that could not grow keeps what it has, takes nothing more and says so in
 * `failed`: who fills it looks once, at the end. */
#ifndef CLEARWARD_VIEWS_BUFFER_H
#define CLEARWARD_VIEWS_BUFFER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct span {
    const uint8_t *bytes;
    size_t length;
};

struct buffer {
    uint8_t *bytes;
    size_t length;
    size_t room;
    bool failed;
};

/* Byte strings one behind the other; `ends` holds a size_t for each. */
struct strings {
    struct buffer bytes;
    struct buffer ends;
};

/* Make room for `more` bytes behind the last; false if there is no memory. */
bool buffer_reserve(struct buffer *buffer, size_t more);
void buffer_append(struct buffer *buffer, const uint8_t *bytes, size_t length);
/* Give the memory back and leave an empty buffer. */
void buffer_free(struct buffer *buffer);
/* Turn A to Z into a to z, from byte `start` on. */
void buffer_lower(struct buffer *buffer, size_t start);

void strings_append(struct strings *strings, const uint8_t *bytes, size_t length);
/* End the string that what was appended to `bytes` since the last one makes. */
void strings_end(struct strings *strings);
size_t strings_count(const struct strings *strings);
struct span strings_at(const struct strings *strings, size_t index);
void strings_free(struct strings *strings);

static inline void buffer_put(struct buffer *buffer, uint8_t byte) {
    if (buffer->length < buffer->room || buffer_reserve(buffer, 1)) {
        buffer->bytes[buffer->length++] = byte;
    }
}

/* What is in a buffer, until it grows. */
static inline struct span buffer_span(const struct buffer *buffer) {
    const uint8_t *none = (const uint8_t *)"";
    return (struct span){buffer->length > 0 ? buffer->bytes : none, buffer->length};
}

/* The part of a span from `start` to `end`, which lie in it. */
static inline struct span span_cut(struct span span, size_t start, size_t end) {
    return (struct span){span.bytes + start, end - start};
}

/* Where `byte` is first, from `start` up to `end`; `end` if it is not. */
static inline size_t span_find(struct span span, uint8_t byte, size_t start, size_t end) {
    const uint8_t *found =
        start < end ? memchr(span.bytes + start, byte, end - start) : NULL;
    return found == NULL ? end : (size_t)(found - span.bytes);
}

/* Whether the bytes at `start` are those of a text; no case is folded. */
static inline bool span_says(struct span span, size_t start, const char *text,
                             size_t length) {
    return start <= span.length && length <= span.length - start &&
           (length == 0 || memcmp(span.bytes + start, text, length) == 0);
}

#define SAYS(span, start, text) span_says(span, start, text, sizeof(text) - 1)

#endif
