/* The check of the tables of a rule image, one function for each kind of section.
 *
 * Each gives NULL if everything is in order, else what is wrong. Sections lie inside
 * the image when they come here.
 */
#ifndef CLEARWARD_TABLES_H
#define CLEARWARD_TABLES_H

#include "image.h"

/* Sizes only: that a name is where its offsets say is checked where it is read. */
const char *names_check(struct section section, uint64_t rules);

/* As many names as it says, each ended by a newline. */
const char *types_check(struct section section);

/* Fills `prefilter`; entries name signatures below `signatures`. */
const char *prefilter_check(struct prefilter *prefilter, struct section section,
                            uint64_t signatures);

/* Ascending numbers below `signatures`. */
const char *always_check(struct section section, uint64_t signatures);

/* Fills `set`, but for its number. Sizes only, as with names. */
const char *hashes_check(struct hash_set *set, struct section section, uint64_t rules);

#endif
