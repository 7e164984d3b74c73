"""Unpack Snappy in frames.

Layout (framing format 1): chunks, each kind (1), size (3, little-endian), content: FF
begins a stream ("sNaPpY"); 00 is packed and 01 is not, both behind a checksum (4); from
80 on they may be passed over, others may not.

A packed chunk (Snappy format description): size in groups of seven bits, then by the
low two bits of a byte: 0 bytes as they are, 1 to 3 matches with 11, 16 and 32 bits of
distance. No chunk unpacks to more than 65536 bytes.
"""

from collections.abc import Iterator

from clearward.core.errors import Malformed, Truncated
from clearward.core.part import Item, Part
from clearward.core.reader import Reader, Stream
from clearward.formats.lz.output import Output

NAME = "snappy"
PACKED, PLAIN = 0, 1
SKIPPED = 0x80
CHECKSUM = 4
MOST = 64 * 1024
MOST_PACKED = MOST + MOST // 6 + 32 + CHECKSUM
FEW = 60  # sizes of literals from here on stand in bytes of their own


def unpack(reader: Reader) -> Iterator[Item]:
    """Yield the content of all chunks as one part.

    Raises, while the part is read:
        Malformed: a chunk is damaged or of an unknown kind. Those before it were given.
        Truncated: the last one ends early; the same.
    """
    yield Part(Stream(_chunks(reader)), b"", reader.size)


def _chunks(reader: Reader) -> Iterator[bytes]:
    offset = 0
    while head := reader.at(offset, 4):
        if len(head) < len(b"size"):
            raise Truncated(NAME, offset, "chunk")
        kind, size = head[0], int.from_bytes(head[1:], "little")
        if kind in (PACKED, PLAIN):
            if size > MOST_PACKED:
                raise Malformed(NAME, offset, "size of a chunk")
            data = reader.at(offset + 4 + CHECKSUM, size - CHECKSUM)
            yield data if kind == PLAIN else _expanded(data, offset)
        elif kind < SKIPPED:
            raise Malformed(NAME, offset, "kind of a chunk")
        offset += 4 + size
        if offset > reader.size:
            raise Truncated(NAME, reader.size, "chunk")


def _expanded(data: bytes, offset: int) -> bytes:
    """Return what a packed chunk holds."""
    output = Output(MOST)
    at = 0
    while at < len(data) and data[at] > 127:  # noqa: PLR2004 - the high bit goes on
        at += 1
    at += 1
    while at < len(data):
        tag = data[at]
        at += 1
        kind, rest = tag & 3, tag >> 2
        if kind == 0:
            width = max(rest - FEW + 1, 0)
            size = int.from_bytes(data[at : at + width], "little") if width else rest
            at += width
            output.data += data[at : at + size + 1]
            at += size + 1
            sound = at <= len(data)
        else:
            width = (1, 2, 4)[kind - 1]
            distance = int.from_bytes(data[at : at + width], "little")
            at += width
            size = rest + 1
            if kind == 1:
                distance |= (tag >> 5) << 8
                size = (rest & 7) + 4
            sound = output.copy(distance, size)
        if not sound or len(output.data) > MOST:
            raise Malformed(NAME, offset, "chunk")
    return bytes(output.data)
