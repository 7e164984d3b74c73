/* Programs in a chunk of LZMS; `formats/lz/lzms/programs.py` says how. */
#ifndef CLEARWARD_LZMS_PROGRAMS_H
#define CLEARWARD_LZMS_PROGRAMS_H

#include <stddef.h>
#include <stdint.h>

enum { HISTORY = 1 << 16 };

/* Turn the addresses of a whole chunk, of less than 2^31 bytes, back in place.
 * `seen` is room to work in. */
void programs_restore(uint8_t *data, size_t size, int32_t seen[HISTORY]);

#endif
