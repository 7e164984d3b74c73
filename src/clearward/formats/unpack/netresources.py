"""Unpack files of .NET resources: texts, bytes and objects, each with a name.

Numbers are little-endian; a length is written seven bits a byte, the lowest first, with
the highest bit set if more follow.

    offset  length  field
    0       4       CE CA EF BE
    4       4       version
    8       4       bytes of what follows that are passed over
                    then version (4), number of values (4), number of types (4)
                    for each type its name behind a length
                    "PAD" up to a multiple of 8
                    for each value the hash of its name (4), then the place of it (4)
                    place of the values from the start (4)
                    names: length, letters in UTF-16, place among the values (4)
                    values: type (a length); a text (1) behind its length, bytes (32,
                    33) behind their length (4), whatever else up to the next value

Source: .NET runtime, System.Resources.ResourceReader and RuntimeResourceSet (MIT),
which document the format.
"""

from collections.abc import Iterator
from struct import Struct

from clearward.core.errors import Malformed, Truncated
from clearward.core.part import Gap, Item, Part
from clearward.core.reader import Reader
from clearward.core.reasons import Reason
from clearward.formats.installers.again import Again

NAME = "netresources"
HEADER = Struct("<4xII")
COUNTS = Struct("<III")
ALIGNED = 8
WORD = 4
MOST_VALUES = 1 << 16
MOST_TYPES = 1 << 12
LONGEST = 4096  # bytes of a name
TEXT, BYTES, STREAM = 1, 32, 33


def unpack(data: Reader) -> Iterator[Item]:
    """Yield each value, in the order of their places.

    Raises:
        Malformed: a table makes no sense.
        Truncated: it is cut short, or a value is.
    """
    fields = data.at(0, HEADER.size)
    if len(fields) < HEADER.size:
        raise Truncated(NAME, data.size, "header")
    _, skipped = HEADER.unpack(fields)
    start = HEADER.size + skipped
    fields = data.at(start, COUNTS.size)
    if len(fields) < COUNTS.size:
        raise Truncated(NAME, data.size, "counts")
    _, count, types = COUNTS.unpack(fields)
    if count > MOST_VALUES or types > MOST_TYPES:
        yield Gap(Reason.PARTS_LIMIT)
        return
    offset = start + COUNTS.size
    for _ in range(types):
        length, offset = _length(data, offset)
        offset += length
    offset += -offset % ALIGNED + WORD * count
    places = data.at(offset, WORD * count + WORD)
    if len(places) < WORD * count + WORD:
        raise Truncated(NAME, data.size, "places")
    numbers = [
        int.from_bytes(places[at : at + WORD], "little")
        for at in range(0, len(places), WORD)
    ]
    first = numbers.pop()
    yield from _values(data, first, _named(data, offset + len(places), numbers))


def _named(data: Reader, names: int, places: list[int]) -> list[tuple[int, bytes]]:
    """Return place and name of each value, in the order of their places."""
    found = []
    for place in places:
        length, start = _length(data, names + place)
        name = data.at(start, min(length, LONGEST)).decode("utf-16-le", "replace")
        field = data.at(start + length, WORD)
        found.append((int.from_bytes(field, "little"), name.encode(errors="replace")))
    return sorted(found)


def _values(data: Reader, first: int, named: list[tuple[int, bytes]]) -> Iterator[Item]:
    again = Again(data.size)
    for number, (place, name) in enumerate(named):
        kind, start = _length(data, first + place)
        following = named[number + 1][0] if number + 1 < len(named) else data.size
        end = min(first + following, data.size)
        if kind == TEXT:
            length, start = _length(data, start)
        elif kind in (BYTES, STREAM):
            length = int.from_bytes(data.at(start, WORD), "little")
            start += WORD
        else:
            length = max(end - start, 0)
        there = max(min(length, data.size - start), 0)
        if not again.more(there):
            yield Gap(Reason.PARTS_LIMIT)
            return
        if there:
            yield Part(data.slice(start, there), name, there)
        if there < length:
            raise Truncated(NAME, data.size, "value")


def _length(data: Reader, offset: int) -> tuple[int, int]:
    """Read a length; return it and the place behind it."""
    field = data.at(offset, 5)
    value = 0
    for number, byte in enumerate(field):
        value |= (byte & 0x7F) << 7 * number
        if not byte & 0x80:
            return value, offset + number + 1
    raise Malformed(NAME, min(offset, data.size), "length")
