"""Unpack a zlib stream that is a file of its own (RFC 1950)."""

from collections.abc import Iterator

from clearward.core.part import Item, Part
from clearward.core.reader import Cursor, Reader, Stream
from clearward.formats.decompressor import Decompressor
from clearward.formats.inflate import Frames
from clearward.formats.lz import packed

NAME = "zlib"


def unpack(reader: Reader) -> Iterator[Item]:
    """Yield the content, and what lies behind the stream.

    Raises:
        Malformed: the stream is damaged. What stands before that was yielded.
        Truncated: it ends early; the same.
    """

    def begin(head: bytes) -> Decompressor | None:
        return packed.zlib_stream() if head else None

    stream = Frames(NAME, Cursor(reader), begin, once=True)
    yield Part(Stream(iter(stream)), b"", reader.size)
    tail = stream.tail()
    if tail is not None:
        yield Part(tail, b"trailing")
