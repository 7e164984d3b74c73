"""Read the bits of a part from front to back, low or high ones of a byte first.

Behind the end there are zeros to look at, since codes are looked at by the longest one,
but none to pass over: a decoder that wants more than there is gets `Truncated`.
"""

from collections.abc import Iterator

from typing_extensions import override

from clearward.core.errors import Malformed, Truncated
from clearward.core.reader import Reader

AT_ONCE = 8  # bytes that are turned into a number together


class Bits:
    """Bits of a part; `LowBits` and `HighBits` say which come first.

    Args:
        reader: the bytes.
        format: name for errors.
        start: what is added to offsets in errors, in bytes.
    """

    __slots__ = ("_chunks", "_count", "_data", "_held", "_passed", "_place", "format")

    def __init__(self, reader: Reader, format: str, start: int = 0) -> None:
        self.format = format
        self._chunks: Iterator[bytes] = reader.chunks()
        self._data = b""
        self._place = 0  # bytes of the chunk that are in `_held` or behind
        self._passed = start  # bytes before the chunk
        self._held = 0
        self._count = 0  # bits of it

    @property
    def offset(self) -> int:
        """Bytes that are used up, the last one in part."""
        return self._passed + self._place - self._count // 8

    def bad(self, field: str) -> Malformed:
        """Make the error for a field that is wrong here."""
        return Malformed(self.format, self.offset, field)

    def _more(self) -> bytes:
        """Return the next bytes, none at the end."""
        if self._place >= len(self._data):
            self._passed += len(self._data)
            self._data = next(self._chunks, b"")
            self._place = 0
        piece = self._data[self._place : self._place + AT_ONCE]
        self._place += len(piece)
        return piece

    def _end(self) -> Truncated:
        return Truncated(self.format, self.offset, "stream end")

    def at_end(self) -> bool:
        """Say whether all bits were passed over."""
        if not self._count:
            self._fill(1)
        return not self._count

    def _fill(self, count: int) -> None:
        raise NotImplementedError

    def peek(self, count: int) -> int:
        """Return the next bits without passing over them, zeros behind the end."""
        raise NotImplementedError

    def drop(self, count: int) -> None:
        """Pass over bits.

        Raises:
            Truncated: there are not so many.
        """
        raise NotImplementedError

    def take(self, count: int) -> int:
        """Return the next bits and pass over them.

        Raises:
            Truncated: there are not so many.
        """
        value = self.peek(count)
        self.drop(count)
        return value


class LowBits(Bits):
    """The low bits of each byte first; the first bit is the lowest of a number."""

    __slots__ = ()

    @override
    def _fill(self, count: int) -> None:
        while self._count < count and (piece := self._more()):
            self._held |= int.from_bytes(piece, "little") << self._count
            self._count += 8 * len(piece)

    @override
    def peek(self, count: int) -> int:
        """Return the next bits without passing over them, zeros behind the end."""
        if self._count < count:
            self._fill(count)
        return self._held & (1 << count) - 1

    @override
    def drop(self, count: int) -> None:
        """Pass over bits."""
        if self._count < count:
            self._fill(count)
            if self._count < count:
                raise self._end()
        self._held >>= count
        self._count -= count


class HighBits(Bits):
    """The high bits of each byte first; the first bit is the highest of a number."""

    __slots__ = ()

    @override
    def _fill(self, count: int) -> None:
        while self._count < count and (piece := self._more()):
            size = 8 * len(piece)
            self._held = self._held << size | int.from_bytes(piece, "big")
            self._count += size

    @override
    def peek(self, count: int) -> int:
        """Return the next bits without passing over them, zeros behind the end."""
        if self._count < count:
            self._fill(count)
            if self._count < count:
                return self._held << (count - self._count)
        return self._held >> (self._count - count)

    @override
    def drop(self, count: int) -> None:
        """Pass over bits."""
        if self._count < count:
            self._fill(count)
            if self._count < count:
                raise self._end()
        self._count -= count
        self._held &= (1 << self._count) - 1
