"""Unpack ALZ archives, the first format of ALZip.

Layout, numbers little-endian (as unalz and its ports describe it):

    "ALZ" 01, version (4), then records:
    "BLZ" 01, length of the name (2), attributes (1), time (4), flags (1), unknown (1);
              if the high four bits of the flags are not 0 they are the width of a size:
              method (1), unknown (1), CRC-32 (4), packed size, size;
              name; with flag 1 a header of encryption (12); content
    "CLZ" 01  directory (12), and "CLZ" 02 ends it
    "ELZ" 01  comment

Methods: 0 stored, 1 bzip2, 2 deflate.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from struct import Struct

from clearward.core.errors import Malformed, Truncated
from clearward.core.part import Gap, Item, Member, Part
from clearward.core.reader import Reader, Stream
from clearward.core.reasons import Reason
from clearward.formats.lz import packed
from clearward.formats.lz.declared import Declared

NAME = "alz"
START = 8
FILE = b"BLZ\x01"
DIRECTORY = b"CLZ\x01"
COMMENT = b"ELZ\x01"
FIELDS = Struct("<4sHB4xBx")
ENCRYPTED = 1
LOCK = 12  # bytes of the header of encryption
WIDTHS = (1, 2, 4, 8)
STORED, BZIP2, DEFLATE = range(3)
BEGIN = {BZIP2: packed.bzip2, DEFLATE: packed.deflate}


@dataclass(frozen=True, slots=True)
class File:
    """The header of a file.

    Attributes:
        name: raw.
        locked: a password is needed.
        method: compression method.
        crc: CRC-32 of the content.
        packed: bytes of the packed content.
        size: bytes of the content.
        start: offset of the packed content.
    """

    name: bytes
    locked: bool
    method: int
    crc: int
    packed: int
    size: int
    start: int


def unpack(reader: Reader) -> Iterator[Item]:
    """Yield the content of each file in archive order.

    Raises:
        Malformed: what follows is no record. The files before it have been yielded.
        Truncated: the archive ends early.
    """
    offset = START
    position = 0
    while (magic := reader.at(offset, 4)) == FILE:
        file = _file(reader, offset)
        position += 1
        offset = file.start + file.packed
        yield from _member(reader, file, position)
        if offset > reader.size:
            raise Truncated(NAME, reader.size, "content")
    if len(magic) < len(FILE):
        raise Truncated(NAME, min(offset, reader.size), "record")
    if magic not in (DIRECTORY, COMMENT):
        raise Malformed(NAME, offset, "record")


def _file(reader: Reader, offset: int) -> File:
    head = reader.at(offset, FIELDS.size)
    if len(head) < FIELDS.size:
        raise Truncated(NAME, offset, "header")
    _, length, _, flags = FIELDS.unpack(head)
    place = offset + FIELDS.size
    width = flags >> 4
    method = crc = size = content = 0
    if width:
        if width not in WIDTHS:
            raise Malformed(NAME, offset + FIELDS.size - 2, "width of sizes")
        data = reader.at(place, 6 + 2 * width)
        method = data[0] if data else 0
        crc = int.from_bytes(data[2:6], "little")
        content = int.from_bytes(data[6 : 6 + width], "little")
        size = int.from_bytes(data[6 + width :], "little")
        place += 6 + 2 * width
    locked = bool(flags & ENCRYPTED)
    start = place + length + LOCK * locked
    if start > reader.size:
        raise Truncated(NAME, offset, "header")
    name = reader.at(place, length)
    return File(name, locked, method, crc, content, size, start)


def _member(reader: Reader, file: File, position: int) -> Iterator[Item]:
    said = Member(position, file.packed, file.size, file.locked, file.start)
    content = reader.slice(file.start, min(file.packed, reader.size - file.start))
    begin = BEGIN.get(file.method)
    if file.locked:
        yield Gap(Reason.ENCRYPTED, file.name, said)
    elif begin is None and file.method != STORED:
        yield Gap(Reason.UNSUPPORTED, file.name, said)
    elif file.packed:
        chunks = content.chunks()
        if begin is not None:
            chunks = packed.unpacked(NAME, content, begin)
        declared = Declared(NAME, file.start, file.size, file.crc)
        yield Part(Stream(declared.hold(chunks)), file.name, content.size, said)
