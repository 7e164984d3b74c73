"""PPMd by the fastest decoder that is there: compiled, or else the one in Python."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from clearward.core.errors import Malformed, Truncated
from clearward.core.reader import Forward
from clearward.formats.seven.fields import NAME
from clearward.formats.seven.ppmd import decoder

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
