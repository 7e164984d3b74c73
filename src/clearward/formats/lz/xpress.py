"""Decode XPRESS with Huffman codes, as Windows images use it.

Layout (MS-XCA 2.1.4 and 2.2.4): lengths of 512 words, 4 bits each, the low half of a
byte first; then words of 16 bits, little-endian, the high bits of each first. A symbol
below 256 is a byte. Any other is a match: its low four bits the length less 3, the four
above how many bits of the distance follow behind a 1. A length of 15 goes on in a byte
that stands behind the words that were read so far: 255 means that the next two bytes
are all of it, and 0 in these that the next four are.
"""

from collections.abc import Iterator

from clearward.core.errors import Malformed, Truncated
from clearward.formats.lz.codes import Codes

TABLE = 256
SYMBOLS = 512
LONGEST = 15
LITERALS = 256
LONG = 15
LEAST = 3
WORD = 16


class _Words:
    """Bits of words, and bytes between them."""

    __slots__ = ("_ahead", "_bits", "_data", "_format", "place")

    def __init__(self, data: bytes, format: str) -> None:
        self._data = data
        self._format = format
        self.place = TABLE
        self._ahead = 0
        self._bits = 0
        self._fill()
        self._fill()

    def _fill(self) -> None:
        """Read a word; behind the end there are zeros, and some are always ahead."""
        if self.place > len(self._data) + 2 * WORD // 8:
            raise Truncated(self._format, len(self._data), "stream end")
        word = int.from_bytes(self._data[self.place : self.place + 2], "little")
        self.place += 2
        self._ahead = self._ahead << WORD | word
        self._bits += WORD

    def peek(self, count: int) -> int:
        """Return the next bits, 15 at most."""
        return self._ahead >> (self._bits - count) & ((1 << count) - 1)

    def drop(self, count: int) -> None:
        """Pass over bits; a word is read when fewer than 16 are ahead."""
        self._bits -= count
        self._ahead &= (1 << self._bits) - 1
        if self._bits < WORD:
            self._fill()

    def number(self, size: int) -> int:
        """Return a number of whole bytes from behind the words read so far."""
        data = self._data[self.place : self.place + size]
        self.place += size
        return int.from_bytes(data, "little")

    def bad(self, field: str) -> Malformed:
        """Make the error for a field that is wrong here."""
        return Malformed(self._format, min(self.place, len(self._data)), field)


def chunk(data: bytes, format: str, size: int) -> Iterator[bytes]:
    """Yield what a chunk unpacks to.

    Args:
        data: the chunk.
        format: name for errors.
        size: bytes that it unpacks to.

    Raises:
        Malformed: it is damaged. What stands before that was yielded.
        Truncated: it ends early; the same.
    """
    if len(data) < TABLE:
        raise Truncated(format, len(data), "code")
    lengths = [half for byte in data[:TABLE] for half in (byte & 15, byte >> 4)]
    words = _Words(data, format)
    output = bytearray()
    try:
        codes = Codes(lengths, LONGEST)
    except ValueError:
        raise words.bad("lengths of words") from None
    try:
        _decode(words, codes, output, size)
    except Malformed:
        yield bytes(output)
        raise
    yield bytes(output)


def _decode(words: _Words, codes: Codes, output: bytearray, size: int) -> None:
    while len(output) < size:
        symbol, length = codes.find(words.peek(LONGEST))
        if not length:
            raise words.bad("code")
        words.drop(length)
        if symbol < LITERALS:
            output.append(symbol)
            continue
        length, bits = symbol & 15, (symbol - LITERALS) >> 4
        if length == LONG:
            length = _long(words)
        distance = 1 << bits | words.peek(bits)
        words.drop(bits)
        start = len(output) - distance
        if start < 0:
            raise words.bad("distance")
        length = min(length + LEAST, size - len(output))
        pattern = bytes(output[start : start + length])
        output += (pattern * (length // len(pattern) + 1))[:length]


def _long(words: _Words) -> int:
    length = words.number(1)
    if length < 0xFF:  # noqa: PLR2004 - a byte's most
        return length + LONG
    length = words.number(2) or words.number(4)
    if length < LONG:
        raise words.bad("length")
    return length
