"""Unpack ARJ archives.

Layout, numbers little-endian ("ARJ technical information"):

    offset  length  field
    0       2       60 EA
    2       2       size of the header; 0 ends the archive
    4       1       size of its fixed fields, n
    8       1       flags: 1 encrypted, 4 goes on in another archive, 8 goes on here
    9       1       method
    10      1       kind: 0 binary, 1 text, 2 the archive itself, 3 folder, 4 label
    16      4       packed size
    20      4       size
    24      4       CRC-32 of the content
    4 + n           name and comment, a zero behind each
    4 + size  4     CRC-32 of the header
    8 + size        extended headers: size (2), content, CRC-32 (4); 0 ends them

Then the packed content. The first header is that of the archive.
"""

import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from struct import Struct

from clearward.core.errors import Malformed, Truncated
from clearward.core.part import Gap, Item, Member, Part
from clearward.core.reader import Reader, Stream
from clearward.core.reasons import Reason
from clearward.formats.lz import fastest, lzh
from clearward.formats.lz.declared import Declared

NAME = "arj"
MAGIC = b"\x60\xea"
FIELDS = Struct("<2sHB3xBBBx4xIII")
HEADER_MOST = 2600
LEAST = 30
ENCRYPTED = 1
GOES_ON = 4
STORED = 0
LZH = (1, 2, 3)
FASTEST = 4
KIND_ARCHIVE = 2
KINDS_WITHOUT_CONTENT = (3, 4, 5)
WINDOW = 26 * 1024
DISTANCE_BITS = 5


@dataclass(frozen=True, slots=True)
class Header:
    """One header.

    Attributes:
        flags: bits as in the layout.
        method: compression method.
        kind: what it is a header of.
        packed: bytes of the packed content.
        size: bytes of the content.
        crc: CRC-32 of the content.
        name: raw.
        start: offset of the content.
        sound: the header's own checksum is right.
    """

    flags: int
    method: int
    kind: int
    packed: int
    size: int
    crc: int
    name: bytes
    start: int
    sound: bool


def unpack(reader: Reader) -> Iterator[Item]:
    """Yield the content of each member in archive order.

    Raises:
        Malformed: a header is wrong. The members before it have been yielded.
        Truncated: the archive ends before its end mark.
    """
    offset = 0
    position = 0
    sound = True
    while (header := _header(reader, offset)) is not None:
        sound = sound and header.sound
        offset = header.start
        if header.kind == KIND_ARCHIVE:
            continue
        position += 1
        yield from _member(reader, header, position)
        if header.flags & GOES_ON:
            yield Gap(Reason.TRUNCATED, header.name)
        offset += header.packed
        if offset > reader.size:
            raise Truncated(NAME, reader.size, "content")
    if not sound:
        raise Malformed(NAME, 0, "checksum of a header")


def _header(reader: Reader, offset: int) -> Header | None:
    """Read a header; return None for the end mark."""
    head = reader.at(offset, FIELDS.size)
    if len(head) < len(MAGIC) + 2:
        raise Truncated(NAME, min(offset, reader.size), "header")
    size = int.from_bytes(head[2:4], "little")
    if head[:2] != MAGIC or size > HEADER_MOST or 0 < size < LEAST:
        raise Malformed(NAME, offset, "header")
    if not size:
        return None
    whole = reader.at(offset + 4, size + 4)
    if len(whole) < size + 4 or len(head) < FIELDS.size:
        raise Truncated(NAME, offset, "header")
    _, _, fixed, flags, method, kind, packed, length, crc = FIELDS.unpack(head)
    sound = zlib.crc32(whole[:size]) == int.from_bytes(whole[size:], "little")
    return Header(
        flags,
        method,
        kind,
        0 if kind == KIND_ARCHIVE else packed,
        length,
        crc,
        whole[fixed:size].partition(b"\0")[0],
        _behind_extended(reader, offset + 8 + size),
        sound,
    )


def _behind_extended(reader: Reader, offset: int) -> int:
    """Return where the content starts, behind all extended headers."""
    while True:
        size = reader.at(offset, 2)
        offset += 2
        if len(size) < len(b"\0\0"):
            raise Truncated(NAME, reader.size, "extended header")
        if size == b"\0\0":
            return offset
        offset += int.from_bytes(size, "little") + 4


def _member(reader: Reader, header: Header, position: int) -> Iterator[Item]:
    if header.kind in KINDS_WITHOUT_CONTENT and not header.packed:
        return
    locked = bool(header.flags & ENCRYPTED)
    said = Member(position, header.packed, header.size, locked, header.start)
    content = reader.slice(header.start, min(header.packed, reader.size - header.start))
    if locked:
        yield Gap(Reason.ENCRYPTED, header.name, said)
    elif (chunks := _chunks(content, header)) is None:
        yield Gap(Reason.UNSUPPORTED, header.name, said)
    else:
        declared = Declared(NAME, header.start, header.size, header.crc)
        yield Part(Stream(declared.hold(chunks)), header.name, content.size, said)


def _chunks(content: Reader, header: Header) -> Iterator[bytes] | None:
    if header.method == STORED:
        return content.chunks()
    if header.method in LZH:
        return lzh.expand(content, NAME, header.size, WINDOW, DISTANCE_BITS)
    return (
        fastest.expand(content, NAME, header.size) if header.method == FASTEST else None
    )
