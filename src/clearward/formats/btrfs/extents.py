"""The content of a file of Btrfs.

Layout of an extent, numbers little-endian (Btrfs documentation, on-disk format): at 8
bytes unpacked (8), 16 packed with (1: 1 zlib, 2 LZO, 3 Zstandard), 17 encryption (1),
20 kind (1: 0 here, 1 elsewhere, 2 promised and so zeros), at 21 the content, or its
place (8, 0 for zeros), packed size (8), bytes of it to pass over (8), and those that
count (8).

LZO: bytes of all (4), then of each piece (4), which has a sector unpacked; no length
stands across the border of a sector.
"""

import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from backports.zstd import ZstdDecompressor, ZstdError

from clearward.core.errors import Malformed, Truncated
from clearward.core.limits import MIB
from clearward.core.reader import CHUNK, Content, Stream
from clearward.core.reasons import Reason
from clearward.formats.btrfs.volume import NAME, Volume, number
from clearward.formats.decompressor import Undecoded
from clearward.formats.disks.mapped import HOLE, Run
from clearward.formats.disks.mapped import runs as mapped
from clearward.formats.lz import lzo

HEAD = 21
INLINE, ELSEWHERE = 0, 1
PLAIN, ZLIB, LZO, ZSTD = range(4)
MOST_PACKED = 1 * MIB  # eight times what there is
ERRORS = (zlib.error, ZstdError)
LENGTH = 4


@dataclass(frozen=True, slots=True)
class Extent:
    """A piece of a file.

    Attributes:
        start: its offset in the file.
        data: as the layout has it.
    """

    start: int
    data: bytes

    @property
    def is_inline(self) -> bool:
        """The content stands here."""
        return self.data[20:21] == bytes((INLINE,))

    @property
    def method(self) -> int:
        """What it is packed with."""
        return number(self.data, 16, 1)

    @property
    def whole(self) -> int:
        """Bytes unpacked, of which not all may count."""
        return number(self.data, 8)

    @property
    def place(self) -> int:
        """Where it lies, 0 if it is zeros."""
        return number(self.data, 21) if self.data[20:21] == b"\1" else 0

    @property
    def size(self) -> int:
        """Bytes of the file."""
        return self.whole if self.is_inline else number(self.data, 45)


def reason(extents: Sequence[Extent]) -> Reason | None:
    """Say why a file cannot be read, None if it can."""
    if any(number(extent.data, 17, 1) for extent in extents):
        return Reason.ENCRYPTED
    return Reason.UNSUPPORTED if any(e.method > ZSTD for e in extents) else None


def content(volume: Volume, extents: Sequence[Extent], size: int) -> Content:
    """Return the content of a file.

    Args:
        volume: has it.
        extents: all of them, in order.
        size: bytes of the file.

    Raises:
        Malformed: an extent lies nowhere.
    """
    if any(extent.method or extent.is_inline for extent in extents):
        return Stream(_pieces(volume, extents, size))
    pieces, end = [], 0
    for extent in extents:
        if extent.start > end:
            pieces.append(Run(HOLE, extent.start - end))
        passed = min(max(end - extent.start, 0), extent.size)
        place = HOLE
        if extent.place:
            place = _place(volume, extent) + passed
        pieces.append(Run(place, extent.size - passed))
        end = max(end, extent.start + extent.size)
    if size > end:
        pieces.append(Run(HOLE, size - end))
    return mapped(volume.image, pieces, size)


def _place(volume: Volume, extent: Extent) -> int:
    size = extent.size
    place = volume.place(extent.place + number(extent.data, 37), size)
    if place > volume.image.size - size:
        volume.note(Truncated(NAME, volume.image.size, "extent"))
    return place


def _pieces(volume: Volume, extents: Sequence[Extent], size: int) -> Iterator[bytes]:
    """Yield the content.

    Raises:
        Malformed: an extent is damaged. What stands before it was yielded.
    """
    end = 0
    for extent in extents:
        yield from _zeros(min(extent.start, size) - end)
        end = max(end, min(extent.start, size))
        passed = end - extent.start
        for piece in _extent(volume, extent):
            fresh = piece[passed:] if passed > 0 else piece
            passed -= len(piece)
            fresh = fresh[: size - end]
            if fresh:
                end += len(fresh)
                yield fresh
    yield from _zeros(size - end)


def _zeros(count: int) -> Iterator[bytes]:
    while count > 0:
        yield bytes(min(count, CHUNK))
        count -= CHUNK


def _extent(volume: Volume, extent: Extent) -> Iterator[bytes]:
    if extent.is_inline:
        yield _unpacked(extent, extent.data[HEAD:], volume.sector)
    elif not extent.place:
        yield from _zeros(extent.size)
    elif not extent.method:
        place = _place(volume, extent)
        there = max(min(extent.size, volume.image.size - place), 0)
        yield from volume.image.slice(min(place, volume.image.size), there).chunks()
        yield from _zeros(extent.size - there)
    else:
        packed = number(extent.data, 29)
        if max(packed, extent.whole) > MOST_PACKED:
            raise Undecoded(NAME, 0, "size of an extent", Reason.MEMORY_LIMIT)
        data = volume.image.at(volume.place(extent.place, packed), packed)
        passed = number(extent.data, 37)
        output = _unpacked(extent, data, volume.sector)
        yield output[passed : passed + extent.size]


def _unpacked(extent: Extent, data: bytes, sector: int) -> bytes:
    """Return what an extent unpacks to.

    Raises:
        Malformed: it is damaged.
    """
    most = min(extent.whole, MOST_PACKED)
    try:
        if extent.method == ZLIB:
            data = zlib.decompressobj().decompress(data, most) if most else b""
        elif extent.method == ZSTD:
            data = ZstdDecompressor().decompress(data, most)
        elif extent.method == LZO:
            data = b"".join(_lzo(data, most, sector))
    except ERRORS as error:
        raise Malformed(NAME, 0, "packed extent") from error
    if extent.method and len(data) < most:
        raise Truncated(NAME, 0, "packed extent")
    return data[:most]


def _lzo(data: bytes, most: int, sector: int) -> Iterator[bytes]:
    end = min(number(data, 0, LENGTH), len(data))
    at = LENGTH
    while at + LENGTH <= end and most > 0:
        size = number(data, at, LENGTH)
        at += LENGTH
        piece = lzo.block(data[at : at + size], NAME, min(sector, most))
        yield piece
        most -= len(piece)
        at += size
        if sector - at % sector < LENGTH:
            at += sector - at % sector
