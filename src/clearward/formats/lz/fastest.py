"""Decode ARJ's method 4, its fastest.

Layout, high bits first ("ARJ technical information", method 4): for each step a length,
0 for a byte that follows (8 bits), otherwise it less 2 more than a match has, and a
distance less 1. Both are numbers of growing width: ones up to a zero say how many bits
follow, at most 7 and from 9 to 13, and numbers of a width begin where those of the one
before it end.
"""

from collections.abc import Iterator

from clearward.core.reader import Reader
from clearward.formats.lz.bits import Bits, HighBits
from clearward.formats.lz.output import Output, expanded

WINDOW = 26 * 1024
LENGTH_WIDTHS = (0, 7)
DISTANCE_WIDTHS = (9, 13)
MATCH_MORE = 2


def expand(reader: Reader, format: str, size: int) -> Iterator[bytes]:
    """Yield what a stream unpacks to.

    Raises:
        Malformed: a match reaches too far. What stands before it was yielded.
        Truncated: the stream ends early; the same.
    """
    output = Output(WINDOW, b" " * WINDOW)
    yield from expanded(_steps(HighBits(reader, format), output, size), output)


def _steps(bits: Bits, output: Output, left: int) -> Iterator[None]:
    while left > 0:
        length = _number(bits, *LENGTH_WIDTHS)
        if length:
            length = min(length + MATCH_MORE, left)
            if not output.copy(_number(bits, *DISTANCE_WIDTHS) + 1, length):
                raise bits.bad("distance")
            left -= length
        else:
            output.data.append(bits.take(8))
            left -= 1
        if len(output.data) >= output.most:
            yield


def _number(bits: Bits, width: int, most: int) -> int:
    begin = 0
    while width < most and bits.take(1):
        begin += 1 << width
        width += 1
    return begin + (bits.take(width) if width else 0)
