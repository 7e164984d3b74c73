"""Say which container formats a part is of, by its content and never by its name.

A part may be of several at once (a picture with a zip behind it); all are opened. Most
parts are of none, so the common answer must be quick: the first two bytes pick the few
formats whose magic begins with them, one expression looks for the magics of closed
formats elsewhere, and only what is left is asked about every part. Some of that is
known by marks that may stand anywhere. All marks are looked for at once; whoever has
done so already, as the rules do that are matched anyway, says what came of it.
"""

from collections.abc import Iterable

from clearward.core.reader import Reader
from clearward.formats import closed
from clearward.formats.closed_places import Row, elsewhere
from clearward.formats.format import Format
from clearward.formats.unpack import FORMATS
from clearward.native.finder import finder

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


ALWAYS_ASKED = tuple(each for each in FORMATS if not each.last)
SEARCHED = tuple(each for each in FORMATS if each.last)
# What may have anything behind it.
OPEN_WITHIN = frozenset(
    {
        *("cards", "elfsections", "flatxml", "html", "onenote", "packed"),
        *("pdf", "pdfbare", "rtf", "scripts", "upx", "uuencode"),
    }
)
ZIP = b"PK"
ZIP_END = 22 + 0xFFFF  # bytes of an end record and the longest comment

LEADING = tuple(each.format for each in closed.ENTRIES if each.signature.leads)
ROWS, ALWAYS = table((*ALWAYS_ASKED, *LEADING))
PICK = elsewhere(closed.ENTRIES)
WITHIN = tuple(each.format for each in closed.ENTRIES if each.signature.within)

MARKS = tuple(
    sorted({mark for each in (*FORMATS, *closed.CLOSED) for mark in each.marks})
)
_ANY_MARKS = frozenset(MARKS)
_FINDER = finder(MARKS)


def identify(
    head: bytes, reader: Reader, *, marked: bool = True, searched: bool = False
) -> list[Format]:
    """Return the formats of a part, in the order in which they are opened.

    Args:
        head: the first `HEAD` bytes of the part, or all of a shorter one; or more.
        reader: the whole part, or as much of the front of it as there is.
        marked: False if the whole part is known to hold none of `MARKS`.
        searched: the part around this one was searched for what begins in its middle.
    """
    if not head:
        return []
    marks = _marks(reader) if marked else frozenset()
    asked = ROWS.get(head[:2], ALWAYS) + PICK(head, reader)
    if marks:
        asked += WITHIN
    found = [each for each in asked if _may_be(each, marks, head, reader)]
    if len(found) > 1 and goes_through(found) and not _ends_as_zip(reader):
        found = [each for each in found if each.name != "zip" or _leads(each, head)]
    if searched:
        return [each for each in found if each.name != "zip" or _leads(each, head)]
    if marks and not any(_covers(each, head) for each in found):
        found += [each for each in SEARCHED if _may_be(each, marks, head, reader)]
    return found


def _marks(reader: Reader) -> frozenset[bytes]:
    """Return the marks that a part holds; all if it is too large to look."""
    data = reader.held
    if data is None:
        return _ANY_MARKS
    return frozenset(MARKS[number] for _, number in _FINDER.places(data, 1))


def _may_be(
    format: Format, marks: frozenset[bytes], head: bytes, reader: Reader
) -> bool:
    """Ask a format about a part, unless the marks that the part holds are not its."""
    if format.marks and marks.isdisjoint(format.marks):
        return False
    return format.recognises(head, reader)


def goes_through(formats: Iterable[Format]) -> bool:
    """Say whether one of these formats hands on all of a part from front to back.

    What another would find in the middle comes as part of its parts, and whole: a
    member of a tar, or what xz stored in pieces because it was packed already.
    """
    return any(
        each.unpack_ahead is not None
        and not each.anywhere
        and each.name not in OPEN_WITHIN
        for each in formats
    )


def _ends_as_zip(reader: Reader) -> bool:
    """Say whether an end record stands where programs look for it: it is both then."""
    return reader.at(max(reader.size - ZIP_END, 0), ZIP_END).rfind(b"PK\5\6") >= 0


def _covers(format: Format, head: bytes) -> bool:
    """Say whether all of a part is of a format that opens it.

    What is stored in it then comes as parts of it and need not be searched for.
    """
    if format.unpack is None and format.unpack_ahead is None:
        return False
    return format.name not in OPEN_WITHIN and _leads(format, head)


def _leads(format: Format, head: bytes) -> bool:
    return not format.anywhere or (format.name == "zip" and head.startswith(ZIP))
