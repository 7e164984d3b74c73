"""The looks of an icon, as numbers: what a program shows, and what a list knows.

In hexadecimal (.idb), 124 digits:

    2    side: 16, 24 or 32 points
    21   three areas of colour; of an icon without, the 4th to 6th with most edges
    21   three areas of little colour; or the 4th to 6th with least edges
    18   three bright areas, 18 three dark ones, 18 with most edges, 18 with least
    8    red, green and blue of what is coloured, and how much of the icon that is

An area is its value (3 digits in the first two groups, else 2), x and y.

Source: ClamAV's manual, "Icon signatures for PE files"; tried with clamscan 1.4.6.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from typing_extensions import override

AREAS = 3  # in each group
_SIDES = frozenset({16, 24, 32})
_digits = re.compile("[0-9a-fA-F]{124}").fullmatch


@dataclass(frozen=True, slots=True)
class Area:
    """A square, a quarter of the icon wide.

    Attributes:
        value: what it was chosen for, up to 4072 for colours, else up to 255.
        x, y: its upper left point.
    """

    value: int
    x: int
    y: int


@dataclass(frozen=True, slots=True)
class Icon:
    """The looks of an icon.

    Attributes:
        side: points: 16, 24 or 32.
        colours, greys: most and least colour; see above for an icon without.
        bright, dark: areas.
        edges, plain: with most and with least edges.
        spread: red, green, blue, and coloured points, in per cent.
    """

    side: int
    colours: tuple[Area, ...]
    greys: tuple[Area, ...]
    bright: tuple[Area, ...]
    dark: tuple[Area, ...]
    edges: tuple[Area, ...]
    plain: tuple[Area, ...]
    spread: tuple[int, ...]

    @property
    def is_coloured(self) -> bool:
        """Enough of its points have a colour."""
        return self.spread[3] > 0

    @override
    def __str__(self) -> str:
        """Return the 124 digits."""
        wide = (self.colours, self.greys)
        narrow = (self.bright, self.dark, self.edges, self.plain)
        return "".join(
            (
                f"{self.side:02x}",
                *(f"{a.value:03x}{a.x:02x}{a.y:02x}" for one in wide for a in one),
                *(f"{a.value:02x}{a.x:02x}{a.y:02x}" for one in narrow for a in one),
                *(f"{part:02x}" for part in self.spread),
            )
        )


def read(digits: str) -> Icon:
    """Return the icon that 124 digits describe.

    Raises:
        ValueError: they are no such description.
    """
    if _digits(digits) is None:
        raise ValueError("not 124 hexadecimal digits")
    side = int(digits[:2], 16)
    if side not in _SIDES:
        raise ValueError(f"an icon of {side} points")
    starts = (2, 23, 44, 62, 80, 98)
    groups = [
        tuple(_areas(digits, start, 7 if start < starts[2] else 6)) for start in starts
    ]
    spread = tuple(int(digits[at : at + 2], 16) for at in range(116, 124, 2))
    colours, greys, bright, dark, edges, plain = groups
    return Icon(side, colours, greys, bright, dark, edges, plain, spread)


def _areas(digits: str, start: int, width: int) -> Iterator[Area]:
    for at in range(start, start + AREAS * width, width):
        split = at + width - 4
        yield Area(
            int(digits[at:split], 16),
            int(digits[split : split + 2], 16),
            int(digits[split + 2 : split + 4], 16),
        )
