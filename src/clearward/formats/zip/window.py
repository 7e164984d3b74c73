"""Small reads and searches in a part, whether it is held or lies on a disk.

A part that is held in one buffer is read from that. Of any other part blocks are
kept, two small ones for headers and a large one for searches, so that headers that lie
near each other cost one read together, and a search that stops often reads nothing
twice.
"""

import re

from clearward.core.reader import Reader

BLOCK = 64 * 1024  # bytes; blocks are aligned, so that going backwards is cheap too
STRETCH = 1024 * 1024
LONGEST = 32  # most bytes that may be searched for


class Window:
    """The bytes of a part, near where they are being read.

    Args:
        reader: the part.

    Attributes:
        reader: the part.
        size: bytes in the part.
        data: all of them, if they lie in one buffer.
        held: the part lies in one buffer, so that searching it is cheap.
    """

    __slots__ = (
        "_block",
        "_block_start",
        "_other",
        "_other_start",
        "_stretch",
        "_stretch_start",
        "data",
        "held",
        "reader",
        "size",
    )

    def __init__(self, reader: Reader) -> None:
        self.reader = reader
        self.size = reader.size
        self.data = reader.held
        self.held = self.data is not None
        self._block = b""
        self._block_start = 0
        self._other = b""  # the block before it
        self._other_start = -1
        self._stretch = b""
        self._stretch_start = -1

    def at(self, offset: int, size: int) -> bytes:
        """Return `size` bytes from `offset` on, or fewer at the end of the part."""
        if self.data is not None:
            return self.data[offset : offset + size] if offset >= 0 else b""
        inside = offset - self._block_start
        if inside < 0 or inside + size > len(self._block):
            if size > BLOCK or offset < 0:
                return self.reader.at(offset, size)
            self._turn_to(offset - offset % BLOCK)
            inside = offset - self._block_start
        return self._block[inside : inside + size]

    def _turn_to(self, start: int) -> None:
        """Read a block, unless it is the one before: a directory lies far from data."""
        block, there = self._block, self._block_start
        if start == self._other_start and self._other:
            self._block = self._other
        else:
            self._block = self.reader.at(start, 2 * BLOCK)
        self._block_start = start
        self._other, self._other_start = block, there

    def search(self, pattern: re.Pattern[bytes], start: int, stop: int) -> int:
        """Return the first match of `pattern` from `start` on, before `stop`; or -1."""
        if self.data is not None:
            found = pattern.search(self.data, start, stop + LONGEST)
            return found.start() if found and found.start() < stop else -1
        while start < stop:
            base = start - start % STRETCH
            data = self._stretch_at(base)
            found = pattern.search(data, start - base, stop - base + LONGEST)
            if found and base + found.start() < stop:
                return base + found.start()
            start = base + STRETCH
        return -1

    def rfind(self, magic: bytes, start: int, stop: int) -> int:
        """Return the last place of `magic` from `start` on, before `stop`; or -1."""
        reach = len(magic) - 1
        if self.data is not None:
            return self.data.rfind(magic, start, stop + reach)
        while start < stop:
            base = (stop - 1) - (stop - 1) % STRETCH
            data = self._stretch_at(base)
            hit = data.rfind(magic, max(start - base, 0), stop - base + reach)
            if hit >= 0:
                return base + hit
            stop = base
        return -1

    def _stretch_at(self, base: int) -> bytes:
        if base != self._stretch_start:
            self._stretch = self.reader.at(base, STRETCH + LONGEST)
            self._stretch_start = base
        return self._stretch
