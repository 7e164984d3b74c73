"""The members of a regular archive, some of them.

An archive is regular if one directory names every member once, the members follow each
other from the first byte on, and each is what is said about it. Then each of them can
be read without the others, and reading all of them is what `Archive` does.

Whether a member is regular is only known once it was read, so whoever reads it says if
it is not: by a gap, which here means that the archive has to be read as a whole.
"""

from collections.abc import Iterator
from itertools import pairwise

from clearward.core.part import Gap, Item
from clearward.core.reasons import Reason
from clearward.formats.format import Mine
from clearward.formats.zip.archive import Archive
from clearward.formats.zip.directory import SPAN

LARGER = 3  # times its packed bytes: what to expect of a content
IRREGULAR = Gap(Reason.CORRUPT)


class Shared(Archive):
    """A pass over those members of an archive that are of one share."""

    def shared(self, mine: Mine) -> Iterator[Item]:
        """Yield the members that `mine` picks, and `IRREGULAR` for what is not.

        Args:
            mine: is asked about each member in turn, with its bytes.
        """
        yield from self._directory.read()
        members = self._directory.members
        starts = [key // SPAN for key in members]
        if not self._is_regular(starts):
            yield IRREGULAR
            return
        starts.append(self._window.size)
        for number, (start, stop) in enumerate(pairwise(starts)):
            if mine(LARGER * (min(stop, self._directory.last) - start)):
                self._position = number
                yield from self._member(start, members[number] % SPAN, stop)

    def _is_regular(self, starts: list[int]) -> bool:
        """Say whether members begin one behind the other, and with the archive."""
        ascending = all(one < other for one, other in pairwise(starts))
        bounded = bool(starts) and starts[0] == 0 and starts[-1] < self._directory.last
        return ascending and bounded and self._starts and self._directory.closes

    def _member(self, start: int, position: int, stop: int) -> Iterator[Item]:
        """Read one member, and whatever stands between it and the next."""
        self._covered = self._expected = self._used = start
        self._stored = range(0)
        part = self._ordinary(start, [position])
        if part is not None:
            yield part
        else:
            yield from self._named(start, [position])
        for _ in self._search(stop):
            yield IRREGULAR
            return
        if self._covered > stop or self._used > stop:
            yield IRREGULAR
