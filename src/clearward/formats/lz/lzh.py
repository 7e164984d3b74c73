"""Decode LZ77 with Huffman codes as LHA's methods 5 to 7, ARJ's 1 to 3 and ZOO do.

Layout, high bits first (H. Okumura, ar002; "ARJ technical information"): blocks, each
the number of its symbols (16 bits), then three codes: one for the lengths of the second
(19 symbols), one of bytes and match lengths (510 symbols: 256 and more are matches of 3
and more bytes), one of the bits of distances. Lengths of words are written so:

    first and third   how many (5 or 4 bits); each 3 bits, where 7 goes on with ones up
                      to a zero; in the first, behind the third one, zeros (2 bits)
    second            how many (9 bits); each a symbol of the first: 0 to 2 are runs of
                      zeros (1; 4 bits and 3; 9 bits and 20), others a length and 2

None at all is followed by the only symbol there is, which takes no bits then.
"""

from collections.abc import Iterator

from clearward.core.reader import Reader
from clearward.formats.lz.bits import Bits, HighBits
from clearward.formats.lz.codes import LONGEST, Always, Codes
from clearward.formats.lz.output import Output, expanded

LENGTH_SYMBOLS = 19
LENGTH_BITS = 5
SYMBOLS = 510
SYMBOL_BITS = 9
PAUSE = 3  # behind so many lengths of the first code zeros may be left out
LONG = 7
LITERALS = 256
MATCH_LEAST = 3


def expand(
    reader: Reader, format: str, size: int, window: int, distance_bits: int
) -> Iterator[bytes]:
    """Yield what a stream unpacks to.

    Args:
        reader: the stream.
        format: name for errors.
        size: bytes that it unpacks to.
        window: bytes that a match may reach back.
        distance_bits: bits of the number of distance codes.

    Raises:
        Malformed: the stream is damaged. What stands before that was yielded.
        Truncated: it ends early; the same.
    """
    output = Output(window, b" " * window)
    bits = HighBits(reader, format)
    yield from expanded(_steps(bits, output, size, distance_bits), output)


def _steps(bits: Bits, output: Output, size: int, distance_bits: int) -> Iterator[None]:
    left = size
    while left > 0:
        count = bits.take(16) or 1 << 16  # it is counted down in 16 bits
        symbols, distances = _codes(bits, distance_bits)
        while count and left > 0:
            count -= 1
            symbol = symbols.symbol(bits)
            if symbol < LITERALS:
                output.data.append(symbol)
                left -= 1
            else:
                length = min(symbol - LITERALS + MATCH_LEAST, left)
                if not output.copy(_distance(bits, distances), length):
                    raise bits.bad("distance")
                left -= length
            if len(output.data) >= output.most:
                yield


def _distance(bits: Bits, distances: Codes) -> int:
    count = distances.symbol(bits)
    if count > 1:
        return (1 << (count - 1)) + bits.take(count - 1) + 1
    return count + 1


def _codes(bits: Bits, distance_bits: int) -> tuple[Codes, Codes]:
    try:
        lengths = _small(bits, LENGTH_SYMBOLS, LENGTH_BITS, PAUSE)
        symbols = _large(bits, lengths)
        return symbols, _small(bits, 1 << distance_bits, distance_bits, -1)
    except ValueError:
        raise bits.bad("lengths of a code") from None


def _small(bits: Bits, most: int, width: int, pause: int) -> Codes:
    count = bits.take(width)
    if not count:
        return Always(bits.take(width))
    lengths: list[int] = []
    while len(lengths) < count:
        length = bits.take(3)
        if length == LONG:
            while bits.take(1):
                length += 1
                if length > LONGEST:
                    raise ValueError("a word that is too long")
        lengths.append(length)
        if len(lengths) == pause:
            lengths += [0] * bits.take(2)
    if len(lengths) > most:
        raise ValueError("too many words")
    return Codes(lengths)


def _large(bits: Bits, code: Codes) -> Codes:
    count = bits.take(SYMBOL_BITS)
    if not count:
        return Always(bits.take(SYMBOL_BITS))
    lengths: list[int] = []
    while len(lengths) < count:
        symbol = code.symbol(bits)
        if symbol == 0:
            lengths.append(0)
        elif symbol == 1:
            lengths += [0] * (bits.take(4) + 3)
        elif symbol == 2:  # noqa: PLR2004 - the three runs stand in the layout
            lengths += [0] * (bits.take(SYMBOL_BITS) + 20)
        else:
            lengths.append(symbol - 2)
    if len(lengths) > SYMBOLS + 2:
        raise ValueError("too many words")
    return Codes(lengths)
