"""What a part can be, and the families that kinds belong to.

Inside the jail a kind is told by content (`formats.kinds`); outside only its number
arrives, so both sides read the same list, ``kinds.txt`` beside this file.
"""

from dataclasses import dataclass
from enum import IntEnum

UNKNOWN = "data"
MOST_EVIDENCE = 24  # bytes of a part that are shown as evidence


class How(IntEnum):
    """What a kind was told by."""

    NOTHING = 0  # nothing is known that it could be
    MAGIC = 1  # bytes at their place
    STRUCTURE = 2  # fields or members that agree with each other
    WORDS = 3  # words of a language
    LETTERS = 4  # it holds nothing but text
    MARK = 5  # a first line, or an order mark


@dataclass(frozen=True, slots=True)
class Kind:
    """What a part is, and why it is said to be.

    Attributes:
        name: one of `NAMES`.
        how: what it was told by.
        offset: where the evidence stands, in bytes from the start of the part.
        evidence: at most `MOST_EVIDENCE` bytes of the part.
    """

    name: str
    how: How
    offset: int = 0
    evidence: bytes = b""


def _read() -> dict[str, str]:
    with open(f"{__file__.removesuffix('.py')}.txt", encoding="ascii") as file:
        lines = [line.split() for line in file if not line.startswith("#")]
    return {name: family for family, *names in lines for name in names}


_FAMILIES = _read()
NAMES = tuple(_FAMILIES)
_NUMBERS = {name: number for number, name in enumerate(NAMES)}


def family(name: str) -> str:
    """Return the family of a kind, such as ``"archive"``."""
    return _FAMILIES.get(name, "unknown")


def number(name: str) -> int:
    """Return the number of a kind; that of `UNKNOWN` for any other word."""
    return _NUMBERS.get(name, 0)
