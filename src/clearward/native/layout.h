/* The numbers of layout.py that programs are made of, and the shapes of their records.
 */
#ifndef CLEARWARD_LAYOUT_H
#define CLEARWARD_LAYOUT_H

#include "bytes.h"

#define UNBOUNDED UINT32_MAX
#define NOWHERE UINT64_MAX
#define MOST_OFFSET ((int64_t)1 << 61) /* of a place, so that sums stay in range */

enum { FLAG_DEFERRED = 1, FLAG_UNWANTED = 2 };

enum condition {
    CONDITION_END,
    CONDITION_FILE_SIZE,
    CONDITION_ENTRY_POINT,
    CONDITION_SECTIONS,
    CONDITION_CONTAINER,
    CONDITION_INTERMEDIATES,
    CONDITION_ICONS,
};

enum sub_kind { SUB_BODY = 1, SUB_REGEX, SUB_COMPARE, SUB_MACRO, SUB_IMAGE };

enum where {
    WHERE_ANYWHERE,
    WHERE_START,
    WHERE_END,
    WHERE_ENTRY,
    WHERE_SECTION,
    WHERE_IN_SECTION,
    WHERE_LAST_SECTION,
    WHERE_VERSION,
    WHERE_GROUP,
};

enum element {
    ELEMENT_BYTES = 1,
    ELEMENT_MASKED,
    ELEMENT_ANY,
    ELEMENT_CHOICE,
    ELEMENT_BORDER,
    ELEMENT_NEAR,
};

enum border { BORDER_WORD = 1, BORDER_LINE, BORDER_NOT_ALPHANUMERIC, BORDER_WIDE };

enum operation { OPERATION_SUB = 1, OPERATION_COUNT, OPERATION_AND, OPERATION_OR,
                 OPERATION_GROUP };

enum state { STATE_NO, STATE_MATCHES, STATE_DEFERRED, STATE_OUT_OF_STEPS, STATE_SCATTERED };

enum {
    CONDITION_HEAD = 2,
    VALUE_SIZE = 8,
    SUB_HEAD = 8,
    PLACE_SIZE = 24,
    BODY_HEAD = PLACE_SIZE + 4,
    CHAIN_HEAD = 4,
    PIECE_SIZE = 32,
    COMPARE_SIZE = 24,
    COMPARISON_SIZE = 16,
    MACRO_SIZE = 12,
    REGEX_SIZE = PLACE_SIZE + 12,
    IMAGE_SIZE = 12,
    BORDER_SIZE = 3,
    NEAR_HEAD = 5, /* before its values */
    MOST_NEAR = 32,
    MOST_STACK = 256, /* operands that wait in an expression */
    MOST_GROUPS = 32,
    MOST_TEXT = 255, /* bytes of a number that is compared */
    MOST_SPREAD = 65535, /* between the least and the most bytes of a piece */
};

/* A PIECE and its program. */
struct piece_record {
    const uint8_t *program;
    uint32_t length; /* of the program */
    uint32_t least_gap;
    uint32_t most_gap;
    uint32_t least;
    uint32_t most;
    uint32_t key_distance;
    uint32_t key_offset;
    uint32_t key_length;
};

static inline struct piece_record piece_record_at(const uint8_t *at) {
    return (struct piece_record){.program = at + PIECE_SIZE,
                          .length = load32(at + 8),
                          .least_gap = load32(at),
                          .most_gap = load32(at + 4),
                          .least = load32(at + 12),
                          .most = load32(at + 16),
                          .key_distance = load32(at + 20),
                          .key_offset = load32(at + 24),
                          .key_length = load32(at + 28)};
}

/* What follows a piece that is `length` long: the padding is behind the program. */
static inline uint64_t piece_span(uint32_t length) {
    return PIECE_SIZE + (((uint64_t)length + 3) & ~(uint64_t)3);
}

#endif
