/* Addresses in instructions of x86 are turned back into distances. */
#include "programs.h"

enum { REACH = 1023, TAIL = 16, LEAST = 17, FIELD = 4, CALL = 0xE8, JUMP = 0xE9 };

/* Bytes of an instruction before its distance, 0 if it is none. */
static int32_t front(const uint8_t *data) {
    switch (data[0]) {
    case 0x48:
        if (data[1] == 0x8B) {
            return data[2] == 0x05 || data[2] == 0x0D ? 3 : 0;
        }
        return data[1] == 0x8D && (data[2] & 7) == 5 ? 3 : 0;
    case 0x4C:
        return data[1] == 0x8D && (data[2] & 7) == 5 ? 3 : 0;
    case CALL:
        return 1;
    case 0xF0:
        return data[1] == 0x83 && data[2] == 0x05 ? 3 : 0;
    case 0xFF:
        return data[1] == 0x15 ? 2 : 0;
    default:
        return 0;
    }
}

static void subtract(uint8_t *field, int32_t place) {
    uint32_t value = (uint32_t)field[0] | (uint32_t)field[1] << 8 |
                     (uint32_t)field[2] << 16 | (uint32_t)field[3] << 24;
    value -= (uint32_t)place;
    for (int byte = 0; byte < FIELD; byte++) {
        field[byte] = (uint8_t)(value >> 8 * byte);
    }
}

void programs_restore(uint8_t *data, size_t size, int32_t seen[HISTORY]) {
    if (size <= LEAST) {
        return;
    }
    for (size_t target = 0; target < HISTORY; target++) {
        seen[target] = -HISTORY;
    }
    int32_t program = -REACH - 1;
    int32_t place = 1;
    while (place < (int32_t)(size - TAIL)) {
        int32_t length = front(data + place);
        if (length == 0) {
            place += data[place] == JUMP ? 5 : 1;
            continue;
        }
        uint8_t *field = data + place + length;
        int32_t reach = data[place] == CALL ? REACH >> 1 : REACH;
        if (place - program <= reach) {
            subtract(field, place);
        }
        uint32_t low = (uint32_t)field[0] | (uint32_t)field[1] << 8;
        uint32_t target = ((uint32_t)place + low) % HISTORY;
        place += length + FIELD - 1;
        if (place - seen[target] < HISTORY) {
            program = place;
        }
        seen[target] = place;
        place++;
    }
}
