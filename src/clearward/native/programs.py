"""The program of a signature: what must hold, its sub-signatures, its expression.

Reading a program is checking it: `Image` reads each once and forgets it, a matcher
reads those that it needs and keeps them.
"""

from dataclasses import dataclass

from clearward.native.bodies import Body, read_body
from clearward.native.compare import Compare, read_compare
from clearward.native.conditions import Demand, read_demands
from clearward.native.expression import Step, read_expression
from clearward.native.layout import (
    IMAGE,
    MACRO,
    MOST_GROUPS,
    REGEX,
    SUB,
    Condition,
    SubKind,
    Where,
)
from clearward.native.places import Place, read_place
from clearward.native.span import Span

MOST_KIND = max(SubKind)


@dataclass(frozen=True, slots=True)
class Macro:
    """After a match of the sub before it, one of the group further on."""

    group: int
    least: int
    most: int


@dataclass(frozen=True, slots=True)
class Regex:
    """A regular expression, which is decided outside.

    Attributes:
        place: where it may match.
        flags: as the builder and who decides have agreed.
        offset, length: of its text in TEXTS.
        trigger: it is not looked at unless this is true.
    """

    place: Place
    flags: int
    offset: int
    length: int
    trigger: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture with a hash near this one, which is decided outside."""

    hash: bytes
    distance: int


Sub = Body | Regex | Compare | Macro | Picture


@dataclass(frozen=True, slots=True)
class Program:
    """A program.

    Attributes:
        demands: conditions on the part.
        subs: sub-signatures.
        steps: of the expression.
        waits: something in it has to be decided outside.
    """

    demands: tuple[Demand, ...]
    subs: tuple[Sub, ...]
    steps: tuple[Step, ...]
    waits: bool


def read_program(data: memoryview, subs: int, texts: int, types: int) -> Program:
    """Read a program.

    Args:
        data: all of its bytes.
        subs: as many sub-signatures as its signature says.
        texts: bytes in TEXTS.
        types: how many types the image lists.

    Raises:
        BadImage: it breaks the layout.
    """
    span = Span(data, "a program")
    demands = read_demands(span, texts, types)
    found: list[Sub] = []
    for number in range(subs):
        found.append(_sub(span, number, found, texts))
    for number, sub in enumerate(found):
        if isinstance(sub, Compare):
            there = found[sub.sub] if sub.sub < subs else None
            span.check(isinstance(there, Body | Macro | Regex), "sub of a compare")
            span.check(sub.sub < number or not isinstance(there, Regex), "compare")
    steps = read_expression(span, subs)
    span.done()
    waits = any(isinstance(sub, Regex | Picture) for sub in found) or any(
        demand.kind is Condition.ICONS for demand in demands
    )
    return Program(demands, tuple(found), steps, waits)


def _sub(span: Span, number: int, before: list[Sub], texts: int) -> Sub:
    kind, flags, length = span.fields(SUB)
    span.check(flags == 0, "flags of a sub")
    span.check(1 <= kind <= MOST_KIND, "kind of sub")
    payload = span.part(length, "a sub")
    match SubKind(kind):
        case SubKind.BODY:
            return read_body(payload)
        case SubKind.COMPARE:
            return read_compare(payload)
        case SubKind.REGEX:
            return _regex(payload, number, texts)
        case SubKind.MACRO:
            macro = Macro(*payload.fields(MACRO))
            payload.check(macro.group < MOST_GROUPS, "group")
            payload.check(macro.least <= macro.most, "distance")
            follows = before and isinstance(before[-1], Body | Macro)
            payload.check(follows, "sub before a macro")
            payload.done()
            return macro
    picture = Picture(*payload.fields(IMAGE))
    payload.done()
    return picture


def _regex(span: Span, number: int, texts: int) -> Regex:
    place = read_place(span)
    span.check(place.where is not Where.GROUP, "place of a regular expression")
    flags, offset, length = span.fields(REGEX)
    span.check(length <= texts and offset <= texts - length, "text")
    trigger = read_expression(span, number)
    span.done()
    return Regex(place, flags, offset, length, trigger)
