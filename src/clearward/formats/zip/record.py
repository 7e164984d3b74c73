"""Records of the central directory, one by one.

Layout, little endian (APPNOTE 4.3.12):

    offset  length  field
    0       4       magic, "PK" 01 02
    4       4       versions
    8       2       flags
    10      2       method
    12      4       time and date
    16      4       CRC-32
    20      4       packed size
    24      4       size
    28      2       length of the name
    30      2       length of the extra field
    32      2       length of the comment
    34      2       number of the disk the member starts on
    36      6       attributes
    42      4       offset of the local header on that disk
    46              name, extra field, comment
"""

from dataclasses import dataclass
from struct import Struct

from clearward.formats.zip.claim import DESCRIPTOR, Claim
from clearward.formats.zip.extra import ALL_ONES, widened
from clearward.formats.zip.window import Window

RECORD = b"PK\x01\x02"
HEADER = Struct("<4s4x2H4x3L4H6xL")
PLACES = Struct("<4s24x4H6xL")  # of the same, what says where things are


@dataclass(frozen=True, slots=True)
class Record:
    """What the directory says about one member.

    Attributes:
        name: as stored.
        claim: what it says about the data.
        disk: number of the disk the member starts on.
        offset: of the local header, counted as the archive counts.
        end: offset behind the record, in bytes from the start of the part.
    """

    name: bytes
    claim: Claim
    disk: int
    offset: int
    end: int


def read_record(window: Window, offset: int) -> Record | None:
    """Return the record at `offset`, or None if there is no whole one."""
    header = window.at(offset, HEADER.size)
    if len(header) < HEADER.size or not header.startswith(RECORD):
        return None
    _, flags, method, crc, packed, size, *rest = HEADER.unpack(header)
    name_size, extra_size, comment_size, disk, start = rest
    end = offset + HEADER.size + name_size + extra_size + comment_size
    if end > window.size:
        return None
    name = window.at(offset + HEADER.size, name_size)
    if ALL_ONES in (packed, size, start):
        extra = window.at(offset + HEADER.size + name_size, extra_size)
        size, packed, start = widened(extra, (size, packed, start))
    if flags & DESCRIPTOR and not packed and not size:  # as some writers leave it
        return Record(name, Claim(method, flags, (), None, None), disk, start, end)
    return Record(name, Claim(method, flags, (crc,), packed, size), disk, start, end)
