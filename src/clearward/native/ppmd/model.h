/* What a PPMd model learns from each byte; `formats/seven/ppmd/model.py` says how. */
#ifndef CLEARWARD_PPMD_MODEL_H
#define CLEARWARD_PPMD_MODEL_H

#include "contexts.h"

enum { LONGEST_ORDER = 64 };

struct model {
    struct units units;
    uint32_t shortest; /* context in which the last byte was found, or its successor */
    uint32_t longest;  /* the longest context of the last bytes */
    uint32_t found;    /* the state of the last byte */
    unsigned order;
    unsigned fall; /* contexts that the last one was shorter than the longest possible */
    uint32_t run;  /* grows with each byte that was expected; its top bit set at first */
    uint32_t first_run;
    unsigned expected;
    unsigned escape; /* frequency of leaving a context that has just got a second byte */
    bool restarted;  /* memory was full, and everything was forgotten */
    bool broken;     /* the model contradicts itself: the stream is damaged */
};

/* Begin; false if there is not so much memory. */
bool model_make(struct model *model, unsigned order, uint32_t memory);
void model_free(struct model *model);

/* Learn that the only byte of the shortest context has come again; that the first in
 * its table has, or another; that one was found after longer contexts were left. */
void model_saw_single(struct model *model, uint32_t state);
void model_saw_first(struct model *model, uint32_t state);
void model_saw_other(struct model *model, uint32_t state);
void model_saw_after_escape(struct model *model, uint32_t state);

#endif
