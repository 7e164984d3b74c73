/* Find libarchive's functions among what a loaded module brought along. */
#define _GNU_SOURCE

#include "library.h"

#include <dlfcn.h>
#include <iconv.h>
#include <stdio.h>
#include <string.h>

static void *handle;

struct wanted {
    const char *name;
    size_t place;
};

#define WANTED(field, function) {"archive_" function, offsetof(struct library, field)}

static const struct wanted functions[] = {
    WANTED(read_new, "read_new"),
    WANTED(read_free, "read_free"),
    WANTED(set_read, "read_set_read_callback"),
    WANTED(set_skip, "read_set_skip_callback"),
    WANTED(set_seek, "read_set_seek_callback"),
    WANTED(set_data, "read_set_callback_data"),
    WANTED(set_option, "read_set_option"),
    WANTED(open, "read_open1"),
    WANTED(next_header, "read_next_header"),
    WANTED(data_block, "read_data_block"),
    WANTED(error_number, "errno"),
    WANTED(error_text, "error_string"),
    WANTED(warned_of_secrets, "read_has_encrypted_entries"),
    WANTED(name, "entry_pathname"),
    WANTED(name_in_utf8, "entry_pathname_utf8"),
    WANTED(kind, "entry_filetype"),
    WANTED(hard_link, "entry_hardlink"),
    WANTED(size, "entry_size"),
    WANTED(size_is_set, "entry_size_is_set"),
    WANTED(encrypted, "entry_is_data_encrypted"),
};

/* The character sets of names that libarchive may ask the C library for. Each is a
 * module of its own, which cannot be opened behind the lock unless it stays in use. */
static void hold_character_sets(void) {
    static const char *const sets[] = {"ISO-8859-1", "CP932", "CP437", "CP850", "UTF-16BE",
                                       "UTF-16LE"};
    for (size_t at = 0; at < sizeof sets / sizeof *sets; at++) {
        (void)iconv_open("UTF-8", sets[at]);
        (void)iconv_open(sets[at], "UTF-8");
    }
}

const char *library_find(struct library *library, const char *path) {
    handle = dlopen(path, RTLD_NOW | RTLD_NOLOAD);
    if (handle == NULL) return "the library itself";
    for (size_t at = 0; at < sizeof functions / sizeof *functions; at++) {
        /* A handle's search covers the libraries that it was linked with. */
        void *found = dlsym(handle, functions[at].name);
        if (found == NULL) return functions[at].name;
        memcpy((char *)library + functions[at].place, &found, sizeof found);
    }
    hold_character_sets();
    return NULL;
}

static int allow(const char *kind, const char *name, struct archive *archive) {
    char symbol[80];
    int (*support)(struct archive *);
    snprintf(symbol, sizeof symbol, "archive_read_support_%s_%s", kind, name);
    void *found = dlsym(handle, symbol);
    if (found == NULL) return 0;
    memcpy(&support, &found, sizeof found);
    return support(archive) == ARCHIVE_OK;
}

int library_allow(const struct library *library, const char *format,
                  struct archive *archive) {
    if (strcmp(format, "compress") == 0)
        return allow("filter", format, archive) && allow("format", "raw", archive);
    if (!allow("format", format, archive)) return 0;
    /* A name that it cannot decode ends an archive of LHA; this decodes any bytes. */
    if (strcmp(format, "lha") == 0)
        library->set_option(archive, format, "hdrcharset", "ISO-8859-1");
    return 1;
}
