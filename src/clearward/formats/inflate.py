"""Drive a decompressor so that its output comes in bounded pieces.

The decompressors of bz2, lzma, zstd and lz4 share one shape (`Decompressor`); zlib's
differs and is wrapped by `Zlib`. However small the input and large the output, no more
than `CHUNK` bytes come at once, so a bomb costs time that is charged, and no memory.
"""

import zlib
from collections.abc import Callable, Iterator
from typing import Protocol

from clearward.core.errors import Malformed, Truncated
from clearward.core.reader import CHUNK, Content, Forward

INPUT = 64 * 1024  # bytes of compressed input given to a decompressor at once


class Decompressor(Protocol):
    """One compressed stream, as `bz2.BZ2Decompressor` and its kin read it."""

    @property
    def eof(self) -> bool:
        """The end of the stream was reached."""

    @property
    def needs_input(self) -> bool:
        """No more output without more input."""

    @property
    def unused_data(self) -> bytes:
        """Input behind the end of the stream."""

    def decompress(self, data: bytes, max_length: int) -> bytes:
        """Take input, give at most `max_length` bytes of output."""


class Zlib:
    """`zlib.decompressobj` in the shape of `Decompressor`.

    Args:
        window: as zlib's `wbits`: negative for raw deflate, 31 for gzip.
    """

    def __init__(self, window: int) -> None:
        self._inner = zlib.decompressobj(window)

    @property
    def eof(self) -> bool:
        """The end of the stream was reached."""
        return self._inner.eof

    @property
    def needs_input(self) -> bool:
        """No more output without more input."""
        return not self._inner.unconsumed_tail

    @property
    def unused_data(self) -> bytes:
        """Input behind the end of the stream."""
        return self._inner.unused_data

    def decompress(self, data: bytes, max_length: int) -> bytes:
        """Take input, give at most `max_length` bytes of output."""
        return self._inner.decompress(self._inner.unconsumed_tail + data, max_length)


class Members:
    """The output of one or more compressed streams that follow each other.

    Iterate over it for the output; then `tail` gives what lies behind the last stream.

    Args:
        format: name for errors.
        source: the compressed bytes.
        make: makes a decompressor for the next stream.
        starts: says whether bytes begin another stream; without it there is only one.
        padding: bytes that may stand between streams and behind the last.
        errors: what the decompressor raises for damage.
    """

    def __init__(
        self,
        format: str,
        source: Forward,
        make: Callable[[], Decompressor],
        *,
        starts: Callable[[bytes], bool] = lambda left: False,  # noqa: ARG005
        padding: bytes = b"",
        errors: tuple[type[Exception], ...] = (zlib.error,),
    ) -> None:
        self._format = format
        self._source = source
        self._make = make
        self._starts = starts
        self._padding = padding
        self._errors = errors
        self._left = b""  # taken from the source, not yet part of a stream

    def __iter__(self) -> Iterator[bytes]:
        while True:
            yield from self._one()
            self._pass_padding()
            if not self._starts(self._left):
                return

    def tail(self) -> Content | None:
        """What lies behind the last stream and its padding, or None.

        Only good after the iteration came to its end without an error.
        """
        return self._source.tail(self._left)

    def _one(self) -> Iterator[bytes]:
        stream = self._make()
        data, self._left = self._left, b""
        while not stream.eof:
            if not data and stream.needs_input:
                data = self._source.take(INPUT)
                if not data:
                    raise Truncated(self._format, self._source.offset, "stream end")
            try:
                output = stream.decompress(data, CHUNK)
            except self._errors as error:
                raise Malformed(self._format, self._source.offset, "stream") from error
            data = b""
            if output:
                yield output
        self._left = stream.unused_data

    def _pass_padding(self) -> None:
        """Leave `INPUT` bytes in `_left` that are no padding, if there are so many."""
        while len(self._left) < INPUT:
            if self._padding:
                self._left = self._left.lstrip(self._padding)
            more = self._source.take(INPUT - len(self._left))
            if not more:
                return
            self._left += more
