"""Unpack zip's method 98, PPMd version I, revision 1.

    0   2   low 4 bits: order less 1; 8 bits: MiB of memory less 1; 4 bits: what is
            done where that is full
    2       stream of the range coder, with an end mark

libarchive decodes it, from an archive of this one member that is written around the
stream: it reads no stream alone. The checksum is not known here; that it is another one
comes behind the content, and is not asked for.

Source: APPNOTE.TXT 6.3.10, 5.10.
"""

from collections.abc import Iterator
from struct import Struct

from clearward.core.limits import MIB
from clearward.core.reader import Reader
from clearward.formats import libarchive
from clearward.formats.zip.methods import MOST_MEMORY

NAME = "zip"
METHOD = 98
HEADER = Struct("<4sHHHIIIIHH")
SIGNATURE = b"PK\3\4"
VERSION = 63
ORDER_BITS = 4
MEMORY_MASK = 0xFF
MOST = 0xFFFFFFFF


def expand(reader: Reader, size: int) -> Iterator[bytes]:
    """Yield what a stream unpacks to.

    Args:
        reader: the stream.
        size: bytes that it unpacks to.

    Raises:
        MemoryError: its model would need more than `MOST_MEMORY`.
        Malformed: the stream is damaged. What stands before that was yielded, but for
            256 KiB at most.
        NotLoaded: the library is not in this process.
    """
    properties = int.from_bytes(reader.at(0, 2), "little")
    if ((properties >> ORDER_BITS & MEMORY_MASK) + 1) * MIB > MOST_MEMORY:
        raise MemoryError
    sizes = reader.size, min(size, MOST)
    header = HEADER.pack(SIGNATURE, VERSION, 0, METHOD, 0, 0, *sizes, 1, 0) + b"_"

    def give(offset: int, count: int) -> bytes:
        if offset < len(header):
            return header[offset : offset + count]
        return reader.at(offset - len(header), count)

    archive = Reader(give, len(header) + reader.size)
    left = size
    for chunk in libarchive.stream(NAME, archive, "zip"):
        yield chunk[:left]
        left -= len(chunk)
        if left <= 0:
            return
