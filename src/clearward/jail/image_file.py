"""A compiled image as the broker reads it: names of its rules.

Nothing is parsed but the frame and the place of a name, each bounds-checked: what
stands in an image may be as wrong as it likes. Everything is read by pread, so that
nothing of it becomes resident, and a file that is cut short is an answer, not a signal.
"""

import os
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from clearward.core.image_frame import (
    HASHES,
    HEADER,
    LISTED,
    MOST_SECTIONS,
    SECTION,
    Section,
)
from clearward.core.names import ImageRules, RuleName, printable

_OFFSET = struct.Struct("<Q")
_LONGEST = 4096  # bytes of a name that are looked at
_AT_ONCE = 1024  # names that are listed from one read


@dataclass(frozen=True, slots=True)
class _Set:
    """A set of digests: its first rule, where its digests are, and of what size."""

    first: int
    count: int
    offset: int
    size: int
    listed: bool


class ImageFile:
    """Names the rules of one image.

    Args:
        descriptor: of the file; it stays the caller's, and open.
        rules: what the jail said of it.
        origin: one of `names.ORIGINS`.
    """

    def __init__(self, descriptor: int, rules: ImageRules, origin: str) -> None:
        self._descriptor = descriptor
        self._rules = rules
        self._origin = origin
        self._names = (0, 0, 0)  # offset, length, count
        self._sets: list[_Set] = []
        for kind, offset, length, count in self._sections():
            if kind == Section.NAMES:
                self._names = (offset, length, count)
            elif kind == Section.HASHES:
                self._add_set(offset, count)

    def rule(self, number: int) -> RuleName:
        """Return a rule by its number in the image."""
        if 0 <= number < len(self._rules.told):
            return self._rules.told[number]
        return self._named(number, self._raw(number))

    def rules(self) -> Iterator[RuleName]:
        """Yield every rule, in order."""
        yield from self._rules.told
        number = len(self._rules.told)
        while number < self._rules.count:
            names = self._many(number, min(_AT_ONCE, self._rules.count - number))
            for name in names:
                yield self._named(number, name)
                number += 1

    def _named(self, number: int, raw: bytes) -> RuleName:
        known = next(
            (one for one in self._sets if one.first <= number < one.first + one.count),
            None,
        )
        kind = "digest" if known is not None and known.listed else "clamav"
        if not raw and known is not None:
            place = known.offset + (number - known.first) * known.size
            raw = self._read(place, known.size).hex().encode()
        name = printable(raw.decode("utf-8", errors="replace"))
        return RuleName(name, self._origin, self._rules.source, kind)

    def _raw(self, number: int) -> bytes:
        """Return the bytes of a name; none if there is no such name."""
        ends = self._ends(number, 1)
        if not ends or not 0 <= ends[0] <= ends[1] <= self._room:
            return b""
        return self._read(self._blob + ends[0], min(ends[1] - ends[0], _LONGEST))

    def _many(self, first: int, wanted: int) -> list[bytes]:
        """Return names that follow each other, from one read if they are in order."""
        ends = self._ends(first, wanted)
        if not ends or ends != sorted(ends) or ends[-1] > self._room:
            return [self._raw(number) for number in range(first, first + wanted)]
        if max(end - start for start, end in pairwise(ends)) > _LONGEST:
            return [self._raw(number) for number in range(first, first + wanted)]
        text = self._read(self._blob + ends[0], ends[-1] - ends[0])
        return [text[start - ends[0] : end - ends[0]] for start, end in pairwise(ends)]

    def _ends(self, first: int, wanted: int) -> list[int]:
        """Return where names end, and before them where the first begins."""
        offset, _, count = self._names
        if not 0 <= first <= first + wanted <= count:
            return []
        size = (wanted + 1) * _OFFSET.size
        table = self._read(offset + first * _OFFSET.size, size)
        if len(table) < size:
            return []
        return [end for (end,) in _OFFSET.iter_unpack(table)]

    @property
    def _blob(self) -> int:
        """Where the text of the names begins."""
        offset, _, count = self._names
        return offset + (count + 1) * _OFFSET.size

    @property
    def _room(self) -> int:
        """How long it is."""
        _, length, count = self._names
        return length - (count + 1) * _OFFSET.size

    def _sections(self) -> Iterator[tuple[int, int, int, int]]:
        """Yield kind, offset, length and count of each section."""
        header = self._read(0, HEADER.size)
        if len(header) < HEADER.size:
            return
        sections = HEADER.unpack(header)[2]
        size = min(sections, MOST_SECTIONS) * SECTION.size
        table = self._read(HEADER.size, size)
        usable = len(table) - len(table) % SECTION.size
        for row in SECTION.iter_unpack(table[:usable]):
            kind, _, offset, length, count = row
            yield kind, offset, length, count

    def _add_set(self, offset: int, count: int) -> None:
        head = self._read(offset, HASHES.size)
        if len(head) < HASHES.size:
            return
        size, _, flags, bits, first = HASHES.unpack(head)
        start = HASHES.size + ((1 << min(bits, 32)) + 1) * 4
        start += -start % 8
        listed = bool(flags & LISTED)
        self._sets.append(_Set(first, count, offset + start, size, listed))

    def _read(self, offset: int, size: int) -> bytes:
        """Read some bytes; fewer or none where the file has none."""
        try:
            return os.pread(self._descriptor, size, offset)
        except (OSError, OverflowError, ValueError):
            return b""
