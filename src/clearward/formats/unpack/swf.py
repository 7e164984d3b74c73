"""Unpack compressed Flash: what it is without compression.

    offset  length  field
    0       1       C: zlib; Z: LZMA
    1       2       "WS"
    3       1       version
    4       4       bytes without compression, these 8 included, little-endian
    8               zlib stream (RFC 1950)
    8       4       LZMA: bytes of the stream behind the properties
    12      5       LZMA: properties and dictionary
    17              LZMA: the stream, without a size of its own

The part yielded begins with "FWS" and the other five bytes, as if the file had never
been compressed. What lies behind the stream is a part of its own.

Source: SWF file format specification, version 19, chapter 2.
"""

from collections.abc import Iterator
from itertools import chain
from struct import Struct

from clearward.core.errors import Truncated
from clearward.core.part import Item, Part
from clearward.core.reader import Cursor, Reader, Stream
from clearward.formats.decompressor import Zlib
from clearward.formats.inflate import Frames
from clearward.formats.lzma_alone import frames as lzma_frames

NAME = "swf"
HEADER = Struct("<3sBI")
LZMA_LENGTH = 4
LZMA_PROPERTIES = 5
PLAIN = b"FWS"


def unpack(movie: Reader) -> Iterator[Item]:
    """Yield the movie without compression, and what lies behind it.

    Raises:
        Malformed: the stream is damaged.
        Truncated: the stream has no end, or no beginning.
        Undecoded: memory-limit, a dictionary that is too large.
    """
    head = movie.at(0, HEADER.size)
    if len(head) < HEADER.size:
        raise Truncated(NAME, len(head), "header")
    magic, _, size = HEADER.unpack(head)
    source = Cursor(movie, HEADER.size)
    whole = PLAIN + head[len(PLAIN) :]
    if magic.startswith(b"Z"):
        source.skip(LZMA_LENGTH)
        properties = source.take(LZMA_PROPERTIES)
        if len(properties) < LZMA_PROPERTIES:
            raise Truncated(NAME, movie.size, "properties")
        left = max(size - HEADER.size, 0).to_bytes(8, "little")
        packed = Stream(chain((properties + left,), source.rest()))
        frames = lzma_frames(NAME, packed)
    else:
        frames = Frames(NAME, source, lambda _: Zlib(15), once=True)
    yield Part(Stream(chain((whole,), iter(frames))), packed=movie.size)
    if (tail := frames.tail()) is not None:
        yield Part(tail, b"trailing")
