"""What must hold for a part before a signature is looked at.

    FILE_SIZE      the size of the part is not below the least nor above the most
    ENTRY_POINT    likewise its entry point, which must be known
    SECTIONS       likewise the number of its sections
    CONTAINER      the part lies directly in one of this type; of 0: in none
    INTERMEDIATES  the innermost containers are of these types, the innermost last, and
                   all of them are there; 0 is any type
    ICONS          nothing here: it is decided outside

Types are numbers of the image; a type that it does not list is OTHER_TYPE, which equals
none. (clamscan 1.4.6: `tests/native`; 0 is what signatures call CL_TYPE_ANY.)
"""

from dataclasses import dataclass

from clearward.core.facts import Facts
from clearward.native.layout import Condition
from clearward.native.span import BYTE, QUAD, Span
from clearward.native.types import Types

MOST_INTERMEDIATES = 16
MOST_ICONS = 2
WORD = 0xFFFFFFFF
MOST_KIND = max(Condition)


@dataclass(frozen=True, slots=True)
class Demand:
    """A condition and its values."""

    kind: Condition
    values: tuple[int, ...]


def read_demands(span: Span, texts: int, types: int) -> tuple[Demand, ...]:
    """Read conditions up to their end.

    Args:
        span: what is left of a program.
        texts: bytes in TEXTS.
        types: how many types the image lists.

    Raises:
        BadImage: they break the layout.
    """
    found: list[Demand] = []
    while kind := span.number(BYTE):
        span.check(kind <= MOST_KIND, "condition")
        count = span.number(BYTE)
        values = tuple(span.number(QUAD) for _ in range(count))
        found.append(Demand(Condition(kind), values))
        span.check(_right(found[-1], texts, types), "values of a condition")
    return tuple(found)


def _right(demand: Demand, texts: int, types: int) -> bool:
    values = demand.values
    match demand.kind:
        case Condition.CONTAINER:
            return len(values) == 1 and values[0] <= types
        case Condition.INTERMEDIATES:
            return 0 < len(values) <= MOST_INTERMEDIATES and max(values) <= types
        case Condition.ICONS:
            ends = [(value & WORD) + (value >> 32) for value in values]
            return 0 < len(ends) <= MOST_ICONS and max(ends) <= texts
    return len(values) == 2  # noqa: PLR2004 - least and most


def met(demands: tuple[Demand, ...], facts: Facts, types: Types, size: int) -> bool:
    """Say whether all conditions hold for a part of so many bytes."""
    return all(_met(demand, facts, types, size) for demand in demands)


def _met(demand: Demand, facts: Facts, types: Types, size: int) -> bool:
    values = demand.values
    match demand.kind:
        case Condition.CONTAINER:
            return values[0] == types.number(facts.container)
        case Condition.INTERMEDIATES:
            return _typed(values, facts.intermediates, types)
        case Condition.ICONS:
            return True
        case Condition.FILE_SIZE:
            told: int | None = size
        case Condition.ENTRY_POINT:
            told = facts.entry
        case _:
            told = len(facts.sections)
    return told is not None and values[0] <= told <= values[1]


def _typed(values: tuple[int, ...], around: tuple[str, ...], types: Types) -> bool:
    inner = around[-len(values) :]
    return len(inner) == len(values) and all(
        value in {0, types.number(name)}
        for value, name in zip(values, inner, strict=True)
    )
