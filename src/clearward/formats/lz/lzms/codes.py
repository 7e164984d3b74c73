"""The back of a chunk of LZMS: codes that learn, and bits as they stand.

Words of 16 bits, little-endian, the high bits of each first, are read from the end of
the chunk towards its start; before the start there are zeros. A code is made anew, from
how often each symbol came, after every so many symbols; half of that is forgotten then.
Words have 15 bits at most, and those of one length are numbered in the order of their
symbols.
"""

from clearward.formats.lz.codes import Codes

WORD = 2  # bytes
WORD_BITS = 16
LONGEST = 15


class Backwards:
    """Bits from the end of a chunk on.

    Args:
        data: the chunk.
    """

    __slots__ = ("_count", "_data", "_held", "_place")

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._place = len(data)
        self._held = 0
        self._count = 0

    def peek(self, count: int) -> int:
        """Return the next bits without passing over them."""
        while self._count < count:
            self._place -= WORD
            word = b""
            if self._place >= 0:
                word = self._data[self._place : self._place + WORD]
            self._held = self._held << WORD_BITS | int.from_bytes(word, "little")
            self._count += WORD_BITS
        return self._held >> (self._count - count)

    def take(self, count: int) -> int:
        """Return the next bits and pass over them."""
        value = self.peek(count)
        self._count -= count
        self._held &= (1 << self._count) - 1
        return value


class Learning:
    """A code that learns.

    Args:
        symbols: how many there are, at least two.
        period: after so many symbols it is made anew.
    """

    __slots__ = ("_codes", "_counts", "_left", "_period")

    def __init__(self, symbols: int, period: int) -> None:
        self._counts = [1] * symbols
        self._period = period
        self._make()

    def _make(self) -> None:
        self._codes = Codes(lengths(self._counts), LONGEST)
        self._left = self._period

    def symbol(self, bits: Backwards) -> int:
        """Return the next symbol."""
        found, length = self._codes.find(bits.peek(LONGEST))
        bits.take(length)
        self._counts[found] += 1
        self._left -= 1
        if not self._left:
            self._make()
            self._counts = [(count >> 1) + 1 for count in self._counts]
        return found


def lengths(counts: list[int]) -> list[int]:
    """Return the bits of each symbol's word, by Huffman's way.

    Of what is equally rare, symbols are joined before pairs, and low symbols before
    high ones. A word that would be too long takes its room from the longest that is
    not.

    Args:
        counts: how often each symbol came, at least once; two symbols or more.
    """
    order = sorted(range(len(counts)), key=counts.__getitem__)
    words = _words(_parents([counts[symbol] for symbol in order]))
    found = [0] * len(counts)
    rarest = iter(order)
    for length in range(LONGEST, 0, -1):
        for _ in range(words[length]):
            found[next(rarest)] = length
    return found


def _parents(leaves: list[int]) -> list[int]:
    """Return which pair each pair is joined into, in the order of joining."""
    pairs: list[int] = []
    parents = [0] * (len(leaves) - 1)
    leaf = pair = 0
    for new in range(len(leaves) - 1):
        total = 0
        for _ in range(2):
            left = leaf < len(leaves)
            if left and (pair == len(pairs) or leaves[leaf] <= pairs[pair]):
                total += leaves[leaf]
                leaf += 1
            else:
                total += pairs[pair]
                parents[pair] = new
                pair += 1
        pairs.append(total)
    return parents


def _words(parents: list[int]) -> list[int]:
    """Return how many words of each length there are."""
    words = [0] * (LONGEST + 1)
    words[1] = 2
    depths = [0] * len(parents)
    for pair in range(len(parents) - 2, -1, -1):
        depth = depths[pair] = depths[parents[pair]] + 1
        if depth >= LONGEST:
            depth = max(n for n in range(1, LONGEST) if words[n])
        words[depth] -= 1
        words[depth + 1] += 2
    return words
