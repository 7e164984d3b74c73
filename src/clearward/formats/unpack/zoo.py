"""Unpack ZOO archives.

Layout, numbers little-endian (R. Dhesi's zoo 2.1, as file(1) and its manual know it):

    offset  length  field
    20      4       DC A7 C4 FD
    24      4       place of the first entry
    then for each entry:
    0       4       DC A7 C4 FD
    5       1       method: 0 stored, 1 LZW of at most 13 bits, 2 as LHA's method 5
    6       4, 4    place of the next entry, 0 in the last one; place of the content
    18      2       CRC-16
    20      4, 4    size, packed size
    30      1       1: deleted
    38      13      name, ended by a zero
    51      2       length of what follows the first 56 bytes
    56      1, 1    lengths of a long name and of the folder's name, then these

A last entry without content ends the list. Entries that were deleted are still there,
and are parts as well.
"""

from collections.abc import Iterator
from struct import Struct

from clearward.core.errors import Malformed, Truncated
from clearward.core.part import Gap, Item, Member, Part
from clearward.core.reader import Reader, Stream
from clearward.core.reasons import Reason
from clearward.formats.lz import lzh, lzw
from clearward.formats.lz.crc16 import crc16
from clearward.formats.lz.declared import Declared

NAME = "zoo"
MAGIC = b"\xdc\xa7\xc4\xfd"
FIRST = 24  # offset of the place of the first entry
ENTRY = Struct("<4sBBII4xHIIxx?B6x13sH")
NAMES = 56
STORED, LZW, LZH = range(3)
LZW_KIND = lzw.Kind(13, groups=False, end=257)
WINDOW, DISTANCE_BITS = 8192, 4
MOST_ENTRIES = 1_000_000


def unpack(archive: Reader) -> Iterator[Item]:
    """Yield the content of each entry in the order of the list.

    Raises:
        Malformed: an entry is none, or the list goes round. What came before was
            yielded.
        Truncated: the archive ends early; the same.
    """
    place = int.from_bytes(archive.at(FIRST, 4), "little")
    known: set[int] = set()
    position = 0
    while place:
        if place in known or len(known) >= MOST_ENTRIES:
            raise Malformed(NAME, min(place, archive.size), "list of entries")
        known.add(place)
        data = archive.at(place, ENTRY.size)
        if len(data) < ENTRY.size:
            raise Truncated(NAME, archive.size, "entry")
        fields = ENTRY.unpack(data)
        if fields[0] != MAGIC:
            raise Malformed(NAME, place, "entry")
        _, _, method, after, start, crc, size, packed, _, _, short, more = fields
        if not after and not start:
            return  # the last one
        position += 1
        name = _long_name(archive, place, more) or short.partition(b"\0")[0]
        said = Member(position, packed, size, start=place)
        yield _part(archive, name, said, (method, start, crc))
        if start + packed > archive.size:
            raise Truncated(NAME, archive.size, "content")
        place = after


def _long_name(archive: Reader, place: int, length: int) -> bytes:
    """The name behind an entry with its folder, empty if there is none."""
    data = archive.at(place + NAMES, length)
    if len(data) < 2:  # noqa: PLR2004 - the two lengths
        return b""
    name = data[2 : 2 + data[0]].partition(b"\0")[0]
    folder = data[2 + data[0] : 2 + data[0] + data[1]].partition(b"\0")[0]
    return folder + b"/" + name if name and folder else name


def _part(
    archive: Reader, name: bytes, said: Member, how: tuple[int, int, int]
) -> Item:
    method, start, crc = how
    there = min(start, archive.size)
    content = archive.slice(there, min(said.packed or 0, archive.size - there))
    size = said.size or 0
    if method == STORED:
        chunks = content.chunks()
    elif method == LZW:
        chunks = lzw.expand(content, NAME, LZW_KIND)
    elif method == LZH:
        chunks = lzh.expand(content, NAME, size, WINDOW, DISTANCE_BITS)
    else:
        return Gap(Reason.UNSUPPORTED, name, said)
    checked = Declared(NAME, there, size, crc).hold(chunks, crc16)
    return Part(Stream(checked), name, content.size, said)
