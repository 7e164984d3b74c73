"""Names of files, from the header of the Nullsoft Scriptable Install System.

Header, numbers little-endian:

    offset  length  field
    0       4       flags
    4       8 * 8   blocks: offset (4, or 8 in a program of 64 bits), count (4): pages,
                    sections, entries (third), strings (fourth), and more
            28      an entry: what to do (4), six parameters of 4; 20 extracts a file:
                    string of its name (second), place among the data (third)

A string is counted in letters from the start of the strings, of one byte or, if the
strings begin with a zero of two bytes, of two. Letters 1 to 4 of the latter, and in the
former of NSIS 3, begin two bytes or one letter that stand for a variable, a folder or a
text; in NSIS 2 252 to 255 do. A variable is written as "$" here.

Source: NSIS, Source/exehead/fileform.h (zlib licence).
"""

from struct import Struct

BLOCKS = {Struct("<II"): 4, Struct("<QI"): 4}
ENTRIES, STRINGS = 2, 3
COUNT = 8
ENTRY = Struct("<4I12x")
EXTRACT = 20
LONGEST = 512  # letters of a name
NEWER, OLDER = range(1, 5), range(252, 256)


def names(header: bytes) -> dict[int, bytes]:
    """Return the name of each file, by its place among the data.

    A header that does not make sense gives none: names are only shown.
    """
    for layout, start in BLOCKS.items():
        end = start + COUNT * layout.size
        blocks = list(
            layout.iter_unpack(header[start:end]) if len(header) > end else ()
        )
        if blocks and all(offset <= len(header) for offset, _ in blocks):
            return _files(header, blocks[ENTRIES], blocks[STRINGS][0])
    return {}


def _files(header: bytes, entries: tuple[int, ...], strings: int) -> dict[int, bytes]:
    offset, count = entries
    table = header[offset : offset + count * ENTRY.size]
    table = table[: len(table) // ENTRY.size * ENTRY.size]
    found = {}
    for what, _, name, place in ENTRY.iter_unpack(table):
        if what == EXTRACT:
            found[place] = _string(header, strings, name)
    return found


def _string(header: bytes, strings: int, index: int) -> bytes:
    if header[strings : strings + 2] == b"\0\0":
        place = strings + 2 * index
        text = header[place : place + 2 * LONGEST]
        letters = [text[at] | text[at + 1] << 8 for at in range(0, len(text) - 1, 2)]
        return _shown(letters, NEWER, 1)
    text = header[strings + index : strings + index + LONGEST]
    codes = OLDER if text[:1] and text[0] in OLDER else NEWER
    return _shown(list(text), codes, 2)


def _shown(letters: list[int], codes: range, behind: int) -> bytes:
    shown = []
    skip = 0
    for letter in letters:
        if skip:
            skip -= 1
        elif not letter:
            break
        elif letter in codes:
            shown.append("$")
            skip = behind
        else:
            shown.append(chr(letter))
    return "".join(shown).encode(errors="surrogatepass")
