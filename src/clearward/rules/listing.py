"""What lists of an image share: rows of JSON, each checked before it is used.

A list is a section LISTS: an array of rows, each an array of the same length. What
stands in it is said where it is read: `members`, `magics`, `links`.
"""

import json
from collections.abc import Iterable, Iterator
from typing import Any

from clearward.native.errors import BadImage

MOST_BYTES = 32 << 20  # of one list
MOST_NUMBER = (1 << 64) - 1

Range = tuple[int, int]


def write_rows(rows: Iterable[Iterable[object]]) -> bytes:
    """Return rows of what JSON has as a section."""
    return json.dumps([list(row) for row in rows], separators=(",", ":")).encode()


def read_rows(data: bytes | memoryview, fields: int) -> Iterator["Row"]:
    """Yield the rows of a section; none if it is empty.

    Raises:
        BadImage: it is too long, no JSON, or no list of rows with so many fields.
    """
    if not data:
        return
    if len(data) > MOST_BYTES:
        raise BadImage(f"a list of {len(data)} bytes")
    try:
        rows = json.loads(bytes(data))
    except (ValueError, RecursionError) as error:
        raise BadImage("a list that is no JSON") from error
    if not isinstance(rows, list):
        raise BadImage("a list that is no list")
    for row in rows:
        if not isinstance(row, list) or len(row) != fields:
            raise BadImage("a row of a list has not as many fields as it should")
        yield Row(row)


class Row:
    """One row, whose fields are asked for by their number, counted from 0."""

    __slots__ = ("_fields",)

    def __init__(self, fields: list[Any]) -> None:
        self._fields = fields

    def number(self, field: int, most: int = MOST_NUMBER) -> int:
        """Return a number from 0 to `most`.

        Raises:
            BadImage: it is none, as in all that follow.
        """
        value = self._fields[field]
        if type(value) is not int or not 0 <= value <= most:
            raise BadImage(f"field {field} of a list is no such number")
        return value

    def text(self, field: int, most: int) -> str:
        """Return a text of at most so many characters, all of Latin-1."""
        value = self._fields[field]
        if type(value) is not str or len(value) > most:
            raise BadImage(f"field {field} of a list is no such text")
        if value and max(value) > "\xff":
            raise BadImage(f"field {field} of a list has a character of no byte")
        return value

    def flag(self, field: int) -> bool:
        """Return what is true or false."""
        value = self._fields[field]
        if type(value) is not bool:
            raise BadImage(f"field {field} of a list is neither true nor false")
        return value

    def range(self, field: int) -> Range | None:
        """Return least and most, or None."""
        value = self._fields[field]
        if value is None:
            return None
        if type(value) is not list or len(value) != 2:  # noqa: PLR2004 - a pair
            raise BadImage(f"field {field} of a list is no range")
        pair = Row(value)
        return pair.number(0), pair.number(1)

    def absent(self, field: int) -> bool:
        """Say whether a field is null."""
        return self._fields[field] is None
