"""Decode LZSS as MS-DOS's compress.exe writes it.

Layout: a byte of eight flags, the lowest first; for a flag of 1 a byte as it is, for a
0 a match of two bytes: the low eight bits of a place in a ring of 4096 bytes, then its
high four bits and the length less 3. The ring is full of spaces at the start.
(Microsoft KB 58734 describes the tool; the layout is published with libmspack's
documentation of SZDD and KWAJ.)
"""

from collections.abc import Iterator

from clearward.core.reader import CHUNK, Reader
from clearward.formats.lz.output import Output, expanded

RING = 4096
GROUP = 17  # bytes of the longest group of eight
LITERALS = 0xFF


def expand(reader: Reader, first: int, limit: int | None = None) -> Iterator[bytes]:
    """Yield what a stream unpacks to, up to the end of its bytes.

    Args:
        reader: the stream.
        first: bytes from the end of the ring where the first byte goes.
        limit: stop at the first group behind so many bytes; None for no such limit.
    """
    output = Output(RING, b" " * RING)
    yield from expanded(_steps(reader, output, RING - first, limit), output)


def _steps(
    reader: Reader, output: Output, place: int, limit: int | None
) -> Iterator[None]:
    """Decode; `place` is where in the ring the next byte goes."""
    offset = 0
    begin = place
    while data := reader.at(offset, CHUNK):
        last = len(data) < CHUNK
        used = 0
        while used < len(data) and (last or used + GROUP <= len(data)):
            flags = data[used]
            used += 1
            if flags == LITERALS:
                piece = data[used : used + 8]
                output.data += piece
                used += 8
                place += len(piece)
            else:
                used, place = _group(data, used, flags, output, place)
            if len(output.data) >= output.most:
                yield
            if limit is not None and place - begin >= limit:
                return
        offset += min(used, len(data))


def _group(
    data: bytes, used: int, flags: int, output: Output, place: int
) -> tuple[int, int]:
    """Decode eight bytes or matches; return what was used and the next place."""
    for bit in range(8):
        if flags >> bit & 1:
            literal = data[used : used + 1]
            output.data += literal
            used += 1
            place += len(literal)
        elif used + 1 < len(data):
            low, high = data[used], data[used + 1]
            used += 2
            length = (high & 15) + 3
            distance = (place - (low | (high & 0xF0) << 4)) % RING or RING
            output.copy(distance, length)
            place += length
        else:
            return len(data), place
    return used, place
