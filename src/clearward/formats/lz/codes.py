"""Prefix codes that are made from the lengths of their words alone.

Words of one length are numbered in the order of their symbols, shorter ones first, as
deflate, LZX and LHA do. Nothing is made that is larger than the alphabet, so a stream
of many small blocks costs no more than its bytes.
"""

from bisect import bisect_right
from collections.abc import Sequence

from typing_extensions import override

from clearward.formats.lz.bits import Bits

LONGEST = 16


class Codes:
    """A prefix code.

    Args:
        lengths: bits of each symbol's word, 0 for a symbol without one.
        longest: bits that are looked at to find a word.

    Raises:
        ValueError: a word is longer, or there are more words than fit.
    """

    __slots__ = ("_bases", "_ends", "_longest", "_symbols")

    def __init__(self, lengths: Sequence[int], longest: int = LONGEST) -> None:
        by_length: list[list[int]] = [[] for _ in range(longest + 1)]
        for symbol, length in enumerate(lengths):
            if length > longest:
                raise ValueError("a word that is too long")
            by_length[length].append(symbol)
        self._longest = longest
        self._symbols: list[int] = []
        self._ends: list[int] = []  # behind the last word of each length
        self._bases: list[int] = []
        end = 0
        for length in range(1, longest + 1):
            shift = longest - length
            self._bases.append(len(self._symbols) - (end >> shift))
            end += len(by_length[length]) << shift
            self._ends.append(end)
            self._symbols += by_length[length]
        if end > 1 << longest:
            raise ValueError("too many words")

    def __bool__(self) -> bool:
        return bool(self._symbols)

    def symbol(self, bits: Bits) -> int:
        """Return the symbol of the next word, whose first bit is the highest.

        Raises:
            Malformed: no word begins so.
            Truncated: the bits end inside the word.
        """
        found, length = self.find(bits.peek(self._longest))
        if not length:
            raise bits.bad("code")
        bits.drop(length)
        return found

    def find(self, ahead: int) -> tuple[int, int]:
        """Return the symbol whose word begins these bits and its length, 0 if none."""
        row = bisect_right(self._ends, ahead)
        if row == self._longest:
            return 0, 0
        shift = self._longest - row - 1
        return self._symbols[self._bases[row] + (ahead >> shift)], row + 1


class Always(Codes):
    """A code of one symbol, which takes no bits."""

    __slots__ = ("_only",)

    def __init__(self, only: int) -> None:
        super().__init__(())
        self._only = only

    @override
    def symbol(self, bits: Bits) -> int:
        """Return the symbol."""
        return self._only
