"""The content of a member that a library of today unpacks."""

import bz2
import zlib
from collections.abc import Callable, Iterator

from clearward.core.reader import Cursor, Reader
from clearward.formats.decompressor import Decompressor, Zlib
from clearward.formats.inflate import Frames

Begin = Callable[[], Decompressor]
ERRORS = (zlib.error, OSError, EOFError, ValueError)


def deflate() -> Decompressor:
    """Begin a stream of deflate without a header."""
    return Zlib(-zlib.MAX_WBITS)


def zlib_stream() -> Decompressor:
    """Begin a stream of zlib."""
    return Zlib(zlib.MAX_WBITS)


def bzip2() -> Decompressor:
    """Begin a stream of bzip2."""
    return bz2.BZ2Decompressor()


def unpacked(
    format: str,
    content: Reader,
    begin: Begin,
    errors: tuple[type[Exception], ...] = ERRORS,
) -> Iterator[bytes]:
    """Yield what the one stream at the front unpacks to.

    Raises:
        Malformed: the stream is damaged. What stands before that was yielded.
        Truncated: it ends early; the same.
    """

    def first(head: bytes) -> Decompressor | None:
        return begin() if head else None

    yield from Frames(format, Cursor(content), first, once=True, errors=errors)
