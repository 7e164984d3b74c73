"""Decode zip's method 6, implode.

Layout, low bits first (APPNOTE 5.3): two or three Shannon-Fano codes: of bytes (only
with flag 4), of match lengths and of the high bits of distances. Each is a number of
bytes less 1, then bytes: the length of words less 1 (low four bits), how many have it
less 1 (high four). Then for each step a bit: 1 and a byte; or 0 and a match: the low
bits of its distance less 1 (7 with flag 2, else 6), its high bits, its length less 3,
or less 2 without the code of bytes; where that is 63 a byte more is added.

Words are numbered downwards from the longest of the last symbol, so turned over they
are the words of `Codes`. What a match finds before the first byte is zeros.
"""

from collections.abc import Iterator

from clearward.core.reader import Reader
from clearward.formats.lz.bits import Bits, LowBits
from clearward.formats.lz.codes import LONGEST, Codes
from clearward.formats.lz.output import Output, expanded

NAME = "zip"
WINDOW = 8 * 1024
LARGE_WINDOW = 2
CODED_BYTES = 4
BYTES = 256
LENGTHS = 64
LAST_LENGTH = 63
TURNED = tuple(int(f"{255 - byte:08b}"[::-1], 2) for byte in range(256))


def expand(reader: Reader, size: int, flags: int) -> Iterator[bytes]:
    """Yield what a stream unpacks to.

    Args:
        reader: the stream.
        size: bytes that it unpacks to.
        flags: of the header.

    Raises:
        Malformed: the stream is damaged. What stands before that was yielded.
        Truncated: it ends early; the same.
    """
    output = Output(WINDOW * 2, bytes(WINDOW * 2))
    yield from expanded(_steps(LowBits(reader, NAME), output, size, flags), output)


def _steps(bits: Bits, output: Output, left: int, flags: int) -> Iterator[None]:
    coded = bool(flags & CODED_BYTES)
    literals = _code(bits, BYTES) if coded else None
    lengths = _code(bits, LENGTHS)
    distances = _code(bits, LENGTHS)
    low = 7 if flags & LARGE_WINDOW else 6
    least = 3 if coded else 2
    while left > 0:
        if bits.take(1):
            byte = bits.take(8) if literals is None else _symbol(bits, literals)
            output.data.append(byte)
            left -= 1
        else:
            distance = bits.take(low)
            distance += (_symbol(bits, distances) << low) + 1
            length = _symbol(bits, lengths)
            length += bits.take(8) if length == LAST_LENGTH else 0
            length = min(length + least, left)
            output.copy(distance, length)
            left -= length
        if len(output.data) >= output.most:
            yield


def _code(bits: Bits, symbols: int) -> Codes:
    lengths: list[int] = []
    for _ in range(bits.take(8) + 1):
        length = bits.take(4) + 1
        lengths += [length] * (bits.take(4) + 1)
    if len(lengths) != symbols:
        raise bits.bad("number of words")
    try:
        return Codes(lengths)
    except ValueError:
        raise bits.bad("lengths of words") from None


def _symbol(bits: Bits, code: Codes) -> int:
    ahead = bits.peek(LONGEST)
    symbol, length = code.find(TURNED[ahead & 255] << 8 | TURNED[ahead >> 8])
    if not length:
        raise bits.bad("code")
    bits.drop(length)
    return symbol
