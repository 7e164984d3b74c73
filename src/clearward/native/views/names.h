/* What a script declares: names, the functions they are known in, and their numbers. */
#ifndef CLEARWARD_VIEWS_NAMES_H
#define CLEARWARD_VIEWS_NAMES_H

#include "buffer.h"

/* Where entries of a table are, by a hash of their keys: 0, or one more than the number
 * of the entry. The hash is SipHash-1-3 with a key that scripts do not know. */
struct places {
    struct buffer slots; /* uint32_t each; a power of two of them, at most half used */
    size_t used;
};

struct names {
    uint64_t key;
    struct buffer bytes;    /* of all names */
    struct buffer entries;  /* struct name each */
    struct places by_name;
    struct buffer declared; /* struct declared each */
    struct places by_scope;
    struct buffer parents; /* uint32_t for each scope: the one around it */
};

/* Begin with the outermost scope, which is 0. */
void names_begin(struct names *names, uint64_t key);
/* Add a scope within another; return its number. */
uint32_t names_scope(struct names *names, uint32_t parent);
/* Declare a name in a scope; the number replaces that of an earlier declaration. */
void names_declare(struct names *names, struct span name, uint32_t scope,
                   uint32_t number);
/* Find the number of a name as it is known in a scope; false if it is not. */
bool names_find(const struct names *names, struct span name, uint32_t scope,
                uint32_t *number);
bool names_failed(const struct names *names);
void names_free(struct names *names);

#endif
