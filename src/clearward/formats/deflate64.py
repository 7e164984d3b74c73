"""Deflate64 in the shape of `Decompressor`: deflate with matches as long as its window.

Zip knows it as method 9, 7z as 04 01 09. The window is 64 KiB, so a match may be as
long as that, and one byte of input can stand for 29,000 bytes of output.
"""

from clearward.formats import heavy

STEP = 256  # bytes of input that the library gets at once


class Deflate64:
    """One stream of Deflate64.

    The library neither bounds its output nor says what it left unread, so it gets
    little input at once, and the end of the stream is known only to `STEP` bytes.

    Raises:
        NotLoaded: the library is not in this process.
    """

    def __init__(self) -> None:
        self._inner = heavy.library("inflate64").Inflater()
        self._input = b""

    @property
    def eof(self) -> bool:
        """The end of the stream was reached."""
        return bool(self._inner.eof)

    @property
    def needs_input(self) -> bool:
        """No more output without more input."""
        return not self._input

    @property
    def unused_data(self) -> bytes:
        """Input that was certainly not read."""
        return self._input

    def decompress(self, data: bytes, max_length: int) -> bytes:  # noqa: ARG002
        """Take input, give at most 29,000 times `STEP` bytes of output.

        Raises:
            ValueError: the stream is damaged.
        """
        if data:
            self._input += data
        step, self._input = self._input[:STEP], self._input[STEP:]
        return bytes(self._inner.inflate(step)) if step else b""
