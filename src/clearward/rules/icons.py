"""Icons that lists know (.idb), and how much another one is like them.

A row of the list: group 1, group 2, and the looks as 124 digits (`core.icon`).

Each area of the icon is compared with those of its kind that the list has: if their
values differ by at most a fifth of the largest, it is as like as the nearest of them is
near. Distances are cut off; up to a fifth of the side counts. The parts of the spread
are alike up to a difference of ten. The mean of what is asked of both counts, in per
cent:

    both coloured   colours, dark, edges, spread in full; greys, bright, plain by 2/3
    one of them     the same without colours and greys, still of six
    none            edges in full, all six with all six; bright and dark; plain by half,
                    all six with all six; of six

Source: tried with clamscan 1.4.6.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import isqrt
from typing import TYPE_CHECKING

from clearward.core.icon import Area, Icon, read
from clearward.native.errors import BadImage
from clearward.rules.listing import read_rows

if TYPE_CHECKING:  # what compiles lists has it loaded
    from clearward.rules.clamav.listed import Icon as Line

FIELDS = 3
MOST_ROWS = 100_000
DIGITS = 124
ANY = "*"
_LONGEST_GROUP = 1000
_COLOURS = 814  # a fifth of the most colour, as most difference; and of 255:
_VALUES = 51
_SPREAD = 10
_LOSS = {16: 20, 24: 15, 32: 10}  # per point of distance, of 100
_MOST = {16: 3, 24: 4, 32: 6}  # points
_LEAST = {16: 72, 24: 68, 32: 64}  # per cent that make a match
_LEAST_GREY = 70  # where none is coloured


@dataclass(frozen=True, slots=True)
class _Known:
    group1: str
    group2: str
    icon: Icon


class Icons:
    """The icons of a list.

    Args:
        data: the section of the image; empty if there is none.

    Raises:
        BadImage: it is no such list.
    """

    def __init__(self, data: bytes | memoryview) -> None:
        self._known: list[_Known] = []
        for row in read_rows(data, FIELDS):
            group1, group2 = (row.text(field, _LONGEST_GROUP) for field in (0, 1))
            try:
                icon = read(row.text(2, DIGITS))
            except ValueError as error:
                raise BadImage(f"a list of icons: {error}") from error
            self._known.append(_Known(group1, group2, icon))
        if len(self._known) > MOST_ROWS:
            raise BadImage(f"a list of {len(self._known)} icons")

    def asked(self, groups: Sequence[str]) -> list[Icon]:
        """Return the icons of the list that are in both groups.

        Args:
            groups: first and second; an empty one is not asked for, ``"*"`` is any.
                Nothing is in them where neither is asked for.
        """
        if not any(groups):
            return []
        return [
            known.icon
            for known in self._known
            if _fits(groups[0], known.group1) and _fits(groups[1], known.group2)
        ]


def row_of(line: "Line") -> list[object]:
    """Return the row of a line of an .idb."""
    return [line.group1, line.group2, line.hash]


def _fits(asked: str, group: str) -> bool:
    return asked in {"", ANY, group}


def is_like(icon: Icon, known: Icon) -> bool:
    """Say whether an icon is like one that a list knows."""
    if icon.side != known.side:
        return False
    coloured = icon.is_coloured or known.is_coloured
    least = _LEAST[icon.side] if coloured else _LEAST_GREY
    return confidence(icon, known) >= least


def confidence(icon: Icon, known: Icon) -> int:
    """Return how much an icon is like another of its size, up to 100, cut off."""
    side = icon.side
    bright = _likeness(icon.bright, known.bright, _VALUES, side)
    dark = _likeness(icon.dark, known.dark, _VALUES, side)
    if not (icon.is_coloured or known.is_coloured):
        edges = _likeness(
            icon.edges + icon.colours, known.edges + known.colours, _VALUES, side
        )
        plain = _likeness(
            icon.plain + icon.greys, known.plain + known.greys, _VALUES, side
        )
        return (2 * (edges // 6) + plain // 6 + bright // 3 + dark // 3) // 6
    full = dark // 3 + _likeness(icon.edges, known.edges, _VALUES, side) // 3
    part = bright // 3 + _likeness(icon.plain, known.plain, _VALUES, side) // 3
    if icon.is_coloured and known.is_coloured:
        full += _likeness(icon.colours, known.colours, _COLOURS, side) // 3
        part += _likeness(icon.greys, known.greys, _COLOURS, side) // 3
    full += _spread(icon.spread, known.spread) // 4
    return (3 * full + 2 * part) // 18


def _likeness(
    areas: tuple[Area, ...], known: tuple[Area, ...], most: int, side: int
) -> int:
    """Return how like areas are to others, 100 for each."""
    total = 0
    for area in areas:
        near = [
            isqrt((area.x - one.x) ** 2 + (area.y - one.y) ** 2)
            for one in known
            if abs(area.value - one.value) <= most
        ]
        nearest = min(near, default=side)
        if nearest <= _MOST[side]:
            total += 100 - _LOSS[side] * nearest
    return total


def _spread(parts: tuple[int, ...], known: tuple[int, ...]) -> int:
    """Return how like what is coloured is, 100 for each of four."""
    differences = [abs(one - other) for one, other in zip(parts, known, strict=True)]
    return sum(100 - 100 * min(one, _SPREAD) // _SPREAD for one in differences)
