"""Unpack files of the old LZMA kind, as `lzma` and the LZMA SDK write them.

Layout (LZMA SDK, lzma-specification.txt), little-endian:

    offset  length  field
    0       1       lc, lp and pb packed into (pb * 5 + lp) * 9 + lc, below 225
    1       4       size of the dictionary
    5       8       size of the content, -1 if an end mark says it
    13      5       first bytes of the range coder, the very first is 0
    18              the rest of the compressed stream

There is no magic, so every field must be as encoders write it. A header that could be
there by chance is believed only if the front of the stream decodes. The stream itself
is read by `lzma_alone`.
"""

import lzma
from collections.abc import Iterator

from clearward.core.limits import GIB
from clearward.core.part import Part
from clearward.core.reader import Forward, Reader, Stream
from clearward.formats.lzma_alone import dictionary, frames, size

NAME = "lzma"
PROPERTIES = 225  # there are so many, from 0 on
USUAL = 0x5D  # what encoders choose unless told otherwise
HEADER_SIZE = 13
CODER = slice(13, 18)
SIZE_UNKNOWN = 0xFFFFFFFFFFFFFFFF
SIZE_LIKELY = 1024 * GIB
DICTIONARIES = frozenset(
    {1 << n for n in range(12, 32)} | {3 << n for n in range(11, 31)} | {0xFFFFFFFF}
)

# The first two bytes of every file of this kind.
MAGICS = tuple(bytes((n, low)) for n in range(PROPERTIES) for low in (0x00, 0xFF))

TRIED = 4096  # bytes of a stream that must decode
TRIED_OUTPUT = 64 * 1024


def recognises(head: bytes, reader: Reader) -> bool:  # noqa: ARG001
    """Say whether a part that starts with `head` is LZMA."""
    if len(head) < CODER.stop or head[0] >= PROPERTIES or head[HEADER_SIZE]:
        return False
    if dictionary(head) not in DICTIONARIES:
        return False
    declared = size(head)
    if declared == SIZE_UNKNOWN or (head[0] == USUAL and declared < SIZE_LIKELY):
        return True
    return any(head[CODER]) and _decodes(head[:TRIED])


def unpack(source: Forward) -> Iterator[Part]:
    """Yield the content, then whatever lies behind it.

    Raises:
        Undecoded: memory-limit, a dictionary above 64 MiB that is used; unsupported,
            properties that the library does not know.
        Malformed: the stream is damaged, or its size is not what the header says.
        Truncated: the stream has no end.
    """
    stream = frames(NAME, source)
    yield Part(Stream(iter(stream)))
    tail = stream.tail()
    if tail is not None:
        yield Part(tail, name=b"trailing")


def _decodes(front: bytes) -> bool:
    """Say whether the front of a stream decodes, whatever its size."""
    header = front[:1] + TRIED_OUTPUT.to_bytes(4, "little") + b"\xff" * 8
    stream = lzma.LZMADecompressor(lzma.FORMAT_ALONE)
    try:
        return bool(stream.decompress(header + front[HEADER_SIZE:], TRIED_OUTPUT))
    except lzma.LZMAError:
        return False
