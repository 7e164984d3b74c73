"""Where the first piece of a chain may begin.

With `base` and `shift`, a start is any place from base to base + shift, both included:

    ANYWHERE      every place
    START         base is the offset
    END           base is the size of the part minus the offset
    ENTRY         base is the entry point plus the offset (may be negative)
    SECTION       base is the start of section n plus the offset
    IN_SECTION    from the start of section n to that plus its raw size plus shift
    LAST_SECTION  base is the start of the last section plus the offset
    VERSION       base is each of the version offsets plus the offset
    GROUP         every place; but the sub-signature does not count by itself, it is
                  only what a MACRO of that group looks for

If `facts.placed` is false only ANYWHERE, START and GROUP give places. Without an entry
point, or a section of that number, and where base is negative, there is no place.
"""

from dataclasses import dataclass

from clearward.core.facts import Facts
from clearward.native.layout import MOST_GROUPS, MOST_OFFSET, PLACE, Where
from clearward.native.span import Span

MOST_KIND = max(Where)
ALWAYS_PLACED = frozenset({Where.ANYWHERE, Where.START, Where.GROUP})


@dataclass(frozen=True, slots=True)
class Place:
    """A place as the image says it."""

    where: Where
    section: int
    group: int
    offset: int
    shift: int


def read_place(span: Span) -> Place:
    """Read a place.

    Raises:
        BadImage: it breaks the layout, or says what its kind does not ask for.
    """
    kind, section, group, offset, shift = span.fields(PLACE)
    span.check(kind <= MOST_KIND, "place")
    where = Where(kind)
    span.check(-MOST_OFFSET <= offset <= MOST_OFFSET, "offset")
    span.check(shift <= MOST_OFFSET, "shift")
    numbered = where in {Where.SECTION, Where.IN_SECTION}
    span.check(numbered or section == 0, "section")
    span.check(group < MOST_GROUPS and (where is Where.GROUP or group == 0), "group")
    if where in {Where.ANYWHERE, Where.GROUP}:
        span.check(offset == shift == 0, "offset")
    span.check(offset == 0 or where is not Where.IN_SECTION, "offset")
    span.check(offset >= 0 or where not in {Where.START, Where.END}, "offset")
    return Place(where, section, group, offset, shift)


def starts(place: Place, facts: Facts, size: int) -> list[tuple[int, int]]:
    """Return ranges of places, both ends included and inside 0 to `size`, ascending.

    Ranges do not overlap; a place is at most `size`, which no piece can match at.
    """
    if place.where in {Where.ANYWHERE, Where.GROUP}:
        return [(0, size)]
    if not facts.placed and place.where not in ALWAYS_PLACED:
        return []
    found: list[tuple[int, int]] = []
    for base, length in sorted(_bases(place, facts, size)):
        if base < 0 or base > size:
            continue
        end = min(base + length + place.shift, size)
        if found and base <= found[-1][1]:
            found[-1] = found[-1][0], max(found[-1][1], end)
        else:
            found.append((base, end))
    return found


def _bases(place: Place, facts: Facts, size: int) -> list[tuple[int, int]]:
    """Return the bases and how much longer than the shift their ranges are."""
    match place.where:
        case Where.START:
            return [(place.offset, 0)]
        case Where.END:
            return [(size - place.offset, 0)]
        case Where.ENTRY:
            return [] if facts.entry is None else [(facts.entry + place.offset, 0)]
        case Where.VERSION:
            return [(offset + place.offset, 0) for offset in facts.versions]
        case Where.LAST_SECTION:
            return [(start + place.offset, 0) for start, _ in facts.sections[-1:]]
    found = facts.sections[place.section : place.section + 1]
    within = place.where is Where.IN_SECTION
    return [(start + place.offset, raw if within else 0) for start, raw in found]
