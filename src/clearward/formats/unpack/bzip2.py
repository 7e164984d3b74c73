"""Unpack bzip2 files: one or more streams, joined as `bzip2 -d` joins them.

Layout of a stream: magic "BZh", a digit from 1 to 9 for the block size in 100 kB, then
bit by bit blocks that begin with 31 41 59 26 53 59, and the end mark 17 72 45 38 50 90
with a CRC over all of them. The library reads randomised blocks of old versions too.

A block comes out whole or not at all, so a file that is cut short loses what stands in
its last block, and of a block with a wrong checksum the last byte is lost.
"""

import bz2
from collections.abc import Iterator

from clearward.core.part import Part
from clearward.core.reader import Forward, Reader, Stream
from clearward.formats.inflate import Frames
from clearward.formats.repeated import Repeated

NAME = "bzip2"
MAGIC = b"BZh"
LEVELS = frozenset(b"123456789")
MARKS = (b"\x31\x41\x59\x26\x53\x59", b"\x17\x72\x45\x38\x50\x90")
FIRST_MARK = len(MAGIC) + 1


def starts(data: bytes) -> bool:
    """Say whether `data` begins as a stream does, as far as it goes."""
    mark = data[FIRST_MARK : FIRST_MARK + 6]
    return (
        data.startswith(MAGIC)
        and len(data) >= FIRST_MARK
        and data[len(MAGIC)] in LEVELS
        and any(whole.startswith(mark) for whole in MARKS)
    )


def recognises(head: bytes, reader: Reader) -> bool:  # noqa: ARG001
    """Say whether a part that starts with `head` is bzip2."""
    return starts(head)


def unpack(source: Forward) -> Iterator[Part]:
    """Yield the content, then whatever lies behind it.

    Raises:
        Malformed: a block or a checksum is wrong. The blocks before it were given.
        Truncated: the last stream has no end.
    """
    streams = Frames(
        NAME,
        source,
        Repeated(lambda head: bz2.BZ2Decompressor() if starts(head) else None),
        errors=(OSError, ValueError),
    )
    yield Part(Stream(iter(streams)))
    tail = streams.tail()
    if tail is not None:
        yield Part(tail, name=b"trailing")
