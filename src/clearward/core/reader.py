"""Ways to read the bytes of a part: at random, or once from front to back.

    Reader   bytes at hand, of known size: a file, a buffer, or a slice of either
    Cursor   a position that moves forward through a Reader
    Stream   bytes that exist only while they are unpacked, read once

Cursor and Stream share the shape `Forward`, so a format that only ever reads ahead
(tar, ar, cpio) serves a file on disk and the inside of a compressed stream with the
same code.
"""

from collections.abc import Callable, Iterator
from itertools import chain
from typing import Protocol

CHUNK = 256 * 1024  # bytes that decoders yield at once, at most


class Reader:
    """Random access to the bytes of one part.

    Args:
        read: gives the bytes at an offset, fewer at the end of the part.
        size: bytes in the part.
        start: where the part begins for `read`.

    Attributes:
        size: bytes in the part.
    """

    __slots__ = ("_data", "_read", "_start", "size")

    def __init__(
        self, read: Callable[[int, int], bytes], size: int, start: int = 0
    ) -> None:
        self._read = read
        self._start = start
        self._data: bytes | None = None
        self.size = size

    @classmethod
    def of(cls, data: bytes) -> "Reader":
        """Read from a buffer."""
        reader = cls(lambda offset, size: data[offset : offset + size], len(data))
        reader._data = data
        return reader

    @property
    def held(self) -> bytes | None:
        """The whole part, if it already lies in one buffer."""
        return self._data

    def at(self, offset: int, size: int) -> bytes:
        """Return `size` bytes from `offset` on, or fewer at the end of the part."""
        size = min(size, self.size - offset)
        if size <= 0 or offset < 0:
            return b""
        return self._read(self._start + offset, size)

    def slice(self, offset: int, size: int) -> "Reader":
        """Return a reader over `size` bytes from `offset` on.

        Raises:
            ValueError: the slice does not lie inside the part.
        """
        if offset < 0 or size < 0 or size > self.size - offset:
            raise ValueError("a slice outside the part")
        return Reader(self._read, size, self._start + offset)

    def chunks(self) -> Iterator[bytes]:
        """Yield the part from front to back, `CHUNK` bytes at a time.

        A part whose bytes end early (a file that shrank) ends the iteration early.
        """
        offset = 0
        while chunk := self.at(offset, CHUNK):
            yield chunk
            offset += len(chunk)


class Forward(Protocol):
    """Bytes read once from front to back."""

    @property
    def offset(self) -> int:
        """Bytes read or skipped so far, the last part included."""

    def take(self, size: int) -> bytes:
        """Return the next `size` bytes, or fewer at the end."""

    def skip(self, size: int) -> int:
        """Pass over `size` bytes; return how many there were."""

    def part(self, size: int) -> "Content":
        """Return the next `size` bytes as a part of their own, fewer at the end.

        After the part has been read, `offset` tells whether the end came first.
        """

    def rest(self) -> Iterator[bytes]:
        """Yield everything that is left, in chunks."""

    def tail(self, unread: bytes) -> "Content | None":
        """Return everything that is left as a part, or None if there is nothing.

        Args:
            unread: the last bytes taken, put back before what is left.
        """


class Cursor:
    """A position that moves forward through a reader."""

    __slots__ = ("_reader", "offset")

    def __init__(self, reader: Reader, offset: int = 0) -> None:
        self._reader = reader
        self.offset = offset

    def take(self, size: int) -> bytes:
        """Return the next `size` bytes, or fewer at the end of the part."""
        data = self._reader.at(self.offset, size)
        self.offset += len(data)
        return data

    def skip(self, size: int) -> int:
        """Pass over `size` bytes; return how many there were."""
        passed = max(min(size, self._reader.size - self.offset), 0)
        self.offset += passed
        return passed

    def part(self, size: int) -> Reader:
        """Return the next `size` bytes as a reader, fewer at the end."""
        start = self.offset
        return self._reader.slice(start, self.skip(size))

    def rest(self) -> Iterator[bytes]:
        """Yield everything that is left, in chunks."""
        while chunk := self.take(CHUNK):
            yield chunk

    def tail(self, unread: bytes) -> Reader | None:
        """Return `unread` and everything behind it as a reader, None if empty."""
        start = self.offset - len(unread)
        left = self._reader.size - start
        return self._reader.slice(start, left) if left > 0 else None


class Stream:
    """Bytes that exist only while they are unpacked.

    Args:
        chunks: the bytes, in pieces of any length. Whatever it raises passes through
            to the caller of `take`; what came before stays good.
    """

    __slots__ = ("_child", "_chunk", "_chunks", "_offset", "_used")

    def __init__(self, chunks: Iterator[bytes]) -> None:
        self._chunks = chunks
        self._chunk = b""
        self._used = 0  # bytes of the chunk that were handed out
        self._child: Stream | None = None
        self._offset = 0

    @property
    def offset(self) -> int:
        """Bytes read or skipped so far, after passing over what a part left unread."""
        self._finish_child()
        return self._offset

    def some(self, size: int) -> bytes:
        """Return at least one and at most `size` bytes; nothing only at the end."""
        self._finish_child()
        while self._used == len(self._chunk):
            chunk = next(self._chunks, None)
            if chunk is None:
                return b""
            self._chunk, self._used = chunk, 0
        data = self._chunk[self._used : self._used + size]
        self._used += len(data)
        self._offset += len(data)
        return data

    def take(self, size: int) -> bytes:
        """Return the next `size` bytes, or fewer at the end."""
        pieces = []
        while size > 0 and (data := self.some(size)):
            pieces.append(data)
            size -= len(data)
        return b"".join(pieces)

    def skip(self, size: int) -> int:
        """Pass over `size` bytes; return how many there were."""
        passed = 0
        while passed < size and (data := self.some(min(size - passed, CHUNK))):
            passed += len(data)
        return passed

    def part(self, size: int) -> "Stream":
        """Return the next `size` bytes as a stream that shares this one's place.

        Reading on from the parent first passes over what the child left unread.
        """
        self._finish_child()
        child = Stream(self._bounded(size))
        self._child = child
        return child

    def rest(self) -> Iterator[bytes]:
        """Yield everything that is left, in chunks."""
        while data := self.some(CHUNK):
            yield data

    def tail(self, unread: bytes) -> "Stream | None":
        """Return `unread` and everything behind it as a stream, None if empty."""
        first = unread or self.some(CHUNK)
        return Stream(chain((first,), self.rest())) if first else None

    def _bounded(self, size: int) -> Iterator[bytes]:
        while size > 0 and (data := self._own(min(size, CHUNK))):
            size -= len(data)
            yield data

    def _own(self, size: int) -> bytes:
        child, self._child = self._child, None
        data = self.some(size)
        self._child = child
        return data

    def _finish_child(self) -> None:
        child = self._child
        if child is not None:
            for _ in child.rest():
                pass
            self._child = None


Content = Reader | Stream
