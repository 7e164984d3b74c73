"""The codes of RAR 1.5, which are always the same, and the tables behind them.

``first_codes.txt`` has the codes. A table holds 256 values, in an order that changes:
a value that was used moves to the front of those that were used as often as it.
"""

from clearward.formats.lz.bits import Bits
from clearward.formats.lz.codes import Codes

LONGEST = 12  # bits of a word
SHORTS_LONGEST = 8


class Words:
    """A code by its words. It is prefix-free and needs no order."""

    __slots__ = ("_found",)

    def __init__(self, words: list[str]) -> None:
        self._found = [(0, 0)] * 256
        for symbol, word in enumerate(words):
            shift = SHORTS_LONGEST - len(word)
            first = int(word, 2) << shift
            self._found[first : first + (1 << shift)] = [(symbol, len(word))] * (
                1 << shift
            )

    def symbol(self, bits: Bits) -> int:
        """Return the symbol of the next word.

        Raises:
            Malformed: no word begins so.
            Truncated: the bits end inside the word.
        """
        symbol, length = self._found[bits.peek(SHORTS_LONGEST)]
        if not length:
            raise bits.bad("code")
        bits.drop(length)
        return symbol


def _lengths(row: str) -> Codes:
    pairs = (pair.split(":") for pair in row.split())
    return Codes([int(bits) for bits, many in pairs for _ in range(int(many))], LONGEST)


with open(f"{__file__.removesuffix('.py')}.txt", encoding="ascii") as file:
    _rows = [row for row in file if not row.startswith("#")]
LENGTHS, LONG_LENGTHS, *BYTES = map(_lengths, _rows[:7])
SHORTS = [Words(row.split()) for row in _rows[7:]]


class Table:
    """Values that move to the front the more they are used.

    Args:
        values: the first order.
        top: how often a value counts before all are counted anew.
        anew: they are from the start.

    Attributes:
        values: as they stand now.
    """

    __slots__ = ("_counts", "_fronts", "_top", "values")

    def __init__(self, values: list[int], top: int, *, anew: bool = False) -> None:
        self.values = values
        self._counts = [0] * 256
        self._fronts = [0] * 256
        self._top = top
        if anew:
            self._anew()

    def at(self, place: int) -> int:
        """Return a value, and move it to the front of those used as often."""
        counts = self._counts
        if counts[place] >= self._top:
            self._anew()
        count = counts[place]
        front = self._fronts[count]
        self._fronts[count] = (front + 1) & 0xFF
        values = self.values
        value = values[place]
        values[place], counts[place] = values[front], counts[front]
        values[front], counts[front] = value, count + 1
        return value

    def _anew(self) -> None:
        self._counts[:] = [7 - place // 32 for place in range(256)]
        self._fronts[:] = [(7 - row) * 32 for row in range(7)] + [0] * 249


class Average:
    """An average of numbers, each of which weighs a little."""

    __slots__ = ("_shift", "value")

    def __init__(self, value: int, shift: int) -> None:
        self.value = value
        self._shift = shift

    def add(self, number: int) -> None:
        """Take in one more."""
        self.value += number
        self.value -= self.value >> self._shift
