#include "decoder.h"

#include <stdlib.h>
#include <string.h>

/* The same steps as in `formats/lz/nrv.py`, under the same names. A fault ends a stream:
 * from then on every bit is 1 and every byte 0, and the outer loop looks at it. */

#define END 0xffffffffU
#define HIGHEST ((END >> 8) + 3)
#define TOO_LONG (1U << 26)

enum { FIRST_ROOM = 1 << 16, SAME = 2, FAR_B = 0xd00, FAR = 0x500 };

static void fail(struct nrv *nrv, enum nrv_fault fault) {
    if (nrv->fault == NRV_SOUND) nrv->fault = fault;
}

static unsigned take_byte(struct nrv *nrv) {
    if (nrv->fault != NRV_SOUND) return 0;
    if (nrv->place >= nrv->size) {
        fail(nrv, NRV_ENDED);
        return 0;
    }
    return nrv->data[nrv->place++];
}

static unsigned take_bit(struct nrv *nrv) {
    if (nrv->bits == 0) {
        if (nrv->fault != NRV_SOUND) return 1;
        if (nrv->size - nrv->place < nrv->unit) {
            fail(nrv, NRV_ENDED);
            return 1;
        }
        nrv->held = 0;
        for (unsigned at = 0; at < nrv->unit; at++) {
            nrv->held |= (uint32_t)nrv->data[nrv->place++] << 8 * at;
        }
        nrv->bits = 8 * nrv->unit;
    }
    nrv->bits--;
    return nrv->held >> nrv->bits & 1;
}

static uint32_t code_of(struct nrv *nrv) {
    uint32_t code = 1;
    for (;;) {
        code = 2 * code + take_bit(nrv);
        unsigned ends = take_bit(nrv);
        if (!ends && nrv->letter != 'b') code = 2 * (code - 1) + take_bit(nrv);
        if (nrv->fault != NRV_SOUND) return SAME;
        if (code > HIGHEST) {
            fail(nrv, NRV_DAMAGED);
            return SAME;
        }
        if (ends) return code;
    }
}

static uint32_t number(struct nrv *nrv) {
    uint32_t value = 1;
    for (;;) {
        value = 2 * value + take_bit(nrv);
        if (take_bit(nrv)) return value;
        if (value > TOO_LONG) {
            fail(nrv, NRV_DAMAGED);
            return value;
        }
    }
}

static uint32_t length_of(struct nrv *nrv, unsigned first) {
    if (nrv->letter == 'b') first = take_bit(nrv);
    if (nrv->letter != 'e') {
        uint32_t length = 2 * first + take_bit(nrv);
        return length != 0 ? length : 2 + number(nrv);
    }
    if (first) return 1 + take_bit(nrv);
    if (take_bit(nrv)) return 3 + take_bit(nrv);
    return 3 + number(nrv);
}

/* Let `more` bytes be written; they are not beyond `most`. */
static bool make_room(struct nrv *nrv, size_t more) {
    if (nrv->room - nrv->done >= more) return true;
    size_t room = nrv->room < FIRST_ROOM ? FIRST_ROOM : nrv->room;
    while (room - nrv->done < more) room *= 2;
    if (room > nrv->most) room = nrv->most;
    uint8_t *output = realloc(nrv->output, room);
    if (output == NULL) {
        fail(nrv, NRV_MEMORY);
        return false;
    }
    nrv->output = output;
    nrv->room = room;
    return true;
}

static void copy(struct nrv *nrv, uint32_t distance, size_t length) {
    if (nrv->fault != NRV_SOUND) return;
    if (length > nrv->most - nrv->done || distance > nrv->done) {
        fail(nrv, NRV_DAMAGED);
        return;
    }
    if (!make_room(nrv, length)) return;
    uint8_t *to = nrv->output + nrv->done;
    const uint8_t *from = to - distance;
    nrv->done += length;
    if (distance >= length) {
        memcpy(to, from, length);
    } else {
        while (length-- > 0) *to++ = *from++;
    }
}

static void literals(struct nrv *nrv) {
    while (take_bit(nrv) && nrv->fault == NRV_SOUND) {
        if (nrv->done == nrv->most) {
            fail(nrv, NRV_DAMAGED);
            return;
        }
        unsigned byte = take_byte(nrv);
        if (nrv->fault != NRV_SOUND || !make_room(nrv, 1)) return;
        nrv->output[nrv->done++] = (uint8_t)byte;
    }
}

enum nrv_fault nrv_expand(struct nrv *nrv) {
    uint32_t last = 1;
    const uint32_t far = nrv->letter == 'b' ? FAR_B : FAR;
    for (;;) {
        literals(nrv);
        uint32_t code = code_of(nrv);
        unsigned first = 0;
        if (code == SAME) {
            if (nrv->letter != 'b') first = take_bit(nrv);
        } else {
            uint32_t distance = ((code - 3) << 8) + take_byte(nrv);
            if (nrv->fault == NRV_SOUND && distance == END) break;
            if (nrv->letter != 'b') {
                first = ~distance & 1;
                distance >>= 1;
            }
            last = distance + 1;
        }
        if (nrv->fault != NRV_SOUND) return nrv->fault;
        uint32_t length = length_of(nrv, first);
        copy(nrv, last, (size_t)length + (last > far ? 2 : 1));
        if (nrv->fault != NRV_SOUND) return nrv->fault;
    }
    if (nrv->done != nrv->most) fail(nrv, NRV_DAMAGED);
    return nrv->fault;
}
