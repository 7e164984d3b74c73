/* A part of what lies in an open folder, and how Python gets it. */
#ifndef CLEARWARD_LISTING_H
#define CLEARWARD_LISTING_H

#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#define ROOM 32768   /* bytes of names of one part */
#define SHORTEST 24  /* bytes of a struct linux_dirent64 */
#define LONGEST 280  /* bytes of one of them */
#define MOST (ROOM / SHORTEST)
#define STAMP 32     /* bytes */

typedef struct {
    const char *name;
    uint8_t stamp[STAMP];
    uint64_t inode;
    uint8_t type;   /* as in a directory entry */
    uint8_t stamped;
} Entry;

typedef struct {
    char names[ROOM];
    Entry entries[MOST];
    size_t count;
    int ended;         /* the folder has no more */
    int error;         /* it cannot be listed */
    atomic_int dropped; /* nobody wants it any more */
} Part;

/* Read the next part of a folder, and stamp its files if that is wanted. Needs no
 * lock of Python's. */
void read_part(Part *part, int folder, dev_t device, int stamped);

/* What lies in a folder, as Python has it. The first part may have been read before. */
PyObject *list_parts(Part *part, int folder, dev_t device, int stamped, int first);

/* The type of a thread that reads parts before their turn. */
extern PyType_Spec ahead_type;

#endif
