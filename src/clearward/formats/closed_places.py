"""Find magics that do not stand at the front of a part.

A format whose magic leads is found by the first two bytes of a part, one whose magic
may stand anywhere in the front by its marks. The others would each have to be asked
about every part, so they are asked together: one expression for all places near the
front, one look at the end, and nothing about places that a short part does not have.
"""

import re
from collections.abc import Callable, Iterable

from clearward.core.reader import Reader
from clearward.formats.closed import HEAD, Entry
from clearward.formats.format import Format

NEAR = 8 * 1024  # places below it are asked for in every part

Row = tuple[Format, ...]


def elsewhere(entries: Iterable[Entry]) -> Callable[[bytes, Reader], Row]:
    """Return a function that picks the formats worth asking about a part.

    Given the front of a part and a reader over it, it returns every format that has a
    magic behind the front and could be that of the part; most often none. It is a
    closure and no class, because it runs once for every part.

    Args:
        entries: the table; entries whose magic leads, or may stand anywhere within some
            bytes, are passed over.

    Raises:
        ValueError: magics are counted from the end of the part at two places.
    """
    behind = [each for each in entries if not each.signature.leads]
    placed = [each for each in behind if not each.signature.within]
    near, any_near = _group(placed, range(1, NEAR))
    far, any_far = _group(placed, range(NEAR, HEAD))
    deep = _row(each for each in placed if each.signature.place >= HEAD)
    last = [each for each in placed if each.signature.place < 0]
    last_row = _row(last)
    footers = tuple(magic for each in last for magic in each.signature.magics)
    (footer,) = {each.signature.place for each in last}

    def pick(head: bytes, reader: Reader) -> Row:
        picked: Row = near if any_near(head) else ()
        size = reader.size
        if size > NEAR and any_far(head):
            picked += far
        if size > HEAD:
            picked += deep + last_row
        elif head.startswith(footers, size + footer):
            picked += last_row
        return picked

    return pick


def _group(
    entries: Iterable[Entry], places: range
) -> tuple[Row, Callable[[bytes], object]]:
    """Return the formats with a fixed place in a range, and a test for all of them."""
    group = [each for each in entries if each.signature.place in places]
    expressions = b"|".join(map(_expression, group)) or b"(?!)"
    return _row(group), re.compile(expressions, re.DOTALL).match


def _row(entries: Iterable[Entry]) -> Row:
    return tuple(each.format for each in entries)


def _expression(entry: Entry) -> bytes:
    place, step = entry.signature.place, entry.signature.step
    magics = b"|".join(map(re.escape, entry.signature.magics))
    places = range(place, HEAD, step) if step else (place,)
    return b"|".join(b".{%d}(?:%s)" % (each, magics) for each in places)
