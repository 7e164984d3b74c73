"""Unpack .NET programs that were published as one file.

Somewhere in the program 8 bytes, the place of the table, and behind them 32 bytes that
are always the same, a digest of a text. Table, numbers little-endian:

    version (4, 4); number of files (4); name of the bundle; from version 2 on 40 bytes:
    places and sizes of two files, flags
    for each file place (8), size (8), from version 6 on packed size (8), kind (1), path

A name or a path is UTF-8 behind its length, of seven bits a byte, the lowest first.
What is packed, so where the packed size is not 0, is so with deflate. Places count from
the start of the program.

Source: dotnet/runtime (MIT), docs/design/features/single-file and host/bundle.
"""

import zlib
from collections.abc import Iterator
from struct import Struct

from clearward.core.errors import Malformed, Truncated
from clearward.core.part import Gap, Item, Part
from clearward.core.reader import Cursor, Reader, Stream
from clearward.core.reasons import Reason
from clearward.formats.decompressor import Zlib
from clearward.formats.embedded.search import Search
from clearward.formats.embedded.signs import Hit, Sign
from clearward.formats.inflate import Frames
from clearward.formats.installers.again import Again

NAME = "netbundle"
MAGIC = bytes.fromhex(
    "8b1202b96a612038727b930214d7a03213f5b9e6efae3318ee3b2dce24b36aae"
)
PROGRAMS = (b"MZ", b"\x7fELF", b"\xcf\xfa\xed\xfe")
PLACE = 8
FRONT = Struct("<III")
EXTRA = 40  # bytes behind the name, from version 2 on
OLD_FILE, FILE = Struct("<QQB"), Struct("<QQQB")
WITH_EXTRA, WITH_PACKED = 2, 6  # versions
LONGEST = 1 << 14  # of a path
MOST_FILES = 1 << 16


def _look(reader: Reader, place: int) -> Hit | None:
    table = int.from_bytes(reader.at(place - PLACE, PLACE), "little")
    fields = reader.at(table, FRONT.size) if 0 < table < reader.size else b""
    if len(fields) < FRONT.size:
        return None
    version, _, count = FRONT.unpack(fields)
    return Hit(table) if 0 < version < 1 << 8 and count <= MOST_FILES else None


SEARCH = Search(Sign((MAGIC,), _look))
MARKS = SEARCH.marks


def recognises(head: bytes, reader: Reader) -> bool:
    """Say whether a part is a program with a bundle."""
    return head.startswith(PROGRAMS) and SEARCH.holds(reader)


def points(piece: bytes) -> bool:
    """Say whether a piece of a program says where a table is that lies elsewhere."""
    place = piece.find(MAGIC)
    return place >= PLACE and any(piece[place - PLACE : place])


def unpack(program: Reader) -> Iterator[Item]:
    """Yield the content of each file.

    Raises:
        Malformed: a path makes no sense.
        Truncated: the table, or a file, is cut short.
    """
    for hit in SEARCH.hits(program):
        if hit is None:
            yield Gap(Reason.PARTS_LIMIT)
        else:
            yield from _files(program, hit.start)
            return


def _files(program: Reader, table: int) -> Iterator[Item]:
    version, _, count = FRONT.unpack(program.at(table, FRONT.size))
    _, offset = _text(program, table + FRONT.size)
    offset += EXTRA if version >= WITH_EXTRA else 0
    layout = FILE if version >= WITH_PACKED else OLD_FILE
    again = Again(program.size)
    for _ in range(count):
        fields = program.at(offset, layout.size)
        if len(fields) < layout.size:
            raise Truncated(NAME, program.size, "table")
        start, size, *packed, _ = layout.unpack(fields)
        path, offset = _text(program, offset + layout.size)
        stored = packed[0] if any(packed) else size
        there = max(min(stored, program.size - start), 0)
        if not again.more(there):
            yield Gap(Reason.PARTS_LIMIT)
            return
        if there:
            content = program.slice(start, there)
            yield Part(_plain(content) if any(packed) else content, path, there)
        if there < stored:
            raise Truncated(NAME, program.size, "file")


def _plain(content: Reader) -> Stream:
    frames = Frames(NAME, Cursor(content), lambda _: Zlib(-zlib.MAX_WBITS), once=True)
    return Stream(iter(frames))


def _text(program: Reader, offset: int) -> tuple[bytes, int]:
    """Read a text; return it and the place behind it."""
    length = 0
    for number, byte in enumerate(program.at(offset, 5)):
        length |= (byte & 0x7F) << 7 * number
        if not byte & 0x80:
            start = offset + number + 1
            if length <= LONGEST:
                return program.at(start, length), start + length
            break
    raise Malformed(NAME, min(offset, program.size), "length of a path")
