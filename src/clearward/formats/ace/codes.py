"""Prefix codes of ACE, which are written as the widths of their words.

    9, 4, 4 bits    number of widths less 1, what is added to each, how many there are
    3 bits each     widths of a first code for widths, one more than there are
    words of it     a width, as what it is more than the one before, around the number
                    of them; the last symbol: 4 bits, a run of zeros, 4 and more

Longer words come first, and words of one width in the order in which a certain sort
leaves them that is not stable: so it is done here, step by step.

Source: acefile by D. Roethlisberger, which describes the format.
"""

from clearward.formats.ace.bits import WordBits

WIDEST_OF_WIDTHS = 7
WIDTH_BITS = 4  # of an entry's low bits, for the width of a word
WIDTH_MASK = (1 << WIDTH_BITS) - 1
RUN = 4

Pair = tuple[int, int]


class Code:
    """A prefix code.

    Args:
        widths: bits of each symbol's word, 0 for a symbol without one; not empty.
        widest: bits of the longest word that may be.

    Raises:
        ValueError: a word is longer, or there are more words than fit.
    """

    __slots__ = ("_table", "_widest")

    def __init__(self, widths: list[int], widest: int) -> None:
        pairs = sorted_as_ace([(width, symbol) for symbol, width in enumerate(widths)])
        used = [pair for pair in pairs if pair[0]]
        if len(used) <= 1:  # the only word takes one bit, whatever was written
            used = pairs[:1]
        only = len(used) == 1
        self._widest = widest
        self._table: list[int] = []
        for width, symbol in reversed(used):
            if width > widest:
                raise ValueError("a word that is too long")
            entry = symbol << WIDTH_BITS | (1 if only else width)
            self._table += [entry] * (1 << widest - width)
            if len(self._table) > 1 << widest:
                raise ValueError("too many words")

    def symbol(self, bits: WordBits) -> int:
        """Return the symbol of the next word.

        Raises:
            Malformed: no word begins so.
            Truncated: the bits end inside the word.
        """
        ahead = bits.peek(self._widest)
        if ahead >= len(self._table):
            raise bits.bad("code")
        entry = self._table[ahead]
        bits.drop(entry & WIDTH_MASK)
        return entry >> WIDTH_BITS


def read_code(bits: WordBits, widest: int, symbols: int) -> Code:
    """Read the widths of a code.

    Args:
        bits: where they stand.
        widest: bits of the longest word that may be.
        symbols: how many there are; one more is let pass.

    Raises:
        Malformed: they are no code.
        Truncated: the bits end before.
    """
    count = min(bits.take(9), symbols) + 1
    added, kinds = bits.take(4), bits.take(4)
    try:
        first = Code([bits.take(3) for _ in range(kinds + 1)], WIDEST_OF_WIDTHS)
        return Code(_widths(bits, first, count, added, kinds), widest)
    except ValueError:
        raise bits.bad("widths of a code") from None


def _widths(
    bits: WordBits, first: Code, count: int, added: int, kinds: int
) -> list[int]:
    steps: list[int] = []
    while len(steps) < count:
        symbol = first.symbol(bits)
        if symbol < kinds:
            steps.append(symbol)
        else:
            steps += [0] * min(bits.take(4) + RUN, count - len(steps))
    widths: list[int] = []
    width = 0
    for step in steps:
        width = (width + step) % kinds if kinds and widths else step
        widths.append(width)
    return [width + added if width else 0 for width in widths]


def sorted_as_ace(pairs: list[Pair]) -> list[Pair]:
    """Return pairs of width and symbol, the greatest width first.

    A quicksort around the last of a range, which swaps what is equal, too, but not in
    a range of two. Nothing here is larger than an alphabet.
    """
    pairs = list(pairs)
    last = len(pairs) - 1
    low, high = _parted(pairs, 0, last)
    ranges = [(low, last), (0, high)]  # they may share one; the front comes first
    while ranges:
        left, right = ranges.pop()
        if right - left > 1:
            low, high = _parted(pairs, left, right)
            ranges += [(low, right), (left, high)]
        elif left < right and pairs[left][0] < pairs[right][0]:
            pairs[left], pairs[right] = pairs[right], pairs[left]
    return pairs


def _parted(pairs: list[Pair], low: int, high: int) -> tuple[int, int]:
    """Part a range around its last; return where the parts begin and end."""
    middle = pairs[high][0]
    while True:
        while pairs[low][0] > middle:
            low += 1
        while pairs[high][0] < middle:
            high -= 1
        if low <= high:
            pairs[low], pairs[high] = pairs[high], pairs[low]
            low += 1
            high -= 1
        if low >= high:
            return low, high
