"""A stream that stands behind itself again and again is decoded once.

A few kilobytes of a stream that unpacks to megabytes of one byte, joined hundreds of
times, are a bomb that costs little to make. What it holds has to be seen whole, since
a match may begin in one stream and end in the next; it does not have to be decoded
anew.
"""

from collections.abc import Callable

from clearward.core.limits import KIB, MIB
from clearward.formats.decompressor import Decompressor

MOST_INPUT = 65 * KIB  # bytes of a stream that is remembered, and of what is read ahead
MOST_OUTPUT = 1 * MIB  # bytes of it that differ from what came right before

Begin = Callable[[bytes], Decompressor | None]


class _Recorded:
    """A stream that is decoded while what goes in and comes out is noted.

    Attributes:
        input: the stream; empty if it is not remembered.
        output: what it gave, in pieces, of which equal neighbours are one object.
    """

    def __init__(self, inner: Decompressor) -> None:
        self._inner = inner
        self._keeps = True
        self._distinct = 0
        self.input = bytearray()
        self.output: list[bytes] = []
        self.eof = False
        self.needs_input = True
        self.unused_data = b""

    def decompress(self, data: bytes, max_length: int) -> bytes:
        """Take input, give at most `max_length` bytes of output."""
        inner = self._inner
        output = inner.decompress(data, max_length)
        self.eof = inner.eof
        self.needs_input = inner.needs_input
        self.unused_data = inner.unused_data
        if self._keeps:
            self._note(data, output)
        return output

    def _note(self, data: bytes, output: bytes) -> None:
        self.input += data
        if output and self.output and output == self.output[-1]:
            self.output.append(self.output[-1])
        elif output:
            self.output.append(output)
            self._distinct += len(output)
        if self.eof:
            del self.input[len(self.input) - len(self.unused_data) :]
        if len(self.input) > MOST_INPUT or self._distinct > MOST_OUTPUT:
            self._keeps = False
            self.input.clear()
            self.output.clear()


class _Again:
    """The same stream once more: its output is known."""

    def __init__(self, before: _Recorded) -> None:
        self._pieces = iter(before.output)
        self._wanted = len(before.input)
        self._piece = b""
        self.eof = False
        self.unused_data = b""

    @property
    def needs_input(self) -> bool:
        """No more output without more input."""
        return self._wanted > 0

    def decompress(self, data: bytes, max_length: int) -> bytes:
        """Take input, give at most `max_length` bytes of output."""
        taken = min(len(data), self._wanted)
        self._wanted -= taken
        self.unused_data += data[taken:]
        if self._wanted:
            return b""
        piece = self._piece or next(self._pieces, b"")
        output, self._piece = piece[:max_length], piece[max_length:]
        self.eof = not piece
        return output


class Repeated:
    """Begins streams; one that begins with all of the one before it is that again.

    Args:
        begin: makes the decompressor of a stream from its first bytes, or None.
    """

    def __init__(self, begin: Begin) -> None:
        self._begin = begin
        self._before: _Recorded | None = None

    def __call__(self, head: bytes) -> Decompressor | None:
        """Return what decodes the stream that begins with `head`, or None."""
        before = self._before
        known = before is not None and before.eof and before.input
        if before is not None and known and head.startswith(before.input):
            return _Again(before)
        inner = self._begin(head)
        self._before = None if inner is None else _Recorded(inner)
        return self._before
