"""A decoder that reads all of its input, in the shape of `Decompressor`."""

from collections.abc import Callable, Iterator

from clearward.core.errors import Malformed
from clearward.core.limits import MIB
from clearward.core.reader import Reader

MOST_PACKED = 32 * MIB
Expand = Callable[[Reader, int], Iterator[bytes]]


class Buffered:
    """One stream that is decoded when no more input comes.

    Args:
        expand: yields the content from the packed bytes and the size.
        size: bytes of the content.
    """

    def __init__(self, expand: Expand, size: int) -> None:
        self._expand = expand
        self._size = size
        self._input = bytearray()
        self._output: Iterator[bytes] | None = None
        self._piece = b""
        self._used = 0
        self._fault: Malformed | None = None
        self.eof = not size
        self.unused_data = b""

    @property
    def needs_input(self) -> bool:
        """More input may come."""
        return self._output is None

    def decompress(self, data: bytes, max_length: int) -> bytes:
        """Take input, give at most `max_length` bytes of output.

        Raises:
            MemoryError: more input than is kept.
            EOFError: the stream is damaged or ends early; what stands before that was
                given.
        """
        if data:
            self._input += data
            if len(self._input) > MOST_PACKED:
                raise MemoryError
            return b""
        if self._output is None:
            reader = Reader.of(bytes(self._input))
            self._input.clear()
            self._output = self._expand(reader, self._size)
        if self._used == len(self._piece):
            self._piece, self._used = self._next(), 0
        output = self._piece[self._used : self._used + max_length]
        self._used += len(output)
        self._size -= len(output)
        self.eof = not self._size
        return output

    def _next(self) -> bytes:
        if self._fault is None and self._output is not None:
            try:
                if piece := next(self._output, b""):
                    return piece
            except Malformed as error:
                self._fault = error
        raise EOFError
