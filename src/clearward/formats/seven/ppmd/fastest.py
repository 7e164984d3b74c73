"""PPMd by the fastest decoder that is there: compiled, or else the one in Python."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from clearward.core.errors import Malformed, Truncated
from clearward.core.reader import Forward
from clearward.formats.seven.fields import NAME
from clearward.formats.seven.ppmd import decoder
from clearward.formats.seven.ppmd.ranges import CoderOfRar, Source

if TYPE_CHECKING:
    from clearward.native import _ppmd

PIECE = 64 * 1024  # bytes yielded at once

COMPILED: "type[_ppmd.Decoder] | None" = None

try:
    from clearward.native import _ppmd
except ImportError as missing:
    # Anything else that is missing is a fault, not a choice.
    if missing.name not in {"clearward.native._ppmd", "clearward.native"}:
        raise
else:
    COMPILED = _ppmd.Decoder


def pieces(source: Forward, order: int, memory: int, size: int) -> Iterator[bytes]:
    """Yield `size` bytes.

    Args:
        source: the packed stream.
        order: length of the longest contexts, 2 to 64.
        memory: bytes for the model, at least 2,048.
        size: bytes of the content.

    Raises:
        Malformed: the stream is damaged. What stands before it was yielded.
        Truncated: it ends early; the same.
    """
    if COMPILED is None:
        yield from decoder.Decoder(source, order, memory).pieces(size)
        return
    fast = COMPILED(source.take, order, memory)
    while size > 0:
        wanted = min(size, PIECE)
        piece = fast.piece(wanted)
        size -= len(piece)
        yield piece
        if len(piece) < wanted:
            # What reading the stream raised is raised by the next call.
            if not fast.piece(1) and fast.ended():
                raise Truncated(NAME, source.offset, "stream of PPMd")
            raise Malformed(NAME, source.offset, "byte of PPMd")


class Rar:
    """PPMd in RAR, byte by byte, from a stream in which it is not the only thing.

    Args:
        source: the packed stream. No byte is taken that is not needed, if it gives one
            at a time.
        order: length of the longest contexts, 2 to 64.
        memory: bytes for the model, at least 2,048.
    """

    __slots__ = ("_decoder", "_source")

    def __init__(self, source: Source, order: int, memory: int) -> None:
        self._source = source
        self._decoder: _ppmd.Decoder | decoder.Decoder
        if COMPILED is not None:
            self._decoder = COMPILED(source.take, order, memory, rar=True)
        else:
            self._decoder = decoder.Decoder(source, order, memory, CoderOfRar)

    def next(self) -> int:
        """Return the next byte.

        Raises:
            Malformed: the stream is damaged.
            Truncated: it ends early.
        """
        if isinstance(self._decoder, decoder.Decoder):
            return next(filter(None, self._decoder.pieces(1)))[0]
        if piece := self._decoder.piece(1):
            return piece[0]
        if self._decoder.ended():
            raise Truncated(NAME, self._source.offset, "stream of PPMd")
        raise Malformed(NAME, self._source.offset, "byte of PPMd")

    def restart(self) -> None:
        """Begin with the range coder anew where the stream is; the model stays."""
        self._decoder.restart()
