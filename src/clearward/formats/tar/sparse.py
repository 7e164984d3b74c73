"""Maps of sparse files: where the bytes that are stored belong.

A sparse file is stored as its regions, one behind the other without the holes; the map
gives offset and length of each. Where the map stands (GNU tar manual, "Storing Sparse
Files"; star(5)):

    GNU, type S   in the header block: at 386 four entries of 24 bytes (offset and
                  length, as numbers of 12), at 482 a flag, at 483 the real size; while
                  the flag is set, another block: 21 entries, a flag at 504
    star, type S  the same with entries at 356, the flag at 355, the real size at 452
    pax 0.0, 0.1  in the records of the extended header
    pax 1.0       at the front of the content, decimal, one number a line: how many
                  entries, then each; padded to a whole block; libarchive also passes
                  over lines that start with "#"
"""

from collections.abc import Iterator
from dataclasses import dataclass

from clearward.core.reader import CHUNK, Reader
from clearward.formats.rewind import Rewind
from clearward.formats.tar.header import BLOCK, number
from clearward.formats.tar.pax import POINTS, Records, decimal

ENTRY = 24
ZEROS = bytes(64 * 1024)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a kind of header keeps its map: offsets in the block."""

    entries: int
    more: int
    real_size: int


GNU = Place(entries=386, more=482, real_size=483)
STAR = Place(entries=356, more=355, real_size=452)


@dataclass(frozen=True, slots=True)
class Map:
    """Where the stored bytes of a sparse file belong.

    Attributes:
        points: offset and length of each region, in turn, in bytes.
        size: bytes of the file with its holes.
    """

    points: tuple[int, ...]
    size: int

    def fits(self, stored: int) -> bool:
        """Say whether the map is one that every program reads alike.

        Regions lie in order and inside the file, and together are the `stored` bytes.
        All but the last that hold something are whole blocks: some programs store
        each region on a block of its own, and some do not.
        """
        end = total = 0
        if len(self.points) % 2:
            return False
        for offset, length in zip(self.points[::2], self.points[1::2], strict=True):
            if min(offset - end, length) < 0 or (length and total % BLOCK):
                return False
            end = offset + length
            total += length
        return end <= self.size and total == stored

    def is_whole(self) -> bool:
        """Say whether a map that fits has no holes: the file is what is stored."""
        return sum(self.points[1::2]) == self.size

    def expand(self, stored: Reader) -> Iterator[bytes]:
        """Yield the file with its holes, in chunks; the map fits what is stored."""
        at = taken = 0
        for offset, length in zip(self.points[::2], self.points[1::2], strict=True):
            yield from _zeros(offset - at)
            yield from _pieces(stored, taken, length)
            taken += length
            at = offset + length
        yield from _zeros(self.size - at)


def from_header(block: bytes, source: Rewind) -> Map | None:
    """Read the map of a member of type S, with the blocks that follow its header.

    They are passed in any case. None if the map is no map.
    """
    place = STAR if block[508:512] == b"tar\0" else GNU
    points = _entries(block[place.entries : place.entries + 4 * ENTRY])
    more = block[place.more]
    while more:
        following = source.take(BLOCK)
        more = len(following) == BLOCK and following[504]
        if len(following) < BLOCK:
            points.append(None)
        elif len(points) <= POINTS:
            points += _entries(following[: 21 * ENTRY])
    size = number(block[place.real_size : place.real_size + 12])
    known = tuple(point for point in points if point is not None)
    if size is None or len(known) < len(points) or len(known) > POINTS:
        return None
    return Map(known, size)


def from_records(records: Records) -> Map | None:
    """Take the map of versions 0.0 and 0.1 from the records; None if there is none."""
    if records.real_size is None or records.damaged:
        return None
    return Map(tuple(records.points), records.real_size)


def from_content(source: Rewind, size: int, real_size: int | None) -> Map | None:
    """Read the map of version 1.0 from the front of a content of `size` bytes.

    None if there is none that makes sense: then nothing was read.
    """
    text = bytearray()
    numbers = _Numbers()
    while not numbers.complete and len(text) + BLOCK <= size:
        block = source.take(BLOCK)
        text += block
        if len(block) < BLOCK or not numbers.read(block):
            break
    if real_size is None or not numbers.complete:
        source.give_back(bytes(text))
        return None
    return Map(tuple(numbers.points), real_size)


class _Numbers:
    """The lines of a map of version 1.0, as its blocks come.

    Attributes:
        points: the numbers behind the first.
    """

    def __init__(self) -> None:
        self.points: list[int] = []
        self._wanted: int | None = None
        self._line = b""  # without its end so far

    @property
    def complete(self) -> bool:
        """All numbers were read; whatever follows is padding."""
        return len(self.points) == self._wanted

    def read(self, block: bytes) -> bool:
        """Take a block; say whether it makes sense so far."""
        *lines, self._line = (self._line + block).split(b"\n")
        for line in lines:
            if self.complete:
                break
            if not line.startswith(b"#") and not self._add(decimal(line)):
                return False
        return len(self._line) <= BLOCK or self.complete

    def _add(self, value: int | None) -> bool:
        if value is None:
            return False
        if self._wanted is None:
            self._wanted = 2 * value
            return self._wanted <= POINTS
        self.points.append(value)
        return True


def _entries(table: bytes) -> list[int | None]:
    """Read entries up to the first empty one."""
    points: list[int | None] = []
    for at in range(0, len(table), ENTRY):
        if not table[at : at + ENTRY].strip(b"\0"):
            break
        points.append(number(table[at : at + 12]))
        points.append(number(table[at + 12 : at + ENTRY]))
    return points


def _zeros(size: int) -> Iterator[bytes]:
    while size > 0:
        yield ZEROS[:size]
        size -= len(ZEROS)


def _pieces(stored: Reader, at: int, size: int) -> Iterator[bytes]:
    while size > 0 and (piece := stored.at(at, min(size, CHUNK))):
        yield piece
        at += len(piece)
        size -= len(piece)
