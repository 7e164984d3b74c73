#include "plain.h"

#include "classes.h"

/* What each byte becomes; 0 if nothing. */
static void fill(uint8_t becomes[256]) {
    for (unsigned byte = 0; byte < 256; byte++) {
        bool dropped = byte < 0x20 || byte > 0x7F;
        uint8_t letter = to_lower((uint8_t)byte);
        becomes[byte] = is_white((uint8_t)byte) ? ' ' : dropped ? 0 : letter;
    }
}

/* Without branches: words are short, so any branch on white space would be guessed
 * wrong every few bytes. */
size_t plain_normalise(struct span text, uint8_t *out) {
    uint8_t becomes[256];
    fill(becomes);
    size_t length = 0;
    uint8_t before = 0;
    for (size_t at = 0; at < text.length; at++) {
        uint8_t byte = becomes[text.bytes[at]];
        out[length] = byte;
        length += (size_t)((byte != 0) & !((byte == ' ') & (before == ' ')));
        before = byte != 0 ? byte : before;
    }
    return length;
}
