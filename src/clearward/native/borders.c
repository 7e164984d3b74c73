#include "borders.h"

static bool alphanumeric(uint8_t byte) {
    return (byte >= '0' && byte <= '9') || (byte >= 'A' && byte <= 'Z') ||
           (byte >= 'a' && byte <= 'z');
}

/* `strchr` would find the zero at the end of a set. */
static bool among(const char *set, uint8_t byte) {
    return byte != 0 && strchr(set, byte) != NULL;
}

static bool before_word(uint8_t byte) { return among(" -./<@_", byte); }

static bool behind_word(uint8_t byte) { return among("\n\r \"'-/=>_", byte); }

bool border_within(enum border kind, uint8_t byte) {
    switch (kind) {
    case BORDER_WORD:
        return before_word(byte) || behind_word(byte);
    case BORDER_LINE:
        return byte == '\n';
    default:
        return !alphanumeric(byte);
    }
}

bool border_before(enum border kind, const struct view *view, uint64_t place,
                   bool negated) {
    if (place == 0) {
        return !negated;
    }
    uint8_t last = *view_at(view, place - 1);
    if (kind == BORDER_WIDE) {
        bool word = last == 0 && place > 1 && alphanumeric(*view_at(view, place - 2));
        return word == negated;
    }
    if (kind == BORDER_WORD && !negated) {
        return before_word(last);
    }
    return border_within(kind, last) != negated;
}

static bool stands_behind(enum border kind, const struct view *view, uint64_t place) {
    if (place == view->length) {
        return true;
    }
    const uint8_t *data = view_at(view, place);
    uint8_t next = data[0];
    bool is_last = place + 1 == view->length;
    switch (kind) {
    case BORDER_WORD:
        return behind_word(next);
    case BORDER_LINE:
        return next == '\n' || (next == '\r' && !is_last && data[1] == '\n');
    case BORDER_WIDE:
        return !(alphanumeric(next) && (is_last || data[1] == 0));
    default:
        return !alphanumeric(next);
    }
}

bool border_behind(enum border kind, const struct view *view, uint64_t place,
                   bool negated) {
    return stands_behind(kind, view, place) != negated;
}
