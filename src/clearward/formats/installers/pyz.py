"""Unpack archives of Python modules as PyInstaller makes them.

    offset  length  field
    0       4       "PYZ" 0
    4       4       magic of Python's bytecode
    8       4       place of the table, big-endian
    12              not used here, then modules, packed with zlib, one behind the other
                    the table: names with kind, place and length, as Python's `marshal`
                    writes them

Where the table cannot be read, modules are searched for by what zlib begins with.

Source: PyInstaller's manual, "The ZlibArchive"; CPython, `marshal`.
"""

import zlib
from collections.abc import Iterator

from clearward.core.errors import Malformed, Truncated
from clearward.core.limits import MIB
from clearward.core.part import Gap, Item, Part
from clearward.core.reader import Cursor, Reader, Stream
from clearward.core.reasons import Reason
from clearward.formats.decompressor import Decompressor, Zlib
from clearward.formats.inflate import Frames
from clearward.formats.installers.again import Again
from clearward.formats.installers.marshalled import scalars

NAME = "pyz"
FRONT = 12
SEARCHED = 64  # bytes behind the front where the first module begins
ZLIB = b"\x78"
MOST_TABLE = 16 * MIB
FIELDS = 3  # numbers behind a name


def unpack(archive: Reader) -> Iterator[Item]:
    """Yield each module: its code as Python keeps it, without a header.

    Raises:
        Malformed: the table cannot be read. All modules were yielded as one.
        Truncated: the archive ends too early.
    """
    table = int.from_bytes(archive.at(8, 4), "big")
    if archive.size < FRONT:
        raise Truncated(NAME, archive.size, "front")
    found = 0
    again = Again(archive.size)
    for name, start, size in _modules(archive, table):
        found += 1
        there = max(min(size, archive.size - start), 0)
        content = archive.slice(start, there) if there else Reader.of(b"")
        if not again.more(there):
            yield Gap(Reason.PARTS_LIMIT)
            return
        if there and content.at(0, 1) != ZLIB:
            yield Gap(Reason.ENCRYPTED, name)
        elif there:
            yield Part(Stream(iter(_frames(content, once=True))), name, there)
        if there < size:
            raise Truncated(NAME, archive.size, "module")
    if not found:
        start = archive.at(FRONT, SEARCHED).find(ZLIB) + FRONT
        content = archive.slice(start, archive.size - start)
        yield Part(Stream(iter(_frames(content, once=False))), b"", content.size)
        raise Malformed(NAME, 8, "table")


def _modules(archive: Reader, table: int) -> Iterator[tuple[bytes, int, int]]:
    """Yield name, place and length of each module."""
    name = b""
    numbers: list[int] = []
    for value in scalars(archive.at(table, MOST_TABLE)) if table >= FRONT else ():
        if isinstance(value, bytes):
            name, numbers = value, []
            continue
        numbers.append(value)
        if name and len(numbers) == FIELDS:
            _, start, size = numbers
            if start >= FRONT and size >= 0:
                yield name, start, size


def _frames(content: Reader, *, once: bool) -> Frames:
    def begin(head: bytes) -> Decompressor | None:
        return Zlib(zlib.MAX_WBITS) if head.startswith(ZLIB) else None

    return Frames(NAME, Cursor(content), begin, once=once)
