"""Unpack programs that PyInstaller made of one file.

The archive ends with a cookie, which what signs programs may put bytes behind. Numbers
are big-endian:

    cookie   "MEI" 0C 0B 0A 0B 0E; length of the archive with the cookie (4), place of
             the table in it (4), length of the table (4), version of Python (4); since
             2.1 the name of its library (64)
    entry    length (4), place (4), packed size (4), size (4), packed (1), kind (1),
             name, zeros up to the length

What is packed is so with zlib. Modules lie in an entry with an archive of its own, see
`pyz`.

Source: PyInstaller's manual, "The CArchive".
"""

import zlib
from collections.abc import Iterator
from struct import Struct

from clearward.core.errors import Malformed, Truncated
from clearward.core.limits import MIB
from clearward.core.part import Gap, Item, Part
from clearward.core.reader import Cursor, Reader, Stream
from clearward.core.reasons import Reason
from clearward.formats.decompressor import Zlib
from clearward.formats.inflate import Frames
from clearward.formats.installers.again import Again

NAME = "pyinstaller"
COOKIE = Struct(">8s4I")
COOKIES = (88, COOKIE.size)  # lengths of the cookie: since 2.1, and before
ENTRY = Struct(">4IBc")
MOST_TABLE = 16 * MIB


def unpack(program: Reader, cookie: int) -> Iterator[Item]:
    """Yield the content of each entry.

    Args:
        program: what the archive is in.
        cookie: where its cookie stands.

    Raises:
        Malformed: the table is damaged. What came before has been yielded.
        Truncated: the archive is not all there.
    """
    fields = program.at(cookie, COOKIE.size)
    if len(fields) < COOKIE.size:
        raise Truncated(NAME, program.size, "cookie")
    _, length, place, size, _ = COOKIE.unpack(fields)
    if size > MOST_TABLE:
        yield Gap(Reason.MEMORY_LIMIT)
        return
    for cookie_size in COOKIES:
        start = cookie + cookie_size - length
        table = program.at(start + place, size)
        if start >= 0 and len(table) == size and _is_table(table):
            break
    else:
        raise Malformed(NAME, cookie, "place of the table")
    yield from _entries(program, start, table)


def _is_table(table: bytes) -> bool:
    """Say whether the first entry ends where another begins, or the table ends."""
    length = int.from_bytes(table[:4], "big")
    return ENTRY.size <= length <= len(table)


def _entries(program: Reader, start: int, table: bytes) -> Iterator[Item]:
    offset = 0
    again = Again(program.size)
    while offset + ENTRY.size <= len(table):
        length, place, packed, _, is_packed, _ = ENTRY.unpack_from(table, offset)
        if length < ENTRY.size:
            raise Malformed(NAME, start, "length of an entry")
        name = table[offset + ENTRY.size : offset + length].rstrip(b"\0")
        there = max(min(packed, program.size - start - place), 0)
        if not again.more(there):
            yield Gap(Reason.PARTS_LIMIT)
            return
        if there:
            content = program.slice(start + place, there)
            yield Part(_content(content, is_packed=bool(is_packed)), name, there)
        if there < packed:
            raise Truncated(NAME, program.size, "entry")
        offset += length


def _content(content: Reader, *, is_packed: bool) -> Reader | Stream:
    if not is_packed:
        return content
    frames = Frames(NAME, Cursor(content), lambda _: Zlib(zlib.MAX_WBITS), once=True)
    return Stream(iter(frames))
