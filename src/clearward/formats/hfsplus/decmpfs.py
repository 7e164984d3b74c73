"""Files that HFS+ keeps packed: in an attribute, or in the resource fork.

    offset  length  field, little-endian
    0       4       "fpmc"
    4       4       3: the content follows; 4: it is in the resource fork; 7, 8: LZVN;
                    11, 12: LZFSE
    8       8       bytes without packing

In the resource fork, at a place that its first eight bytes lead to: a length, a count
(4), and for each 64 KiB place and bytes (4, 4). A piece is a zlib stream, or begins
with a byte whose low bits are all set and is not packed.

Source: as published in the descriptions of HFS+ compression; Linux and libarchive name
the same fields.
"""

import zlib
from collections.abc import Iterator
from struct import Struct

from clearward.core.errors import Malformed, Truncated
from clearward.core.reader import Reader

NAME = "hfsplus"
MAGIC = b"fpmc"
HEADER = Struct("<4sIQ")
INLINE, IN_FORK = 3, 4
PIECE = 64 * 1024
MOST_PIECES = 1 << 20
ENTRY = Struct("<II")
PLAIN = 0x0F


def readable(attribute: bytes) -> bool:
    """Say whether a file with such an attribute can be unpacked."""
    if len(attribute) < HEADER.size:
        return False
    magic, kind, _ = HEADER.unpack_from(attribute)
    return magic == MAGIC and kind in (INLINE, IN_FORK)


def content(attribute: bytes, fork: Reader) -> Iterator[bytes]:
    """Yield the content of a file that `readable` agreed to.

    Args:
        attribute: com.apple.decmpfs.
        fork: the resource fork.

    Raises:
        Malformed: a piece is damaged.
        Truncated: the fork ends before its pieces do.
    """
    _, kind, size = HEADER.unpack_from(attribute)
    if kind == INLINE:
        yield _piece(attribute[HEADER.size :], size)
        return
    start = int.from_bytes(fork.at(0, 4), "big") + 4
    count = int.from_bytes(fork.at(start, 4), "little")
    for number in range(min(count, MOST_PIECES)):
        entry = fork.at(start + 4 + number * ENTRY.size, ENTRY.size)
        if len(entry) < ENTRY.size:
            raise Truncated(NAME, 0, "resource fork")
        place, length = ENTRY.unpack(entry)
        data = fork.at(start + place, min(length, 2 * PIECE))
        if not data:
            raise Truncated(NAME, 0, "resource fork")
        yield _piece(data, PIECE)


def _piece(data: bytes, most: int) -> bytes:
    if data[:1] and data[0] & PLAIN == PLAIN:
        return data[1:]
    try:
        return zlib.decompressobj().decompress(data, min(most, 16 * PIECE) or 1)
    except zlib.error as error:
        raise Malformed(NAME, 0, "packed file") from error
