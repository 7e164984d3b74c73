"""Pieces: what stands between two gaps of a body, and where one matches.

A piece matches at a place if its elements match one behind the other from there on. A
choice of several lengths can make it end at several places; all of them count.
"""

from dataclasses import dataclass

from clearward.native.borders import WITHIN, before, behind
from clearward.native.elements import (
    Anything,
    Choice,
    Edge,
    Masked,
    Near,
    Part,
    Plain,
    fits,
    read_elements,
    takes,
)
from clearward.native.layout import PIECE, UNBOUNDED, Border
from clearward.native.paged import Data
from clearward.native.span import Span, zero
from clearward.native.steps import Steps


@dataclass(frozen=True, slots=True)
class Piece:
    """One piece and the gap before it.

    Attributes:
        gap: least and most bytes between it and the one before; the most is UNBOUNDED
            for any.
        takes: least and most bytes of a match.
        key: bytes that stand in every match, empty if there are none.
        distance: from the start of the match to the key.
        before: what must hold for the place where it begins.
        parts: elements that take bytes, in order.
        behind: what must hold for the place where it ends.
    """

    gap: tuple[int, int]
    takes: tuple[int, int]
    key: bytes
    distance: int
    before: tuple[Edge | Near, ...]
    parts: tuple[Part, ...]
    behind: tuple[Edge | Near, ...]


def read_piece(span: Span, *, first: bool) -> Piece:
    """Read one piece, its program and the padding behind that.

    Raises:
        BadImage: it breaks the layout, or what it says about its program is not so.
    """
    least_gap, most_gap, length, least, most, distance, offset, key = span.fields(PIECE)
    span.check(least_gap <= most_gap, "gap")
    span.check(not first or most_gap == 0, "gap before the first piece")
    program = span.part(length, "a piece")
    span.check(zero(span.take(-length % 4)), "padding")
    row = read_elements(program)
    front = _outside(row)
    parts = row[len(front) :]
    back = _outside(parts[::-1])[::-1]
    parts = parts[: len(parts) - len(back)]
    for part in parts:
        span.check(not isinstance(part, Near), "byte near a piece")
        wide = isinstance(part, Edge) and part.kind is Border.WIDE
        span.check(not wide, "border")
    span.check(least and (least, most) == takes(parts), "length of a piece")
    span.check(most < UNBOUNDED, "length of a piece")
    if key:
        span.check(_stands(parts, offset, key, distance), "key")
    else:
        span.check(distance == offset == 0, "key")
    plain = bytes(program.data[offset : offset + key])
    return Piece(
        (least_gap, most_gap), (least, most), plain, distance, front, parts, back
    )


def _outside(row: tuple[Part, ...]) -> tuple[Edge | Near, ...]:
    """Return what a row begins with that takes no byte: any NEAR, then one border."""
    found: list[Edge | Near] = []
    for part in row:
        if not isinstance(part, Edge | Near):
            break
        found.append(part)
        if isinstance(part, Edge):
            break
    return tuple(found)


def _stands(parts: tuple[Part, ...], offset: int, length: int, distance: int) -> bool:
    """Say whether a key is plain bytes at a fixed distance from the start."""
    at = 0
    for part in parts:
        if isinstance(part, Plain) and part.offset <= offset:
            within = offset - part.offset
            if length <= len(part.data) - within:
                return distance == at + within
        least, most = part.takes
        if least != most:
            return False
        at += least
    return False


def ends(piece: Piece, data: Data, place: int, steps: Steps) -> list[int]:
    """Return where a match that begins at `place` may end, ascending; none if none."""
    for part in piece.before:
        if isinstance(part, Near):
            if not _near(part, data, place):
                return []
        elif not before(part.kind, data, place, negated=part.negated):
            return []
    found = _row(piece.parts, data, {place}, steps)
    return sorted(end for end in found if _ended(piece, data, end))


def _ended(piece: Piece, data: Data, end: int) -> bool:
    """Say whether what has to stand behind a piece does."""
    return all(
        _near(part, data, end)
        if isinstance(part, Near)
        else behind(part.kind, data, end, negated=part.negated)
        for part in piece.behind
    )


def _near(near: Near, data: Data, place: int) -> bool:
    """Say whether the bytes stand at one of their distances from `place`."""
    least, most = near.distance
    for distance in range(least, most + 1):
        at = place - distance - len(near.values) if near.before else place + distance
        if at >= 0 and fits(data, at, near.values, near.masks):
            return True
    return False


def _row(
    parts: tuple[Part, ...], data: Data, places: set[int], steps: Steps
) -> set[int]:
    for part in parts:
        steps.take(len(places))
        if isinstance(part, Choice):
            places = _choice(part, data, places, steps)
        else:
            places = {
                place + part.takes[0] for place in places if _fits(part, data, place)
            }
        if not places:
            break
    return places


def _choice(part: Choice, data: Data, places: set[int], steps: Steps) -> set[int]:
    found: set[int] = set()
    if not part.negated:
        for row in part.alternatives:
            found |= _row(row, data, places, steps)
        return found
    length = part.takes[0]
    for place in places:
        if length <= len(data) - place and not any(
            _row(row, data, {place}, steps) for row in part.alternatives
        ):
            found.add(place + length)
    return found


def _fits(
    part: Plain | Masked | Anything | Edge | Near, data: Data, place: int
) -> bool:
    """Say whether an element that is no choice stands at `place`, whole."""
    length = part.takes[0]
    if length > len(data) - place:
        return False
    if isinstance(part, Plain):
        return data.startswith(part.data, place)
    if isinstance(part, Masked):
        return fits(data, place, part.values, part.masks)
    if isinstance(part, Edge):
        return (data[place] in WITHIN[part.kind]) != part.negated
    return True
