"""Unpack the output of compress(1), .Z.

Layout (compress(1); LZW of Welch, 1984): 1F 9D; a byte with the most bits of a code,
and 128 if the table may be cleared; then codes of 9 and more bits. There is no end mark
and no checksum: a stream that is cut short looks whole.

libarchive reads it.
"""

from collections.abc import Iterator

from clearward.core.part import Item, Part
from clearward.core.reader import Reader, Stream
from clearward.formats import libarchive

NAME = "compress"


def unpack(source: Reader) -> Iterator[Item]:
    """Yield the content.

    Raises:
        Malformed: while the content is read: a code that cannot be.
    """
    yield Part(Stream(libarchive.stream(NAME, source, "compress")), packed=source.size)
