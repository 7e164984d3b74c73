"""Say which container formats a part is of, by its content and never by its name.

A part may be of several at once (a picture with a zip behind it); all are opened. Most
parts are of none, so the common answer must be quick: the first two bytes pick the few
formats whose magic begins with them, one expression looks for the magics of closed
formats elsewhere, and only what is left is asked about every part. Some of that is
known by marks that may stand anywhere: whoever has looked for them already, as the
rules do that are matched anyway, need not have them looked for again.
"""

from collections.abc import Iterable

from clearward.core.reader import Reader
from clearward.formats import closed
from clearward.formats.closed_places import Row, elsewhere
from clearward.formats.format import Format
from clearward.formats.unpack import FORMATS

HEAD = closed.HEAD


def table(formats: Iterable[Format]) -> tuple[dict[bytes, Row], Row]:
    """Sort formats by the two bytes that their parts start with.

    Returns:
        for each two bytes the formats to ask about a part that starts so, in the order
        given; and those to ask about any other part, which have no magic in front.
    """
    listed = tuple(formats)
    always = {number for number, each in enumerate(listed) if not each.magics}
    by_first: dict[bytes, set[int]] = {}  # a magic of one byte stands in 256 rows
    by_two: dict[bytes, set[int]] = {}
    for number, each in enumerate(listed):
        for magic in each.magics:
            picked = by_two if len(magic) > 1 else by_first
            picked.setdefault(magic[:2], set()).add(number)

    def row(numbers: set[int]) -> Row:
        return tuple(listed[number] for number in sorted(numbers | always))

    rows: dict[bytes, Row] = {}
    for first, numbers in by_first.items():
        starts = (first + bytes((second,)) for second in range(256))
        rows.update(dict.fromkeys(starts, row(numbers)))
    for start, numbers in by_two.items():
        rows[start] = row(numbers | by_first.get(start[:1], set()))
    return rows, row(set())


LEADING = tuple(each.format for each in closed.ENTRIES if each.signature.leads)
ROWS, ALWAYS = table((*FORMATS, *LEADING))
PICK = elsewhere(closed.ENTRIES)

# The same without the formats that are known by their marks.
_UNMARKED_ROWS, _UNMARKED_ALWAYS = table(
    (*(each for each in FORMATS if not each.marks), *LEADING)
)
_UNMARKED_PICK = elsewhere(each for each in closed.ENTRIES if not each.format.marks)

MARKS = tuple(
    sorted({mark for each in (*FORMATS, *closed.CLOSED) for mark in each.marks})
)


def identify(head: bytes, reader: Reader, *, marked: bool = True) -> list[Format]:
    """Return the formats of a part, in the order in which they are opened.

    Args:
        head: the first `HEAD` bytes of the part, or all of a shorter one; or more.
        reader: the whole part, or as much of the front of it as there is.
        marked: False if the whole part is known to hold none of `MARKS`.
    """
    if not head:
        return []
    if marked:
        asked = ROWS.get(head[:2], ALWAYS) + PICK(head, reader)
    else:
        asked = _UNMARKED_ROWS.get(head[:2], _UNMARKED_ALWAYS)
        asked += _UNMARKED_PICK(head, reader)
    return [each for each in asked if each.recognises(head, reader)]
