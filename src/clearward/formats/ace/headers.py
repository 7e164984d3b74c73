"""Headers of ACE archives.

    offset  length  field
    0       2, 2    checksum of what follows the size; size, n
    4       1       kind: 0 the archive, 1 and 3 a file with sizes of 32 and 64 bits
    5       2       flags: 1 content follows, 4 sizes have 64 bits

    of the archive: 800 it is a volume, 8000 it is solid
    7       7       "**ACE**"
    17      1       number of the volume

    of a file: 1000 it begins in the volume before, 2000 it goes on in the next one,
    4000 encrypted, 8000 it refers to the files before
    7       4, 4    packed size, size; or of 8 bytes
    +       4, 4    time, attributes: 10 a folder
    +       4       CRC-32 of the content, its bits turned over
    +       1, 1, 2 method, quality, what a match may reach back (low four bits)
    +       2, 2    none, length of the name
    +               name
    4 + n           content

Of other kinds the size of the content stands at 7, too. The checksum is the low half of
a CRC-32, its bits turned over.

Source: technical information of the archiver ACE by M. Lemke; acefile by
D. Roethlisberger.
"""

import zlib
from dataclasses import dataclass
from struct import Struct

from clearward.core.errors import Malformed, Truncated
from clearward.core.reader import Reader

NAME = "ace"
MAGIC = b"**ACE**"
FRONT = Struct("<HHBH")
SIZES = Struct("<II"), Struct("<QQ")
REST = Struct("<4xIIBxHxxH")
ARCHIVE, FILES = 0, (1, 3)
ADDED, LONG = 1, 4
VOLUME, BEGUN, GOES_ON, ENCRYPTED, SOLID = 0x800, 0x1000, 0x2000, 0x4000, 0x8000
FOLDER = 0x10
LEAST = 3  # bytes of a header behind its size
NUMBER = 17  # offset of the number of a volume


def checksum(data: bytes) -> int:
    """Return the CRC-32 as ACE has it."""
    return ~zlib.crc32(data) & 0xFFFFFFFF


@dataclass(frozen=True, slots=True)
class Header:
    """One header.

    Attributes:
        kind: what it is a header of.
        flags: bits as in the layout.
        start: offset of the content.
        packed: bytes of the content as it is packed.
        sound: its checksum is right.
        data: all of it.
    """

    kind: int
    flags: int
    start: int
    packed: int
    sound: bool
    data: bytes

    @property
    def volume(self) -> int:
        """The number of the volume, of an archive's header."""
        return self.data[NUMBER] if len(self.data) > NUMBER else 0


@dataclass(frozen=True, slots=True)
class File:
    """What the header of a file says beyond that.

    Attributes:
        size: bytes of the content.
        folder: it is none, but a folder.
        crc: checksum of the content.
        method: 0 stored, 1 LZ77, 2 blocked.
        name: raw.
    """

    size: int
    folder: bool
    crc: int
    method: int
    name: bytes


def read_header(reader: Reader, offset: int) -> Header:
    """Read a header.

    Raises:
        Malformed: it cannot be one.
        Truncated: the archive ends inside it.
    """
    front = reader.at(offset, FRONT.size)
    if len(front) < FRONT.size:
        raise Truncated(NAME, reader.size, "header")
    crc, size, kind, flags = FRONT.unpack(front)
    if size < LEAST:
        raise Malformed(NAME, offset + 2, "size of a header")
    data = reader.at(offset, 4 + size)
    if len(data) < 4 + size:
        raise Truncated(NAME, reader.size, "header")
    packed = 0
    if flags & ADDED:
        width = 8 if flags & LONG else 4
        packed = int.from_bytes(data[7 : 7 + width], "little")
    sound = checksum(data[4:]) & 0xFFFF == crc
    return Header(kind, flags, offset + len(data), packed, sound, data)


def read_file(header: Header) -> File:
    """Read on in the header of a file.

    Raises:
        Malformed: it is too short.
    """
    data = header.data
    sizes = SIZES[bool(header.flags & LONG)]
    place = FRONT.size + sizes.size
    if len(data) < place + REST.size:
        raise Malformed(NAME, header.start, "header of a file")
    _, size = sizes.unpack_from(data, FRONT.size)
    attributes, crc, method, _, length = REST.unpack_from(data, place)
    place += REST.size
    name = data[place : place + length]
    return File(size, bool(attributes & FOLDER), crc, method, name)
