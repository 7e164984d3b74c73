"""Find any of several short strings of bytes in one pass over a part.

`find` is compiled, or in plain Python where the package was built without a compiler;
tests compare the two. The compiled one (`finder/finder.c`) looks at each byte once,
however many needles there are.
"""

from collections import Counter
from typing import Protocol

SHORTEST, LONGEST, MOST = 4, 32, 64  # bytes of a needle, and needles


class Finder(Protocol):
    """Finds needles."""

    def places(self, data: bytes, most: int, /) -> list[tuple[int, int]]:
        """Return where needles stand, and their numbers, in ascending order.

        Args:
            data: the part; at places from which a needle reaches behind its end there
                is none.
            most: places of one needle; only the first ones are returned.
        """


class Reference:
    """Finds needles, in plain Python.

    Args:
        needles: what is searched for; a needle is known by its number here.

    Raises:
        ValueError: one is shorter or longer than they may be, or there are too many.
    """

    def __init__(self, needles: tuple[bytes, ...]) -> None:
        lengths = {len(needle) for needle in needles}
        if len(needles) > MOST or not lengths <= set(range(SHORTEST, LONGEST + 1)):
            raise ValueError("a needle of a bad length, or too many")
        self._needles = needles

    def places(self, data: bytes, most: int, /) -> list[tuple[int, int]]:
        """As `Finder` says."""
        found: list[tuple[int, int]] = []
        counts: Counter[int] = Counter()
        for number, needle in enumerate(self._needles):
            place = data.find(needle)
            while place >= 0 and counts[number] < most:
                counts[number] += 1
                found.append((place, number))
                place = data.find(needle, place + 1)
        return sorted(found)


def reference(needles: tuple[bytes, ...]) -> Finder:
    """Return what finds some needles, in plain Python."""
    return Reference(needles)


finder = reference

try:
    from clearward.native import _finder
except ImportError as missing:
    # Anything else that is missing is a fault, not a choice.
    if missing.name not in {"clearward.native._finder", "clearward.native"}:
        raise
else:

    def finder(needles: tuple[bytes, ...]) -> Finder:
        """Return what finds some needles, compiled."""
        return _finder.Finder(needles)
