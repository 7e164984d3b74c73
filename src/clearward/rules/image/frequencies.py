"""How rare four bytes are in ordinary files.

The table beside this file was measured by tools/byte_frequencies.py; its first lines
say from what and when. Then a line for each two bytes that something common begins
with, in hexadecimal, and behind a space for each two bytes that follow them: four
digits, and a letter for the rarity, `a` for 0:

    4d5a 9000k ffffb

Rarity is in bits: 10 is one place in 2**10 to 2**11. What is not in the table is rarer
than all that is.
"""

from collections import defaultdict
from collections.abc import Iterable
from functools import cache

UNSEEN = 24  # rarity of what is not in the table
GRAM = 4
_LOOKED_AT = 64  # places in a long run
_PARTS = [1 << (UNSEEN - rarity) for rarity in range(UNSEEN + 1)]  # of 2**24 places

# Read at import, as the jail opens no file later; parsed when it is asked for.
with open(f"{__file__.removesuffix('.py')}.txt", encoding="ascii") as file:
    _TEXT = file.read()


class Frequencies:
    """Rarities, of four bytes as measured, of fewer as they follow from those.

    Args:
        rarities: bits by four bytes; what is left out is `UNSEEN`.

    Attributes:
        of: the rarities, to be asked with `get`.
    """

    def __init__(self, rarities: dict[bytes, int]) -> None:
        self.of = rarities
        self._shorter = [_shorter(rarities, length) for length in range(GRAM)]

    def rarity(self, data: bytes) -> int:
        """Return the rarity of at most four bytes, in bits."""
        if len(data) == GRAM:
            return self.of.get(data, UNSEEN)
        return self._shorter[len(data)].get(data, min(7 * len(data), UNSEEN - GRAM))

    def rarest(self, data: bytes) -> tuple[int, int]:
        """Return where the rarest four bytes of a run begin, and their rarity.

        Of a shorter run it is the run. Of a long one only the first places are looked
        at. The first of those that are equal wins.
        """
        if len(data) < GRAM:
            return 0, self.rarity(data)
        best, rarest = 0, -1
        get = self.of.get
        for start in range(min(len(data) - GRAM + 1, _LOOKED_AT)):
            rarity = get(data[start : start + GRAM], UNSEEN)
            if rarity > rarest:
                if rarity == UNSEEN:
                    return start, rarity
                best, rarest = start, rarity
        return best, rarest


def _shorter(rarities: dict[bytes, int], length: int) -> dict[bytes, int]:
    """Add up what is known of four bytes by their first bytes."""
    sums: defaultdict[bytes, int] = defaultdict(int)
    for gram, rarity in rarities.items():
        sums[gram[:length]] += _PARTS[rarity]
    return {start: _bits(total) for start, total in sums.items()}


def sum_of(rarities: Iterable[int]) -> int:
    """Return how rare it is that any of several is there."""
    return _bits(sum([_PARTS[rarity] for rarity in rarities]))


def _bits(total: int) -> int:
    return max(UNSEEN + 1 - total.bit_length(), 0)


def parse(text: str) -> Frequencies:
    """Read a table.

    Raises:
        ValueError: it is not one.
    """
    rarities: dict[bytes, int] = {}
    for line in text.splitlines():
        if line.startswith("#"):
            continue
        first, *others = line.split()
        for other in others:
            rarities[bytes.fromhex(first + other[:-1])] = ord(other[-1]) - ord("a")
    return Frequencies(rarities)


@cache
def shipped() -> Frequencies:
    """Return the table that comes with the program."""
    return parse(_TEXT)
