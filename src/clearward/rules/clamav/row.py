"""A piece of a body: the row of its elements, with nested alternatives.

Alternatives are kept on a stack of their own, at most 15 deep, and never multiplied
out.
"""

from dataclasses import dataclass, field

from clearward.native.layout import MOST_NESTING
from clearward.rules.clamav.fault import Wrong
from clearward.rules.clamav.form import PLAIN, Form, within
from clearward.rules.clamav.model import (
    Bytes,
    Choice,
    Edge,
    Element,
    Masked,
    Near,
    Piece,
    Skip,
)

MOST_DISTANCE = 32  # of a byte beside a piece
_LEAST_STATIC = 2  # adjacent bytes that a piece needs
_EXACT = (0xFF, 0xDF)  # masks of a byte that is written down, also of a folded letter


@dataclass(frozen=True, slots=True)
class Distance:
    """What stands for ``[n-m]`` until the piece is complete."""

    least: int
    most: int


@dataclass(slots=True)
class _Open:
    """Alternatives that are not closed yet."""

    negated: bool
    before: list[Element | Distance]
    alternatives: list[tuple[Element, ...]] = field(default_factory=list)


class Row:
    """Takes elements, one by one, and gives the piece.

    Args:
        form: in which they are meant.
    """

    def __init__(self, form: Form) -> None:
        self._form = form
        self._elements: list[Element | Distance] = []
        self._open: list[_Open] = []

    @property
    def nested(self) -> bool:
        """Whether alternatives are open."""
        return bool(self._open)

    def add(self, *elements: Element | Distance) -> None:
        """Take elements."""
        if self._open and any(isinstance(one, Edge | Distance) for one in elements):
            raise Wrong("a border or [n-m] among alternatives")
        self._elements.extend(elements)

    def open(self, *, negated: bool) -> None:
        """Begin alternatives."""
        if len(self._open) >= MOST_NESTING:
            raise Wrong(f"alternatives nested more than {MOST_NESTING} deep")
        if negated and (self._open or self._form != PLAIN):
            raise Wrong("a negation nested or with modifiers")
        self._open.append(_Open(negated, self._elements))
        self._elements = []

    def bar(self) -> None:
        """Begin the next alternative."""
        if not self._open:
            raise Wrong("| outside of alternatives")
        alternatives = self._open[-1].alternatives
        if not self._elements and not alternatives:
            raise Wrong("the first alternative is empty")
        alternatives.append(self._row())
        self._elements = []

    def close(self) -> None:
        """End the alternatives that were begun last."""
        if not self._open:
            raise Wrong(") without (")
        last = self._row()
        opened = self._open.pop()
        opened.alternatives.append(last)
        if opened.alternatives == [()]:
            raise Wrong("empty alternatives")
        if opened.negated:
            _check_negated(opened.alternatives)
        self._elements = opened.before
        self._elements.append(Choice(tuple(opened.alternatives), opened.negated))

    def finish(self) -> Piece:
        """Return the piece, and begin a new one.

        Raises:
            Wrong: what was taken is no piece.
        """
        if self._open:
            raise Wrong("( without )")
        elements = self._elements
        self._elements = []
        before, after = self._near(elements)
        last = len(elements) - 1
        row = [
            within(one) if isinstance(one, Edge) and _takes(one, place, last) else one
            for place, one in enumerate(elements)
            if not isinstance(one, Distance)
        ]
        if len(row) != len(elements):
            raise Wrong("[n-m] not beside one byte at an end of a piece")
        if not any(_static(one) for one in row):
            raise Wrong(f"no {_LEAST_STATIC} adjacent bytes in a piece")
        if (before and isinstance(row[0], Edge)) or (
            after and isinstance(row[-1], Edge)
        ):
            raise Wrong("a border between a piece and [n-m]")
        return (*before, *row, *after)

    def _row(self) -> tuple[Element, ...]:
        return tuple(one for one in self._elements if not isinstance(one, Distance))

    def _near(
        self, elements: list[Element | Distance]
    ) -> tuple[tuple[Element, ...], tuple[Element, ...]]:
        """Take a byte with its distance from each end of a row."""
        before: tuple[Element, ...] = ()
        after: tuple[Element, ...] = ()
        if (
            len(elements) > 1
            and isinstance(elements[1], Distance)
            and _is_one(elements[0])
        ):
            before = (self._beside(elements[0], elements[1], before=True),)
            del elements[:2]
        if len(elements) > 1 and isinstance(elements[-2], Distance):
            after = (self._beside(elements[-1], elements[-2], before=False),)
            del elements[-2:]
        return before, after

    def _beside(
        self, element: Element | Distance, distance: Distance, *, before: bool
    ) -> Near:
        if isinstance(element, Masked):
            value, mask = element.values[0], element.masks[0]
        elif isinstance(element, Bytes):
            value, mask = element.data[0], 0xFF
        else:
            value, mask = 0, 0
        if not _is_one(element):
            raise Wrong("[n-m] not beside one byte")
        least, most = distance.least, distance.most
        if most < least or most > MOST_DISTANCE:
            raise Wrong(f"[n-m] has to rise to at most {MOST_DISTANCE}")
        return Near(value, mask, least, most, before)


def _takes(edge: Edge, place: int, last: int) -> bool:
    """Say whether a border takes a byte: within a piece, or negated at its start."""
    return 0 < place < last or (place == 0 and edge.negated)


def _is_one(element: Element | Distance) -> bool:
    """Say whether an element is one byte."""
    if isinstance(element, Bytes):
        return len(element.data) == 1
    if isinstance(element, Masked):
        return len(element.values) == 1
    return isinstance(element, Skip) and element.count == 1


def _check_negated(alternatives: list[tuple[Element, ...]]) -> None:
    sizes = set()
    for row in alternatives:
        if len(row) != 1 or not isinstance(row[0], Bytes):
            raise Wrong("a negation of more than plain bytes")
        sizes.add(len(row[0].data))
    if len(sizes) > 1:
        raise Wrong("a negation of several lengths")


def _static(element: Element | Distance) -> bool:
    """Say whether an element holds adjacent bytes that are written down."""
    if isinstance(element, Bytes):
        return len(element.data) >= _LEAST_STATIC
    if isinstance(element, Masked):
        masks = element.masks
        return any(
            masks[place] in _EXACT and masks[place + 1] in _EXACT
            for place in range(len(masks) - 1)
        )
    return False
