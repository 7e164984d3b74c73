"""What an image says about itself, the section META: JSON in UTF-8.

    clearward  version of what compiled it
    sources    name of each file, its kind, its SHA-256, and how many rules came of it
    left       what was left out on purpose, and how much of it
    unusable   lines and rules that could not be used
    same       how often a name was there before
    image      statistics of the builder

Nothing that decides about a part stands here.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from clearward.native.errors import BadImage

MOST_BYTES = 4 << 20
_MOST = (1 << 63) - 1
_LONGEST = 200  # characters of a text that is shown


@dataclass(frozen=True, slots=True)
class Meta:
    """See above.

    Attributes:
        duplicates: names and digests that were there before.
    """

    version: str = ""
    sources: tuple[tuple[str, str, str, int], ...] = ()
    left: tuple[tuple[str, int], ...] = ()
    unusable: int = 0
    duplicates: int = 0


def read_meta(data: bytes | memoryview) -> Meta:
    """Read what an image says about itself; nothing, if it says nothing.

    Raises:
        BadImage: it is not as above, or too long.
    """
    if not data:
        return Meta()
    if len(data) > MOST_BYTES:
        raise BadImage(f"what it says about itself takes {len(data)} bytes")
    try:
        told: dict[str, Any] = json.loads(bytes(data))
        return Meta(
            _text(told.get("clearward", "")),
            tuple(_source(*row) for row in told.get("sources", ())),
            _counts(told.get("left", {}).items()),
            _number(told.get("unusable", 0)),
            _number(told.get("same", 0))
            + _number(told.get("image", {}).get("duplicates", 0)),
        )
    except (ValueError, TypeError, AttributeError, RecursionError) as error:
        raise BadImage("what it says about itself is not as it should be") from error


def _source(name: str, kind: str, digest: str, count: int) -> tuple[str, str, str, int]:
    return _text(name), _text(kind), _text(digest), _number(count)


def _counts(rows: Iterable[tuple[str, int]]) -> tuple[tuple[str, int], ...]:
    return tuple((_text(what), _number(count)) for what, count in rows)


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError("no text")
    return value[:_LONGEST].encode(errors="replace").decode()


def _number(value: object) -> int:
    if type(value) is not int or not 0 <= value <= _MOST:
        raise TypeError("no number")
    return value
