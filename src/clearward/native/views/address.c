#include "address.h"

#include "classes.h"

void address_percent(struct span text, struct buffer *out) {
    size_t at = 0;
    while (at < text.length) {
        size_t sign = span_find(text, '%', at, text.length);
        buffer_append(out, text.bytes + at, sign - at);
        if (sign == text.length) {
            return;
        }
        int byte = hex_number(text, sign + 1, 2);
        buffer_put(out, byte < 0 ? '%' : (uint8_t)byte);
        at = sign + (byte < 0 ? 1 : 3);
    }
}

void address_base64(struct span text, struct buffer *out) {
    uint32_t bits = 0; /* of which `count` are not written yet */
    unsigned count = 0;
    for (size_t at = 0; at < text.length; at++) {
        unsigned value = base64_value(text.bytes[at]);
        if (value > 63) {
            continue;
        }
        bits = (bits << 6 | value) & 0xFFFF;
        count += 6;
        if (count >= 8) {
            count -= 8;
            buffer_put(out, (uint8_t)(bits >> count));
        }
    }
}
