/* Decode NRV2B, NRV2D and NRV2E; `formats/lz/nrv.py` says how. */
#ifndef CLEARWARD_NRV_DECODER_H
#define CLEARWARD_NRV_DECODER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum nrv_fault { NRV_SOUND, NRV_ENDED, NRV_DAMAGED, NRV_MEMORY };

/* A stream, and what comes of it. `output` grows as bytes come and is the caller's to
 * free, whatever the fault. */
struct nrv {
    const uint8_t *data;
    size_t size;
    char letter;   /* b, d or e */
    unsigned unit; /* bytes that bits are taken from at once: 1, 2 or 4 */
    size_t place;  /* bytes that are read */
    uint32_t held;
    unsigned bits; /* of it, that are left */
    uint8_t *output;
    size_t done, room, most;
    enum nrv_fault fault;
};

/* Decode all of it: `done` bytes, which are `most` if the fault is NRV_SOUND. */
enum nrv_fault nrv_expand(struct nrv *nrv);

#endif
