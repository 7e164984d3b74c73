/* The few functions of libarchive that are called, found in a library at hand.
 *
 * Their signatures are those of libarchive 3 (archive.h, archive_entry.h), whose soname
 * has not changed since 3.0. */
#ifndef CLEARWARD_ARCHIVES_LIBRARY_H
#define CLEARWARD_ARCHIVES_LIBRARY_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct archive;
struct archive_entry;

enum {
    ARCHIVE_EOF = 1,
    ARCHIVE_OK = 0,
    ARCHIVE_WARN = -20,
    ARCHIVE_FAILED = -25,
    ARCHIVE_FATAL = -30
};

typedef ssize_t (*read_callback)(struct archive *, void *, const void **);
typedef int64_t (*skip_callback)(struct archive *, void *, int64_t);
typedef int64_t (*seek_callback)(struct archive *, void *, int64_t, int);

struct library {
    struct archive *(*read_new)(void);
    int (*read_free)(struct archive *);
    int (*set_read)(struct archive *, read_callback);
    int (*set_skip)(struct archive *, skip_callback);
    int (*set_seek)(struct archive *, seek_callback);
    int (*set_data)(struct archive *, void *);
    int (*set_option)(struct archive *, const char *, const char *, const char *);
    int (*open)(struct archive *);
    int (*next_header)(struct archive *, struct archive_entry **);
    int (*data_block)(struct archive *, const void **, size_t *, int64_t *);
    int (*error_number)(struct archive *);
    const char *(*error_text)(struct archive *);
    int (*warned_of_secrets)(struct archive *);
    const char *(*name)(struct archive_entry *);
    const char *(*name_in_utf8)(struct archive_entry *);
    mode_t (*kind)(struct archive_entry *);
    const char *(*hard_link)(struct archive_entry *);
    int64_t (*size)(struct archive_entry *);
    int (*size_is_set)(struct archive_entry *);
    int (*encrypted)(struct archive_entry *);
};

/* Find every function among what the library at `path`, already loaded, brought along;
 * return the name of the first that is missing, NULL if all are there. */
const char *library_find(struct library *library, const char *path);

/* Let an archive be of one format only; return 0 if the library does not know it. */
int library_allow(const struct library *library, const char *format,
                  struct archive *archive);

#endif
