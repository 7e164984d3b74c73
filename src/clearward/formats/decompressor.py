"""Decompressors in one shape: take input, give bounded pieces of output.

Those of bz2, lzma, zstd and lz4 have this shape already (`Decompressor`); zlib's
differs and is wrapped by `Zlib`. `Narrowed` decodes a stream that declares a larger
window than may be allocated with a smaller one, for as long as that is exact.
"""

import zlib
from typing import Protocol

from zlib_ng import zlib_ng

from clearward.core.errors import Malformed
from clearward.core.reasons import Reason


class Undecoded(Malformed):
    """A stream that may be whole and is not decoded here.

    Attributes:
        reason: why, such as `Reason.MEMORY_LIMIT`.
    """

    def __init__(self, format: str, offset: int, field: str, reason: Reason) -> None:
        super().__init__(format, offset, field)
        self.reason = reason


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
    """A stream of zlib in the shape of `Decompressor`; damage is a `zlib.error`.

    zlib-ng reads it: twice as fast as zlib, twenty times where a bomb repeats itself.

    Args:
        window: as zlib's `wbits`: negative for raw deflate, 31 for gzip.
    """

    def __init__(self, window: int) -> None:
        self._inner = zlib_ng.decompressobj(window)
        self.eof = False
        self.needs_input = True
        self.unused_data = b""

    def decompress(self, data: bytes, max_length: int) -> bytes:
        """Take input, give at most `max_length` bytes of output.

        Raises:
            zlib.error: the stream is damaged.
        """
        inner = self._inner
        if inner.unconsumed_tail:
            data = inner.unconsumed_tail + data
        try:
            output = inner.decompress(data, max_length)
        except zlib_ng.error as error:  # type: ignore[misc]  # so the stub says
            raise zlib.error(*error.args) from None
        # zlib may hold output though it has taken all input.
        self.needs_input = not inner.unconsumed_tail and len(output) < max_length
        self.eof = inner.eof
        self.unused_data = inner.unused_data
        return output


class Narrowed:
    """A stream that is decoded with a smaller window than it declares.

    That is exact until the stream reaches back farther than the window; then it fails.

    Args:
        inner: the decompressor, with the smaller window.
        declared: bytes of the header that declares the window, from the stream's start.
        narrow: the header that `inner` is given in its place.
        most: bytes of output up to which `inner` can be trusted to notice.
        errors: what `inner` raises.
    """

    def __init__(
        self,
        inner: Decompressor,
        declared: int,
        narrow: bytes,
        *,
        most: int | None = None,
        errors: tuple[type[Exception], ...] = (),
    ) -> None:
        self._inner = inner
        self._declared = declared
        self._narrow = narrow
        self._most = most
        self._errors = errors
        self.eof = False
        self.needs_input = True
        self.unused_data = b""

    def decompress(self, data: bytes, max_length: int) -> bytes:
        """Take input, give at most `max_length` bytes of output.

        Raises:
            Undecoded: the window was too small, or the stream is damaged.
        """
        if self._declared:
            passed = min(self._declared, len(data))
            self._declared -= passed
            data = (b"" if self._declared else self._narrow) + data[passed:]
        if self._most is not None:
            max_length = min(max_length, self._most) or 1
        try:
            output = self._inner.decompress(data, max_length)
        except self._errors as error:
            raise Undecoded("", 0, "window", Reason.MEMORY_LIMIT) from error
        if self._most is not None:
            if len(output) > self._most:
                raise Undecoded("", 0, "window", Reason.MEMORY_LIMIT)
            self._most -= len(output)
        self.eof = self._inner.eof
        self.needs_input = self._inner.needs_input
        self.unused_data = self._inner.unused_data
        return output
