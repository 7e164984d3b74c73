"""Headers of LHA archives: where each member's content lies and how it is packed.

Layout, numbers little-endian (LHA header notes of its authors, as the manual of lhasa
collects them); `unpack/lha.py` draws the front that levels 0 to 2 share:

    level 0     1 size of the header less 2; at 21 length of the name, name, CRC-16 (2)
    level 1     the same, then system (1), size of an extended header (2); extended
                headers, each ending in the size of the next, count as packed data
    level 2     2 size of the header; at 21 CRC-16 (2), system (1), extended headers
    level 3     2 width of sizes, 4; at 21 as level 2, size of the header (4)
"""

from collections.abc import Iterator
from dataclasses import dataclass

from clearward.core.reader import Reader

LEAST = 22
MOST_EXTENDED = 64 * 1024  # bytes of all extended headers


@dataclass(frozen=True, slots=True)
class Header:
    """What is needed to unpack a member.

    Attributes:
        method: such as ``b"-lh1-"``.
        start: offset of the content.
        packed: bytes that it takes.
        size: bytes of the content.
        crc: CRC-16 of it.
    """

    method: bytes
    start: int
    packed: int
    size: int
    crc: int


def headers(reader: Reader) -> Iterator[Header]:
    """Yield the headers of an archive, up to what is none."""
    offset = 0
    while len(front := reader.at(offset, 64)) >= LEAST and front[0] | front[1]:
        header = _header(reader, offset, front)
        if header is None:
            return
        yield header
        offset = header.start + header.packed


def _header(reader: Reader, offset: int, front: bytes) -> Header | None:
    packed = int.from_bytes(front[7:11], "little")
    size = int.from_bytes(front[11:15], "little")
    level = front[20]
    if level in (0, 1):
        place = offset + 22 + front[21]
        start = offset + front[0] + 2
        if level == 1:
            extended = _extended(reader, start)
            if extended > packed:
                return None
            start, packed = start + extended, packed - extended
    elif level in (2, 3):
        place = offset + 21
        length = front[:2] if level == 2 else front[24:28]  # noqa: PLR2004 - the layout
        start = offset + max(int.from_bytes(length, "little"), LEAST)
    else:
        return None
    crc = int.from_bytes(reader.at(place, 2), "little")
    return Header(front[2:7], start, packed, size, crc)


def _extended(reader: Reader, start: int) -> int:
    """Bytes of the extended headers behind a header that ends with the first's size."""
    total = 0
    size = int.from_bytes(reader.at(start - 2, 2), "little")
    while size and total < MOST_EXTENDED:
        total += size
        size = int.from_bytes(reader.at(start + total - 2, 2), "little")
    return total
