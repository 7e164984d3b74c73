"""Where a file holds data, and where there is nothing but a hole.

A file of a terabyte may hold a megabyte. Only that is read, kept and given back.

Source: lseek(2), SEEK_DATA and SEEK_HOLE.
"""

import errno
import os
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

PIECE = 1 << 20  # bytes read at once
_MOST = 10_000  # of one file; one with more is kept whole
_ZEROS = bytes(PIECE)


@dataclass(frozen=True, slots=True)
class Extent:
    """A run of bytes that are data.

    Attributes:
        start: bytes from the start of the file.
        length: bytes, above 0.

    Raises:
        ValueError: out of these ranges.
    """

    start: int
    length: int

    def __post_init__(self) -> None:
        if self.start < 0 or self.length <= 0:
            raise ValueError("no such extent")

    @property
    def end(self) -> int:
        """Where the next byte stands."""
        return self.start + self.length


class Hash(Protocol):
    """What takes bytes to hash them."""

    def update(self, data: bytes, /) -> None:
        """Take more of them."""


def extents(descriptor: int, size: int) -> tuple[Extent, ...]:
    """Return where the data are, in order; the offset of the descriptor is moved."""
    whole = (Extent(0, size),) if size else ()
    found: list[Extent] = []
    at = 0
    try:
        while at < size and len(found) < _MOST:
            start = os.lseek(descriptor, at, os.SEEK_DATA)
            at = min(os.lseek(descriptor, start, os.SEEK_HOLE), size)
            if at <= start:
                break
            found.append(Extent(start, at - start))
    except OSError as error:
        if error.errno == errno.ENXIO:  # nothing but a hole is left
            return tuple(found)
        return whole
    return tuple(found) if at >= size else whole


def pieces(descriptor: int, among: tuple[Extent, ...]) -> Iterator[tuple[int, bytes]]:
    """Yield the data with their places; ends early where the file does."""
    for extent in among:
        at = extent.start
        while at < extent.end:
            piece = os.pread(descriptor, min(PIECE, extent.end - at), at)
            if not piece:
                return
            yield at, piece
            at += len(piece)


class Digest:
    """Hashes a file of which only the data come, each with its place, in order."""

    def __init__(self, hash: Hash) -> None:
        self._hash = hash
        self.at = 0

    def add(self, start: int, piece: bytes) -> None:
        """Take data; what lies between them and the last ones is a hole."""
        self.fill(start)
        self._hash.update(piece)
        self.at += len(piece)

    def fill(self, end: int) -> None:
        """Take a hole up to `end`."""
        while self.at < end:
            length = min(PIECE, end - self.at)
            self._hash.update(_ZEROS[:length])
            self.at += length
