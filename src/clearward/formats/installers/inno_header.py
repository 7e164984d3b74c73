"""Read the header of Inno Setup: blocks of the script, and where the files are.

    "Inno Setup Setup Data (" version ")", up to 64 bytes
    blocks: checksum of what follows of this front (4), packed size (4, or 8), packed
    (1); then the data, 4096 bytes at a time, each behind their CRC-32 (4)

A block is packed with LZMA, its properties in front, or in older versions with zlib.
The first holds the script, the second an entry for each file, numbers little-endian:

    first and last slice (4, 4), place of the chunk (4, or 8), place in the unpacked
    chunk (8), size (8), packed size of the chunk (8), checksum (16, 20 or 32), time
    (8), version (8), flags (2 to 4)

How long an entry is depends on the version, and is found by what makes sense.

Source: innoextract (zlib licence), stream/block and setup/data, which describe it.
"""

import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from struct import Struct

from clearward.core.errors import Malformed, Truncated
from clearward.core.limits import MIB
from clearward.core.reader import Reader, Stream
from clearward.core.reasons import Reason
from clearward.formats.decompressor import Undecoded
from clearward.formats.installers.packed import is_lzma, unpacked

NAME = "inno"
MAGIC = b"Inno Setup Setup Data ("
FRONT = 64
SEARCHED = 256  # bytes behind the front where the first block begins
PIECE = 4096
CRC = 4
MOST_BLOCK = 16 * MIB  # packed, and of the table unpacked
SIZES = (4, 8)  # bytes of the packed size
CHECKSUMS = (20, 32, 16)  # SHA-1, SHA-256, MD5
TAILS = (18, 19, 17, 20)  # time, version and flags
FLAGS = 16  # place of the flags among these
MOST_SLICES = 1024
LARGEST = 1 << 40
PLACES = (Struct("<IIIQQQ"), Struct("<IIQQQQ"))
CALLS = 1 << 4  # flag of a program whose calls were changed, up to 6.3
LAST_FLAGS, TURNING = (6, 4), (5, 3, 9)
VERSION_LENGTH = 3


@dataclass(frozen=True, slots=True)
class Location:
    """Where the content of a file is.

    Attributes:
        slice: of those that the data are spread over, counted from 0.
        chunk: place of the chunk among the data.
        packed: bytes of the chunk.
        start: place in the unpacked chunk.
        size: bytes of the content.
        flags: as they stand.
    """

    slice: int
    chunk: int
    packed: int
    start: int
    size: int
    flags: int


def version(text: bytes) -> tuple[int, ...]:
    """Return the version that a header's front says, empty if none."""
    said = text.removeprefix(MAGIC).partition(b")")[0].split(b".")
    digits = [int(each) for each in said if each.isdigit() and len(each) <= 4]  # noqa: PLR2004
    return tuple(digits[:VERSION_LENGTH])


def blocks(header: Reader) -> Iterator[Stream]:
    """Yield the content of each block.

    Args:
        header: from the magic on.

    Raises:
        Malformed: no block begins where one should.
    """
    tried = (_at(header, FRONT + skip) for skip in range(SEARCHED))
    found = next(filter(None, tried), None)
    if found is None:
        raise Malformed(NAME, min(FRONT, header.size), "front of a block")
    while found is not None:
        start, size = found
        content = header.slice(start, min(size, header.size - start))
        yield Stream(_unpacked(content))
        if size > content.size:
            raise Truncated(NAME, header.size, "block")
        found = _at(header, start + size)


def _at(header: Reader, place: int) -> tuple[int, int] | None:
    """Return where the data of a block begin and how long they are, if one is there."""
    front = header.at(place, CRC + 9)
    for width in SIZES:
        fields = front[CRC : CRC + width + 1]
        checksum = zlib.crc32(fields).to_bytes(CRC, "little")
        if len(fields) > width and any(fields) and front.startswith(checksum):
            return place + CRC + width + 1, int.from_bytes(fields[:width], "little")
    return None


def _unpacked(content: Reader) -> Iterator[bytes]:
    if content.size > MOST_BLOCK:
        raise Undecoded(NAME, 0, "size of a block", Reason.MEMORY_LIMIT)
    data = b"".join(
        content.at(start + CRC, PIECE) for start in range(0, content.size, CRC + PIECE)
    )
    if is_lzma(data[:8]):
        yield from unpacked(Reader.of(data), NAME)
    elif data[:1] == b"\x78":
        yield from unpacked(Reader.of(data[2:]), NAME)
    else:
        yield data


def locations(data: bytes, room: int) -> list[Location]:
    """Return the entries of the second block, none if it makes no sense.

    Args:
        data: the block.
        room: bytes that chunks of the first slice lie in.
    """
    for layout, checksum, tail in product(PLACES, CHECKSUMS, TAILS):
        size = layout.size + checksum + tail
        if not data or len(data) % size:
            continue
        found = [
            _location(layout, data[start : start + size], tail)
            for start in range(0, len(data), size)
        ]
        if all(_makes_sense(each, room) for each in found):
            return found
    return []


def _location(layout: Struct, entry: bytes, tail: int) -> Location:
    first, _, chunk, start, size, packed = layout.unpack_from(entry)
    flags = int.from_bytes(entry[len(entry) - tail + FLAGS :], "little")
    return Location(first, chunk, packed, start, size, flags)


def _makes_sense(each: Location, room: int) -> bool:
    if each.slice:
        return each.slice < MOST_SLICES
    return each.chunk < room and max(each.packed, each.start, each.size) < LARGEST
