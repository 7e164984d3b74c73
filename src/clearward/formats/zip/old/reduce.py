"""Decode zip's methods 2 to 5, reduce.

Layout, low bits first (APPNOTE 5.2): for each byte from 255 down to 0 how many may
follow it (6 bits) and these (8 bits each). Then bytes: 8 bits where none is known to
follow the last one; else a bit, 1 and 8 bits, or 0 and which of them it is.

In what that gives 90 begins a match: 90 00 is 90 itself. Otherwise the second byte has
the low bits of the length and the high bits of the distance, how many of each the
method says; where the low bits are all ones a byte is added to the length; then the
low eight bits of the distance. What a match finds before the first byte is zeros.
"""

from collections.abc import Iterator

from clearward.core.reader import Reader
from clearward.formats.lz.bits import Bits, LowBits
from clearward.formats.lz.output import Output, expanded

NAME = "zip"
ESCAPE = 0x90
WINDOW = 4096 + 256


def expand(reader: Reader, size: int, method: int) -> Iterator[bytes]:
    """Yield what a stream unpacks to.

    Args:
        reader: the stream.
        size: bytes that it unpacks to.
        method: 2 to 5.

    Raises:
        Truncated: the stream ends early. What it held was yielded.
    """
    output = Output(WINDOW, bytes(WINDOW))
    bits = LowBits(reader, NAME)
    yield from expanded(_steps(bits, output, size, 9 - method), output)


def _steps(bits: Bits, output: Output, left: int, low: int) -> Iterator[None]:
    """Decode; `low` is how many bits of a byte belong to the length: 7 to 4."""
    plain = _plain(bits)
    longest = (1 << low) - 1
    while left > 0:
        byte = next(plain)
        if byte == ESCAPE and (match := next(plain)):
            length = match & longest
            length += next(plain) if length == longest else 0
            length = min(length + 3, left)
            output.copy((match >> low) * 256 + next(plain) + 1, length)
            left -= length
        else:
            output.data.append(byte)
            left -= 1
        if len(output.data) >= output.most:
            yield


def _plain(bits: Bits) -> Iterator[int]:
    """Yield bytes without the first layer; it never ends but by an error."""
    followers: dict[int, list[int]] = {}
    for byte in range(255, -1, -1):
        followers[byte] = [bits.take(8) for _ in range(bits.take(6))]
    last = 0
    while True:
        known = followers[last]
        if not known or bits.take(1):
            last = bits.take(8)
        else:
            which = bits.take(max((len(known) - 1).bit_length(), 1))
            last = known[which] if which < len(known) else 0
        yield last
