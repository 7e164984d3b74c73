"""Chains of sectors, by a table that names for each the next (MS-CFB 2.3, 2.4)."""

from array import array
from collections.abc import Iterator

from clearward.core.reader import Reader
from clearward.core.reasons import NONE, Reason
from clearward.formats.ole.pieces import Pieces

SHARES = 8  # streams that may lie over each other, on average
LOST_MOST = 1000  # lost chains that are parts of their own
HIGHEST = 0xFFFFFFFA  # the last number that a sector can have
END = 0xFFFFFFFE
FREE = 0xFFFFFFFF


class Table:
    """A FAT, or the mini FAT, and which of its sectors were reached.

    Args:
        following: for each sector the next one.
        source: where the sectors lie.
        sector: bytes of one.
        first: where sector 0 begins in `source`.

    Attributes:
        faults: what is wrong with the chains followed so far.
    """

    def __init__(
        self, following: "array[int]", source: Reader, sector: int, first: int
    ) -> None:
        self._following = following
        self._source = source
        self._first = first
        self.sector = sector
        self.count = max(-(-(source.size - first) // sector), 0)
        self._stamps = array("I", bytes(4 * max(self.count, 1)))
        self._stamp = 0
        self._left = SHARES * (self.count + 128)
        self.faults = NONE

    def mark(self, number: int) -> None:
        """Note that a sector is in use without being in a chain."""
        if number < self.count:
            self._stamps[number] = 1
            self._stamp = max(self._stamp, 1)

    def chain(self, number: int, size: int | None = None) -> Pieces:
        """Follow a chain.

        Args:
            number: its first sector.
            size: bytes that it should have; None for as many as it has.
        """
        self._stamp += 1
        found = Pieces(self._source)
        following, stamps, stamp = self._following, self._stamps, self._stamp
        count, known, sector = self.count, len(following), self.sector
        whole, rest = divmod(self._source.size - self._first, sector)
        left = (count + 1) * sector if size is None else size  # bytes
        begun = after = number  # neighbours that are not yet in `found`
        while left > 0 and number != END:
            if number >= count or stamps[number] == stamp or not self._left:
                self.faults |= self._fault(number, stamp)
                self._add(found, begun, after)
                return found
            self._left -= 1
            stamps[number] = stamp
            if number != after:
                self._add(found, begun, after)
                begun = number
            after = number + 1
            left -= sector if number < whole else rest
            number = following[number] if number < known else FREE
            if number == FREE and size is None:
                break
        self._add(found, begun, after)
        if size is not None and found.size < size:
            cut = found.size % sector != 0
            self.faults |= Reason.TRUNCATED if cut else Reason.CORRUPT
        return found

    def _fault(self, number: int, stamp: int) -> Reason:
        """Return why a chain cannot go on with a sector."""
        if number >= self.count:
            return Reason.TRUNCATED if number <= HIGHEST else Reason.CORRUPT
        if self._stamps[number] == stamp:
            return Reason.CORRUPT  # a loop
        return Reason.SIZE_LIMIT

    def _add(self, found: Pieces, begun: int, after: int) -> None:
        found.add(self._first + begun * self.sector, (after - begun) * self.sector)

    def unreached(self) -> Iterator[Pieces]:
        """Yield what no chain has reached: lost chains, then all the rest as one.

        Of the chains, those that are short or too many are with the rest.
        """
        pointed = bytearray(self.count)
        following, stamps = self._following, self._stamps
        lost = []
        known = min(self.count, len(following))
        for number in range(known):
            if not stamps[number] and following[number] != FREE:
                lost.append(number)
                if (target := following[number]) < self.count:
                    pointed[target] = 1
        starts = [number for number in lost if not pointed[number]]
        rest = Pieces(self._source)
        for count, number in enumerate(starts):
            found = self._lost(number)
            if found.size > self.sector and count < LOST_MOST:
                yield found
            else:
                rest.join(found)
        for number in range(self.count):
            if not stamps[number]:
                self._add(rest, number, number + 1)
        yield rest

    def _lost(self, number: int) -> Pieces:
        """Follow a lost chain up to what was reached before."""
        self._stamp += 1
        found = Pieces(self._source)
        while number < self.count and not self._stamps[number]:
            self._stamps[number] = self._stamp
            found.add(self._first + number * self.sector, self.sector)
            if number >= len(self._following):
                break
            number = self._following[number]
        return found
