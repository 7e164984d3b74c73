"""Unpack files of the old LZMA kind, as `lzma` and the LZMA SDK write them.

Layout (LZMA SDK, lzma-specification.txt), little-endian:

    offset  length  field
    0       1       lc, lp and pb packed into (pb * 5 + lp) * 9 + lc, below 225
    1       4       size of the dictionary
    5       8       size of the content, -1 if an end mark says it
    13      5       first bytes of the range coder, the very first is 0
    18              the rest of the compressed stream

There is no magic, so every field must be as encoders write it. A header that could be
there by chance is believed only if the front of the stream decodes. A dictionary is
never larger here than the content or 64 MiB, which is exact unless the data reach back
farther.
"""

import lzma
from collections.abc import Iterator

from clearward.core.limits import GIB, MIB
from clearward.core.part import Part
from clearward.core.reader import Forward, Reader, Stream
from clearward.core.reasons import Reason
from clearward.formats.decompressor import Decompressor, Narrowed
from clearward.formats.inflate import Frames

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
SMALLEST = 4096
LARGEST = 64 * MIB
MEMORY = 65 * MIB  # the dictionary and what stands around it

# The first two bytes of every file of this kind.
MAGICS = tuple(bytes((n, low)) for n in range(PROPERTIES) for low in (0x00, 0xFF))

TRIED = 4096  # bytes of a stream that must decode
TRIED_OUTPUT = 64 * 1024

REASONS = {"Input format not supported by decoder": Reason.UNSUPPORTED}


def recognises(head: bytes, reader: Reader) -> bool:  # noqa: ARG001
    """Say whether a part that starts with `head` is LZMA."""
    if len(head) < CODER.stop or head[0] >= PROPERTIES or head[HEADER_SIZE]:
        return False
    if _dictionary(head) not in DICTIONARIES:
        return False
    size = _size(head)
    if size == SIZE_UNKNOWN or (head[0] == USUAL and size < SIZE_LIKELY):
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
    stream = Frames(
        NAME,
        source,
        _begin,
        once=True,
        errors=(lzma.LZMAError,),
        reason_of=lambda error: REASONS.get(str(error), Reason.CORRUPT),
    )
    yield Part(Stream(iter(stream)))
    tail = stream.tail()
    if tail is not None:
        yield Part(tail, name=b"trailing")


def _begin(head: bytes) -> Decompressor:
    inner = lzma.LZMADecompressor(lzma.FORMAT_ALONE, MEMORY)
    declared = _dictionary(head)
    used = min(declared, max(_size(head), SMALLEST))
    most = min(used, LARGEST)
    if most == declared:
        return inner
    errors = (lzma.LZMAError,) if most < used else ()
    narrow = head[:1] + most.to_bytes(4, "little")
    return Narrowed(inner, len(narrow), narrow, errors=errors)


def _decodes(front: bytes) -> bool:
    """Say whether the front of a stream decodes, whatever its size."""
    header = front[:1] + TRIED_OUTPUT.to_bytes(4, "little") + b"\xff" * 8
    stream = lzma.LZMADecompressor(lzma.FORMAT_ALONE)
    try:
        return bool(stream.decompress(header + front[HEADER_SIZE:], TRIED_OUTPUT))
    except lzma.LZMAError:
        return False


def _dictionary(head: bytes) -> int:
    return int.from_bytes(head[1:5], "little")


def _size(head: bytes) -> int:
    return int.from_bytes(head[5:13], "little")
