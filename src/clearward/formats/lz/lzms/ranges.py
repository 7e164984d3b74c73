"""The front of a chunk of LZMS: bits by a range coder, each with a chance of its own.

Words of 16 bits, little-endian, are read from the start on; behind the end there are
zeros. A chance is the number of zeros among the last 64 bits that it was asked for, at
least 1 and at most 63 of 64. Which chance a bit is asked of depends on the last bits of
the same kind.
"""

WORD = 2  # bytes
PERIOD = 64  # bits that a chance remembers
SHIFT = 6
FIRST_BITS = 0x55555555  # so that 48 of the 64 are zeros
FIRST_ZEROS = 48
WHOLE = (1 << 32) - 1
REMEMBERED = (1 << PERIOD) - 1


class Kind:
    """Bits of one kind.

    Args:
        history: how many of the last bits tell which chance is meant.
    """

    __slots__ = ("_bits", "_mask", "_state", "_zeros")

    def __init__(self, history: int) -> None:
        self._mask = (1 << history) - 1
        self._state = 0
        self._zeros = [FIRST_ZEROS] * (1 << history)
        self._bits = [FIRST_BITS] * (1 << history)

    def chance(self) -> int:
        """Return how many of 64 are zeros."""
        return min(max(self._zeros[self._state], 1), PERIOD - 1)

    def saw(self, bit: int) -> None:
        """Remember a bit."""
        state = self._state
        bits = self._bits[state]
        self._zeros[state] += (bits >> (PERIOD - 1)) - bit
        self._bits[state] = (bits << 1 | bit) & REMEMBERED
        self._state = (state << 1 | bit) & self._mask


class Ranges:
    """A range coder.

    Args:
        data: the chunk.
    """

    __slots__ = ("_code", "_data", "_place", "_range")

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._range = WHOLE
        self._code = self._word(0) << 16 | self._word(WORD)
        self._place = 2 * WORD

    def _word(self, place: int) -> int:
        word = self._data[place : place + WORD]
        return int.from_bytes(word, "little") if len(word) == WORD else 0

    def bit(self, kind: Kind) -> int:
        """Return the next bit."""
        if self._range < 1 << 16:
            self._range <<= 16
            self._code = (self._code << 16 | self._word(self._place)) & WHOLE
            self._place += WORD
        bound = (self._range >> SHIFT) * kind.chance()
        if self._code < bound:
            self._range = bound
            kind.saw(0)
            return 0
        self._range -= bound
        self._code -= bound
        kind.saw(1)
        return 1
