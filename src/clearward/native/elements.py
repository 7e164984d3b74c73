"""The elements of a piece: how they are read, and how many bytes they take.

Elements are checked and read by the same code, so what a matcher walks has been looked
at completely. What takes no byte (`layout`: BORDER at an end of a piece, and NEAR) is
told apart by `pieces`.
"""

from dataclasses import dataclass
from typing import TypeVar

from clearward.native.layout import MOST_NESTING, Border, Element
from clearward.native.paged import Data
from clearward.native.span import BYTE, SHORT, Span


@dataclass(frozen=True, slots=True)
class Plain:
    """These bytes.

    Attributes:
        data: the bytes.
        offset: of the first of them in the program of the piece.
    """

    data: bytes
    offset: int

    @property
    def takes(self) -> tuple[int, int]:
        """Least and most bytes."""
        return len(self.data), len(self.data)


@dataclass(frozen=True, slots=True)
class Masked:
    """Each byte under its mask is its value."""

    values: bytes
    masks: bytes

    @property
    def takes(self) -> tuple[int, int]:
        """Least and most bytes."""
        return len(self.values), len(self.values)


@dataclass(frozen=True, slots=True)
class Anything:
    """So many bytes of any value."""

    count: int

    @property
    def takes(self) -> tuple[int, int]:
        """Least and most bytes."""
        return self.count, self.count


@dataclass(frozen=True, slots=True)
class Choice:
    """Any of several rows of elements, or negated none of them."""

    alternatives: tuple[tuple["Part", ...], ...]
    negated: bool
    takes: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Edge:
    """A border."""

    kind: Border
    negated: bool

    @property
    def takes(self) -> tuple[int, int]:
        """Bytes it takes within a piece."""
        return 1, 1


@dataclass(frozen=True, slots=True)
class Near:
    """Bytes that are their values under their masks, at a distance from a place.

    Attributes:
        before: they stand before the place, not behind it.
        distance: least and most bytes between them and the place.
    """

    values: bytes
    masks: bytes
    before: bool
    distance: tuple[int, int]

    @property
    def takes(self) -> tuple[int, int]:
        """Nothing."""
        return 0, 0


Part = Plain | Masked | Anything | Choice | Edge | Near
MOST_DISTANCE = 32
NEARS = (1, 2)  # bytes


def read_elements(span: Span, depth: int = 0) -> tuple[Part, ...]:
    """Read the rest of a program as elements.

    Args:
        span: what is left of it.
        depth: choices around it.

    Raises:
        BadImage: they break the layout.
    """
    found: list[Part] = []
    while span.left:
        kind = known(span, Element, span.number(BYTE), "element")
        if kind is Element.CHOICE:
            found.append(_choice(span, depth))
        elif kind is Element.BORDER:
            span.check(depth == 0, "border in a choice")
            found.append(_edge(span))
        elif kind is Element.NEAR:
            span.check(depth == 0, "byte near a choice")
            found.append(_near(span))
        else:
            found.append(_run(span, kind))
    return tuple(found)


def takes(row: tuple[Part, ...]) -> tuple[int, int]:
    """Return the least and most bytes that a row of a choice takes."""
    both = [part.takes for part in row]
    return sum(least for least, _ in both), sum(most for _, most in both)


Kind = TypeVar("Kind", Element, Border)


def known(span: Span, kinds: type[Kind], value: int, field: str) -> Kind:
    """Return the kind with this number.

    Raises:
        BadImage: there is none.
    """
    try:
        return kinds(value)
    except ValueError:
        span.check(holds=False, field=field)
        raise


def _run(span: Span, kind: Element) -> Part:
    length = span.number(SHORT)
    span.check(length, "length")
    if kind is Element.BYTES:
        start = span.at
        return Plain(bytes(span.take(length)), start)
    if kind is Element.ANY:
        return Anything(length)
    return Masked(*_masked(span, length))


def _masked(span: Span, length: int) -> tuple[bytes, bytes]:
    values = bytes(span.take(length))
    masks = bytes(span.take(length))
    fits = all(not value & ~mask for value, mask in zip(values, masks, strict=True))
    span.check(fits, "value outside its mask")
    return values, masks


def _near(span: Span) -> Near:
    before, least, most, length = span.take(4)
    span.check(before <= 1, "side")
    span.check(least <= most <= MOST_DISTANCE, "distance")
    span.check(length in NEARS, "length")
    return Near(*_masked(span, length), bool(before), (least, most))


def _choice(span: Span, depth: int) -> Choice:
    span.check(depth < MOST_NESTING, "nesting")
    negated = span.number(BYTE)
    span.check(negated <= 1, "negation")
    count = span.number(SHORT)
    span.check(count, "number of alternatives")
    rows = tuple(
        read_elements(span.part(span.number(SHORT), "an alternative"), depth + 1)
        for _ in range(count)
    )
    lengths = [takes(row) for row in rows]
    least, most = min(one for one, _ in lengths), max(one for _, one in lengths)
    span.check(most, "empty choice")
    span.check(not negated or least == most, "length of what is negated")
    return Choice(rows, bool(negated), (least, most))


def fits(data: Data, place: int, values: bytes, masks: bytes) -> bool:
    """Say whether bytes at `place` are these values under these masks, all of them."""
    there = data[place : place + len(values)]
    return len(there) == len(values) and all(
        byte & mask == value
        for byte, mask, value in zip(there, masks, values, strict=True)
    )


def _edge(span: Span) -> Edge:
    kind = known(span, Border, span.number(BYTE), "border")
    negated = span.number(BYTE)
    span.check(negated <= 1, "negation")
    return Edge(kind, bool(negated))
