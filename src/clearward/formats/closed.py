"""Containers that are recognised by a table, most of which cannot be opened yet.

`opened` says which can. A part of any other is matched raw and reported as unscanned,
because what it packs, encrypts or encodes was not looked at. The table is
``closed.toml`` beside this file: name, magic, place and source of each. Files whose
bytes stand as they are (pictures, fonts, sound, programs, databases, text) are no
containers and are not in it.
"""

import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from clearward.core.part import Gap
from clearward.core.reader import Forward, Reader
from clearward.core.reasons import Reason
from clearward.formats import (
    closed_disks,
    closed_headers,
    closed_office,
    closed_programs,
    closed_text,
)
from clearward.formats.format import Format
from clearward.formats.opened import opener

HEAD = 64 * 1024  # bytes of the front of a part that are at hand

Check = Callable[[bytes, Reader], bool]

CHECKS: dict[str, Check] = {
    **closed_headers.CHECKS,
    **closed_disks.CHECKS,
    **closed_text.CHECKS,
    **closed_programs.CHECKS,
    **closed_office.CHECKS,
}


@dataclass(frozen=True, slots=True)
class Signature:
    """What a row of the table knows a format by.

    Attributes:
        magics: any of these makes the format.
        place: offset of the magic, from the end of the part if it is negative.
        within: the magic may start this many bytes later, at most.
        step: the magic may also stand any multiple of this later, within `HEAD`.
        check: has to agree, if there is one.

    Raises:
        ValueError: no magic, or an empty one.
    """

    magics: tuple[bytes, ...]
    place: int = 0
    within: int = 0
    step: int = 0
    check: Check | None = None

    def __post_init__(self) -> None:
        if not self.magics or not all(self.magics):
            raise ValueError("a signature without a magic")

    @property
    def leads(self) -> bool:
        """Every part of the format starts with one of the magics."""
        return not (self.place or self.within or self.step)

    def recognises(self, head: bytes, reader: Reader) -> bool:
        """Say whether a part has the magic, and whether the check agrees.

        Args:
            head: the front of the part, as `identify` gets it.
            reader: the whole part.
        """
        if not self._stands(head, reader):
            return False
        return self.check is None or self.check(head, reader)

    def _stands(self, head: bytes, reader: Reader) -> bool:
        if self.within:
            end = self.place + self.within
            return any(
                head.find(magic, self.place, end + len(magic)) >= 0
                for magic in self.magics
            )
        if self.step:
            places = range(self.place, min(len(head), HEAD), self.step)
            return any(head.startswith(self.magics, place) for place in places)
        place = self.place if self.place >= 0 else reader.size + self.place
        size = max(map(len, self.magics))
        if 0 <= place <= len(head) - size:
            return head.startswith(self.magics, place)
        return reader.at(place, size).startswith(self.magics)


@dataclass(frozen=True, slots=True)
class Entry:
    """A row of the table: a format, and what it is known by."""

    format: Format
    signature: Signature


def locked(content: Forward) -> Iterator[Gap]:  # noqa: ARG001 - none of it can be read
    """Yield what there is to say about an encrypted container."""
    yield Gap(Reason.ENCRYPTED)


def entry(row: dict[str, Any]) -> Entry:
    """Make an entry of a row of the table.

    Raises:
        KeyError: a key is missing, or the check does not exist.
        ValueError: the magic is empty.
    """
    check = row.get("check")
    signature = Signature(
        magics=tuple(map(_bytes, row["magic"])),
        place=row.get("place", 0),
        within=row.get("within", 0),
        step=row.get("step", 0),
        check=CHECKS[check] if check else None,
    )
    known = Format(
        row["name"],
        signature.recognises,
        unpack=opener(row["name"]),
        unpack_ahead=locked if row.get("reason") == "encrypted" else None,
        magics=signature.magics if signature.leads else (),
        anywhere=row.get("anywhere", False),
        marks=signature.magics if signature.within else (),
    )
    return Entry(known, signature)


def _bytes(text: str) -> bytes:
    return text.encode("latin-1").decode("unicode_escape").encode("latin-1")


# Read without importlib.resources, which takes longer to import than the formats do.
with open(f"{__file__.removesuffix('.py')}.toml", "rb") as file:
    ENTRIES = tuple(map(entry, tomllib.load(file)["format"]))

CLOSED = tuple(each.format for each in ENTRIES)
