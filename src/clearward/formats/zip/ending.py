"""End records, which say where the central directory lies, in both their sizes.

Layout, little endian (APPNOTE 4.3.14 to 4.3.16):

    offset  length  field of the end record
    0       4       magic, "PK" 05 06
    4       2       number of this disk
    6       2       number of the disk with the directory
    8       2       members on this disk
    10      2       members
    12      4       bytes of the directory
    16      4       offset of the directory
    20      2       length of the comment
    22              comment

    In zip64 there is a locator in the 20 bytes before it:
    0       4       magic, "PK" 06 07
    8       8       offset of the zip64 end record

    and somewhere before that the zip64 end record:
    0       4       magic, "PK" 06 06
    16      4       number of this disk
    20      4       number of the disk with the directory
    24      8       members on this disk
    32      8       members
    40      8       bytes of the directory
    48      8       offset of the directory
    56      28      only with an encrypted directory: method, sizes, algorithm

Programs differ in what they trust: some take the directory to end where the end record
begins, some go by its offset. Both places are looked at.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from struct import Struct

from clearward.formats.zip.record import HEADER as RECORD_HEADER
from clearward.formats.zip.window import Window

END = b"PK\x05\x06"
LAYOUT = Struct("<4s4H2LH")
LOCATOR = b"PK\x06\x07"
LOCATOR_LAYOUT = Struct("<4sLQL")
END64 = b"PK\x06\x06"
LAYOUT64 = Struct("<4sQ2H2L4Q")
UNCOUNTED = 12  # the length in a zip64 end record leaves out magic and length
LOCKED = Struct("<H2QH")  # method, packed size, size, algorithm
EXTRA_DATA = b"PK\x06\x08"  # stands before a directory that is encrypted


@dataclass(frozen=True, slots=True)
class Place:
    """Where a central directory may lie.

    Attributes:
        start: offset of its first record, in bytes from the start of the part.
        base: what to add to the offsets in it.
    """

    start: int
    base: int


@dataclass(frozen=True, slots=True)
class Ending:
    """What one end record says.

    Attributes:
        before: offset of the end record, or of the zip64 one if that is meant.
        disk: number of this disk, counted from 0.
        members: number of members; in the short form only its lowest 16 bits.
        size: bytes of the directory.
        offset: of the directory, as the archive counts.
        locked: the directory is encrypted.
    """

    before: int
    disk: int
    members: int
    size: int
    offset: int
    locked: bool = False

    @property
    def places(self) -> Iterator[Place]:
        """Where the directory may lie, the likelier place first."""
        by_size = self.before - self.size
        if by_size >= 0:
            yield Place(by_size, by_size - self.offset)
        if by_size != self.offset and self.offset < self.before:
            yield Place(self.offset, 0)

    @property
    def believable(self) -> bool:
        """The numbers fit each other and the place where they stand."""
        if not self.members:
            return not self.size
        least = self.members * RECORD_HEADER.size
        return least <= self.size <= self.before - self.offset


@dataclass(frozen=True, slots=True)
class Endings:
    """One end record with all its readings.

    Attributes:
        readings: the short form, then the zip64 form if there is one.
        last: the comment ends where the part ends.
    """

    readings: tuple[Ending, ...]
    last: bool


def read_endings(window: Window, offset: int) -> Endings | None:
    """Return what the end record at `offset` says, or None if it is cut."""
    header = window.at(offset, LAYOUT.size)
    if len(header) < LAYOUT.size:
        return None
    _, disk, _, _, members, size, start, comment = LAYOUT.unpack(header)
    last = offset + LAYOUT.size + comment == window.size
    long = _long(window, offset)
    short = Ending(offset, disk, members, size, start)
    if long is None:
        return Endings((short,), last)
    # the short form may be all ones then, which is no reading of its own
    readings = (long,) if not short.believable else (short, long)
    return Endings(readings, last)


def _long(window: Window, offset: int) -> Ending | None:
    locator = window.at(offset - LOCATOR_LAYOUT.size, LOCATOR_LAYOUT.size)
    if not locator.startswith(LOCATOR):
        return None
    where = LOCATOR_LAYOUT.unpack(locator)[2]
    adjacent = offset - LOCATOR_LAYOUT.size - LAYOUT64.size
    for before in (adjacent, where):
        record = window.at(before, LAYOUT64.size + LOCKED.size)
        if record.startswith(END64) and len(record) >= LAYOUT64.size:
            return _ending64(record, before)
    return None


def _ending64(record: bytes, before: int) -> Ending:
    fields = LAYOUT64.unpack_from(record)
    length, disk, members, size, start = fields[1], fields[4], *fields[7:]
    locked = False
    whole = LAYOUT64.size + LOCKED.size
    if length >= whole - UNCOUNTED and len(record) >= whole:
        locked = bool(LOCKED.unpack_from(record, LAYOUT64.size)[3])
    return Ending(before, disk, members, size, start, locked)
