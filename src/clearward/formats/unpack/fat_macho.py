"""Unpack universal Mach-O files: each architecture is a part.

Layout, big endian:

    offset  length  field
    0       4       magic, CAFEBABE; CAFEBABF with wide entries
    4       4       number of architectures
    then for each: processor 4, kind 4, offset 4, size 4, alignment 4; or wide:
    processor 4, kind 4, offset 8, size 8, alignment 4, nothing 4

Java classes have the same magic and then their version, which is 45 or more.

Source: Apple, mach-o/fat.h as described in "OS X ABI Mach-O File Format Reference".
"""

from collections.abc import Iterator
from struct import Struct

from clearward.core.errors import Malformed, Truncated
from clearward.core.part import Part
from clearward.core.reader import Reader

NAME = "macho-fat"
MAGICS = (b"\xca\xfe\xba\xbe", b"\xca\xfe\xba\xbf")
LAYOUTS = {MAGICS[0]: Struct(">8xII4x"), MAGICS[1]: Struct(">8xQQ8x")}
HEADER_SIZE = 8
MOST = 44  # architectures; more would be a version of Java


def recognises(head: bytes, reader: Reader) -> bool:  # noqa: ARG001
    """Say whether a part is a universal Mach-O file, and no Java class."""
    count = int.from_bytes(head[4:HEADER_SIZE], "big")
    return head.startswith(MAGICS) and 0 < count <= MOST


def unpack(file: Reader) -> Iterator[Part]:
    """Yield the program of each architecture.

    Raises:
        Malformed: an entry points outside the file; the others have been yielded.
        Truncated: the file ends inside the table.
    """
    header = file.at(0, HEADER_SIZE)
    layout = LAYOUTS.get(header[:4])
    if layout is None:
        raise Malformed(NAME, 0, "magic")
    count = min(int.from_bytes(header[4:], "big"), MOST)
    table = file.at(HEADER_SIZE, count * layout.size)
    bad = -1
    entries = layout.iter_unpack(table[: len(table) // layout.size * layout.size])
    for number, (start, size) in enumerate(entries):
        there = min(size, file.size - start)
        if there > 0:
            yield Part(file.slice(start, there), b"%d" % number, there)
        if there != size and bad < 0:
            bad = HEADER_SIZE + number * layout.size
    if len(table) < count * layout.size:
        raise Truncated(NAME, min(HEADER_SIZE + len(table), file.size), "table")
    if bad >= 0:
        raise Malformed(NAME, bad, "offset and size")
