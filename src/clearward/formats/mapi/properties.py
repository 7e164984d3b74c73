"""Walk the properties that TNEF keeps of a message or an attachment.

Layout, numbers little-endian (MS-OXTNEF 2.1.3.4): count (4), then for each property its
type (2) and identifier (2); if the identifier is 8000 or more, a GUID (16), a kind (4)
and a number (4) or a name behind its length (4), padded to four bytes. Then the value:
of a fixed size, padded to four bytes; or a count (4) and as many values, each behind
its size (4) and padded. Types with 1000 added are lists: a count, then the values.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from clearward.core.errors import Malformed, Truncated
from clearward.core.part import Item, Part
from clearward.core.reader import Reader, Stream
from clearward.formats.mapi import rich

LIST = 0x1000
FIXED = {  # padded size of a value, by type
    0x0001: 4,
    0x0002: 4,
    0x0003: 4,
    0x0004: 4,
    0x0005: 8,
    0x0006: 8,
    0x0007: 8,
    0x000A: 4,
    0x000B: 4,
    0x0014: 8,
    0x0040: 8,
    0x0048: 16,
}
OBJECT = 0x000D
TEXT = 0x001E
WIDE = 0x001F
BINARY = 0x0102
VARIABLE = frozenset({OBJECT, TEXT, WIDE, BINARY})
NAMED = 0x8000
KIND_NAME = 1
GUID = 16
RICH_TEXT = 0x1009
TEXT_LEAST = 32  # a shorter text or list of bytes stands here as it is matched anyway


class _Cut(Exception):
    """The properties end early."""


@dataclass(slots=True)
class _Place:
    """A place in the properties that moves forward."""

    reader: Reader
    offset: int = 0

    def number(self, size: int = 4) -> int:
        """Return the next number."""
        data = self.reader.at(self.offset, size)
        if len(data) < size:
            raise _Cut
        self.offset += size
        return int.from_bytes(data, "little")

    def must_be_inside(self) -> None:
        """Refuse a place behind the end."""
        if self.offset > self.reader.size:
            raise _Cut

    def value(self, size: int) -> Reader:
        """Return the next bytes, fewer at the end, and pass over their padding."""
        start = min(self.offset, self.reader.size)
        self.offset += size + -size % 4
        return self.reader.slice(start, min(size, self.reader.size - start))


def unpack(reader: Reader, start: int, format: str) -> Iterator[Item]:
    """Yield texts, objects and bytes of the properties.

    Args:
        reader: the properties.
        start: what is added to offsets in errors, in bytes.
        format: name for errors.

    Raises:
        Malformed: a type is unknown, so where the next property begins is as well.
        Truncated: the properties end early.
    """
    place = _Place(reader)
    try:
        for _ in range(place.number()):
            yield from _property(place, start, format)
            place.must_be_inside()
    except _Cut:
        raise Truncated(format, start + reader.size, "properties") from None


def _property(place: _Place, start: int, format: str) -> Iterator[Item]:
    kind = place.number(2)
    identifier = place.number(2)
    if identifier >= NAMED:
        place.value(GUID)
        if place.number() == KIND_NAME:
            place.value(place.number())
        else:
            place.number()
    single = kind & ~LIST
    if single in FIXED:
        count = place.number() if kind & LIST else 1
        place.value(count * FIXED[single])
        return
    if single not in VARIABLE:
        raise Malformed(format, start + place.offset, "type of a property")
    for _ in range(place.number()):
        content = place.value(place.number())
        yield from _content(content, single, identifier, format)


def _content(
    content: Reader, kind: int, identifier: int, format: str
) -> Iterator[Item]:
    if identifier == RICH_TEXT and kind == BINARY:
        yield Part(Stream(rich.expand(content, format)), b"", content.size)
    elif kind == OBJECT and content.size > GUID:
        yield Part(content.slice(GUID, content.size - GUID))
    elif content.size >= TEXT_LEAST:
        yield Part(content)
