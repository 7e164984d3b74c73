"""Decode what PKWARE's Data Compression Library packs ("implode", "blast").

    byte 0 or 1: bytes are written with a code; byte 4, 5 or 6: bits of a distance
    then, low bits first, for each step a bit: 0 and a byte, of 8 bits or a word; or 1
    and a match: word of its length and more bits; word of the upper bits of the
    distance, and lower ones, two if the length is 2

Codes are always the same (``dcl.txt``); the bits of their words are turned over. A
match of 519 is the end.

Source: B. Rudiak-Gould in comp.compression, 13 August 2001.
"""

from collections.abc import Iterator

from clearward.core.reader import Reader
from clearward.formats.lz.bits import LowBits
from clearward.formats.lz.codes import LONGEST, Codes
from clearward.formats.lz.output import Output, expanded

BITS_OF_DISTANCE = (4, 5, 6)
WINDOW = 4096
SHORTEST, END = 2, 519
EIGHT = 8


def _codes(line: str) -> Codes:
    lengths: list[int] = []
    for number in map(int, line.split()):
        lengths += [number & 15] * ((number >> 4) + 1)
    return Codes(lengths)


with open(f"{__file__.removesuffix('.py')}.txt", encoding="ascii") as file:
    BYTES, LENGTHS, DISTANCES = (_codes(row) for row in file if not row.startswith("#"))

BASES = (3, 2, 4, 5, 6, 7, 8, 9, 10, 12, 16, 24, 40, 72, 136, 264)
EXTRA = (0,) * 8 + tuple(range(1, 9))
TURNED = tuple(int(f"{255 - byte:08b}"[::-1], 2) for byte in range(256))


def expand(content: Reader, format: str) -> Iterator[bytes]:
    """Yield what a stream unpacks to.

    Args:
        content: the stream.
        format: name for errors.

    Raises:
        Malformed: the stream is damaged. What stands before that was yielded.
        Truncated: it ends early; the same.
    """
    output = Output(WINDOW)
    bits = LowBits(content, format)
    yield from expanded(_steps(bits, output), output)


def _steps(bits: LowBits, output: Output) -> Iterator[None]:
    coded, wide = bits.take(EIGHT), bits.take(EIGHT)
    if coded > 1 or wide not in BITS_OF_DISTANCE:
        raise bits.bad("kind of stream")
    while True:
        if bits.take(1):
            symbol = _symbol(bits, LENGTHS)
            length = BASES[symbol] + bits.take(EXTRA[symbol])
            if length == END:
                return
            low = 2 if length == SHORTEST else wide
            distance = (_symbol(bits, DISTANCES) << low) + bits.take(low) + 1
            if not output.copy(distance, length):
                raise bits.bad("distance")
        else:
            value = _symbol(bits, BYTES) if coded else bits.take(EIGHT)
            output.data.append(value)
        if len(output.data) >= output.most:
            yield


def _symbol(bits: LowBits, code: Codes) -> int:
    ahead = bits.peek(LONGEST)
    symbol, length = code.find(TURNED[ahead & 255] << 8 | TURNED[ahead >> 8])
    if not length:
        raise bits.bad("code")
    bits.drop(length)
    return symbol
