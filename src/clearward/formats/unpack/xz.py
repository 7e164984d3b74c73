"""Unpack xz files: one or more streams, joined as `xz -d` joins them.

Layout of the front of a stream, as far as it is read here (xz-file-format 1.2.1,
sections 2.1.1 and 3.1); the library reads all of it:

    offset  length  field
    0       6       magic, FD "7zXZ" 00
    6       6       stream flags and their CRC-32
    12      1       size of the block header in 4 bytes, less one; 0: no block
    13      1       block flags: number of filters less one; 64, 128: sizes follow
    14              compressed and uncompressed size, variable-length numbers
                    for each filter its number, the size of its properties, these
                    zero padding, CRC-32 of the block header

LZMA2's property is one byte: the size of the dictionary. A first block that declares
more than `MOST` is decoded with `MOST`, which is exact unless its data reach back
farther; a later one is refused. Streams may be padded with zero bytes.
"""

import lzma
import zlib
from collections.abc import Iterator

from clearward.core.limits import MIB
from clearward.core.part import Part
from clearward.core.reader import Forward, Reader, Stream
from clearward.core.reasons import Reason
from clearward.formats.decompressor import Decompressor, Narrowed
from clearward.formats.inflate import Frames
from clearward.formats.repeated import Repeated

NAME = "xz"
MAGIC = b"\xfd7zXZ\0"
BLOCK = 12  # offset of the first block header
LZMA2 = 0x21
MOST = 28  # property of a dictionary of 64 MiB
LARGEST = 40  # property of the largest dictionary, 4 GiB - 1
MEMORY = 65 * MIB  # the dictionary and what stands around it

# What the module says when the library refuses for a reason other than damage.
REASONS = {
    "Memory usage limit exceeded": Reason.MEMORY_LIMIT,
    "Invalid or unsupported options": Reason.UNSUPPORTED,
}


def recognises(head: bytes, reader: Reader) -> bool:  # noqa: ARG001
    """Say whether a part that starts with `head` is xz."""
    return head.startswith(MAGIC)


def unpack(source: Forward) -> Iterator[Part]:
    """Yield the content, then whatever lies behind it.

    Raises:
        Undecoded: memory-limit, a dictionary above 64 MiB that is used; unsupported,
            a filter that the library does not know.
        Malformed: a block, a check or an index is wrong.
        Truncated: the last stream has no end.
    """
    streams = Frames(
        NAME,
        source,
        Repeated(_begin),
        padding=b"\0",
        errors=(lzma.LZMAError,),
        reason_of=lambda error: REASONS.get(str(error), Reason.CORRUPT),
    )
    yield Part(Stream(iter(streams)))
    tail = streams.tail()
    if tail is not None:
        yield Part(tail, name=b"trailing")


def _begin(head: bytes) -> Decompressor | None:
    if not head.startswith(MAGIC):
        return None
    inner = lzma.LZMADecompressor(lzma.FORMAT_XZ, MEMORY)
    size = (head[BLOCK] + 1) * 4 if len(head) > BLOCK else 0
    header = head[BLOCK : BLOCK + size]
    place = _dictionary(header)
    if place is None or not MOST < header[place] <= LARGEST:
        return inner
    narrow = header[:place] + bytes((MOST,)) + header[place + 1 : -4]
    check = zlib.crc32(narrow).to_bytes(4, "little")
    if zlib.crc32(header[:-4]).to_bytes(4, "little") != header[-4:]:
        return inner
    return Narrowed(
        inner,
        BLOCK + size,
        head[:BLOCK] + narrow + check,
        errors=(lzma.LZMAError,),
    )


def _dictionary(header: bytes) -> int | None:
    """Where a block header has LZMA2's property, or None if it has none."""
    place = 2
    flags = header[1] if len(header) > place else 0
    for flag in (64, 128):
        if flags & flag:
            place = _past_number(header, place)
    for _ in range((flags & 3) + 1):
        if header[place : place + 2] == bytes((LZMA2, 1)):
            return place + 2 if place + 2 < len(header) else None
        place = _past_number(header, place)
        place += 1 + int.from_bytes(header[place : place + 1], "little")
    return None


def _past_number(header: bytes, place: int) -> int:
    while place < len(header) and header[place] >= 0x80:  # noqa: PLR2004 - more follows
        place += 1
    return place + 1
