"""Bytes that lie in pieces: the sectors of a chain, read as one part."""

from array import array
from bisect import bisect_right
from collections.abc import Iterator

from clearward.core.reader import Reader

HELD_MOST = 1 << 20  # bytes


class Pieces:
    """A part put together from places in another.

    Neighbours are joined, so that a file that is not fragmented takes one piece, and
    nothing is copied before it is read.

    Args:
        source: where the pieces lie.

    Attributes:
        size: bytes in all pieces.
    """

    __slots__ = ("_places", "_source", "_starts", "size")

    def __init__(self, source: Reader) -> None:
        self._source = source
        self._starts = array("Q")
        self._places = array("Q")
        self.size = 0

    def add(self, place: int, length: int) -> int:
        """Append what lies at `place`; return how much of it there is."""
        length = max(min(length, self._source.size - place), 0)
        if not length:
            return 0
        starts, places = self._starts, self._places
        if not starts or places[-1] + self.size - starts[-1] != place:
            starts.append(self.size)
            places.append(place)
        self.size += length
        return length

    def join(self, other: "Pieces") -> None:
        """Append the pieces of another over the same source."""
        for place, length in other.runs():
            self.add(place, length)

    def runs(self) -> Iterator[tuple[int, int]]:
        """Yield place and length of each piece."""
        ends = [*self._starts[1:], self.size]
        for start, place, end in zip(self._starts, self._places, ends, strict=True):
            yield place, end - start

    def reader(self, most: int | None = None) -> Reader:
        """Return a reader over the pieces, or over the first `most` bytes of them."""
        size = self.size if most is None else min(most, self.size)
        return Reader(self._read, size)

    def _read(self, offset: int, size: int) -> bytes:
        starts = self._starts
        number = bisect_right(starts, offset) - 1
        end = min(offset + size, self.size)
        found = []
        while offset < end:
            following = starts[number + 1] if number + 1 < len(starts) else self.size
            place = self._places[number] + offset - starts[number]
            found.append(self._source.at(place, min(following, end) - offset))
            offset = following
            number += 1
        return found[0] if len(found) == 1 else b"".join(found)


def held(pieces: Reader) -> Reader:
    """Return a reader over the same bytes, in one buffer if they are few."""
    if pieces.size > HELD_MOST:
        return pieces
    data = pieces.at(0, pieces.size)
    return Reader.of(data) if len(data) == pieces.size else pieces
