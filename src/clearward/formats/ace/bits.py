"""Bits of ACE: words of 32 bits, little-endian, the high bits of each first."""

from typing_extensions import override

from clearward.formats.lz.bits import HighBits

WORD = 4


class WordBits(HighBits):
    """The high bits of each word first; a word that is cut is not read."""

    __slots__ = ()

    @override
    def _more(self) -> bytes:
        """Return the next words with their bytes turned over, none at the end."""
        piece = super()._more()
        turned = b""
        for place in range(0, len(piece) // WORD * WORD, WORD):
            turned += piece[place : place + WORD][::-1]
        return turned

    def sized(self, width: int) -> int:
        """Return a number of so many bits, of which the highest is not written."""
        return width if width <= 1 else 1 << width - 1 | self.take(width - 1)

    def rice(self, width: int) -> int:
        """Return a number whose low bits come first, then its rest as ones and a zero.

        Args:
            width: how many low bits there are.
        """
        number = self.take(width) if width else 0
        while self.take(1):
            number += 1 << width
        return number
