"""The view of an archive by its central directories, of which there may be several.

Every end record is followed, from the last to the first, because programs differ in
which one they take. One that lies inside the data of a member belongs to an archive
inside that member, which is opened as a part of its own; unless its comment ends where
the part ends, because then a program could take it for the end record of the whole.
"""

from bisect import bisect_left, bisect_right, insort
from collections.abc import Iterator

from clearward.core.part import Gap
from clearward.core.reasons import Reason
from clearward.formats.zip.ending import (
    END,
    EXTRA_DATA,
    LAYOUT,
    Ending,
    Endings,
    Place,
    read_endings,
)
from clearward.formats.zip.extra import ALL_ONES
from clearward.formats.zip.local import HEADER, LOCAL, read_local
from clearward.formats.zip.record import HEADER as RECORD_HEADER
from clearward.formats.zip.record import PLACES, RECORD, Record, read_record
from clearward.formats.zip.window import Window

MOST_DIRECTORIES = 64
MOST_STRAYS = 1024  # end records that lead nowhere
MOST_RECORDS = 1_000_000  # about 50 MB of memory
LONGEST_COMMENT = 0xFFFF

# A member is kept as one number: offset of its local header times SPAN, plus offset of
# its record. A million of them fit into memory, and sort quickly.
SPAN = 1 << 48


class Directory:
    """All members that a central directory names.

    Iterate over `read` first: it yields a gap for everything it could not follow.

    Args:
        window: the archive.

    Attributes:
        members: for each member, offset of its local header times `SPAN` plus offset of
            its record; sorted.
        last: offset of the last end record, -1 if there is none.
        closes: an end record, with its comment, ends where the part ends.
    """

    def __init__(self, window: Window) -> None:
        self._window = window
        self._places: set[Place] = set()
        self._starts: list[int] = []  # of the directories that were read, sorted
        self.members: list[int] = []
        self.last = -1
        self.closes = False

    def read(self) -> Iterator[Gap]:
        """Find the end records and follow them."""
        strays = 0
        for hit in self._hits():
            endings = read_endings(self._window, hit)
            if endings is None or (self._inside_member(hit) and not endings.last):
                continue
            places = len(self._places)
            yield from self._follow(hit, endings)
            strays += len(self._places) == places
            if strays > MOST_STRAYS or len(self._places) > MOST_DIRECTORIES:
                yield Gap(Reason.PARTS_LIMIT)
                return

    def same(self, record: int, other: int) -> bool:
        """Say whether two records, by their offsets, are of one directory."""
        return bisect_right(self._starts, record) == bisect_right(self._starts, other)

    def _hits(self) -> Iterator[int]:
        """Yield where end records may begin, from the last to the first.

        In a part that is not held, the data of the members found so far is not read
        again for this, but for the last 64 KiB.
        """
        window = self._window
        tail = 0
        if not window.held:
            tail = max(window.size - LAYOUT.size - LONGEST_COMMENT, 0)
        stop = window.size
        while (hit := window.rfind(END, tail, stop)) >= 0:
            yield hit
            stop = hit
        stop = min(stop, tail)
        while stop > 0:
            start, end = self._member_before(stop)
            hit = window.rfind(END, end, stop)
            if hit >= 0:
                yield hit
            stop = hit if hit >= 0 else start

    def _member_before(self, stop: int) -> tuple[int, int]:
        """Return where the last member that begins before `stop` begins and ends."""
        index = bisect_left(self.members, stop * SPAN) - 1
        if index < 0:
            return 0, 0
        start, position = divmod(self.members[index], SPAN)
        record = read_record(self._window, position)
        local = read_local(self._window, start)
        if record is None or local is None:
            return start, start
        return start, local.data + (record.claim.packed or 0)

    def _inside_member(self, offset: int) -> bool:
        _, end = self._member_before(offset)
        return offset < end

    def _follow(self, hit: int, endings: Endings) -> Iterator[Gap]:
        found = False
        self.closes |= endings.last
        for reading in endings.readings:
            for place in reading.places:
                if self._window.at(place.start, len(RECORD)) == RECORD:
                    found = True
                    yield from self._collect(place, reading)
        if found or endings.readings[-1].believable:
            self.last = max(self.last, hit)
        if not found:
            yield from self._missing(endings)

    def _missing(self, endings: Endings) -> Iterator[Gap]:
        """Say what it means that an end record leads to no directory."""
        reading = endings.readings[-1]
        if not reading.members and not reading.size:
            return
        if reading.locked or any(
            self._window.at(place.start, len(EXTRA_DATA)) == EXTRA_DATA
            for place in reading.places
        ):
            yield Gap(Reason.ENCRYPTED)
        elif endings.last or reading.believable:
            yield Gap(Reason.TRUNCATED if reading.disk else Reason.CORRUPT)

    def _collect(self, place: Place, reading: Ending) -> Iterator[Gap]:
        """Read records from `place` on, for as long as one follows the other."""
        if place in self._places:
            return
        self._places.add(place)
        if len(self._places) > MOST_DIRECTORIES:
            return
        insort(self._starts, place.start)
        known = len(self.members)
        position, strange = self._gather(place.start, place.base, reading.disk), 0
        while (record := read_record(self._window, position)) is not None:
            if len(self.members) + strange >= MOST_RECORDS:
                yield Gap(Reason.PARTS_LIMIT)
                break
            start = self._resolved(record, place.base)
            if self._elsewhere(record, start, reading):
                strange += 1
                yield Gap(Reason.TRUNCATED, record.name)
            else:
                self.members.append(start * SPAN + position)
            position = self._gather(record.end, place.base, reading.disk)
        count = len(self.members) - known + strange
        self.members.sort()
        if count < reading.members:
            yield Gap(Reason.CORRUPT)

    def _gather(self, position: int, base: int, disk: int) -> int:
        """Note records from `position` on; return where the first stands that is odd.

        Nothing is odd about a record if it is clear where its local header stands: on
        this disk, or where there is one.
        """
        window, members = self._window, self.members
        furthest = window.size - HEADER.size
        least = RECORD_HEADER.size
        while len(members) < MOST_RECORDS:
            header = window.at(position, least)
            if len(header) < least:
                break
            mark, name, extra, comment, on, start = PLACES.unpack(header)
            end = position + least + name + extra + comment
            if mark != RECORD or end > window.size or start == ALL_ONES:
                break
            start += base
            if not 0 <= start <= furthest:
                break
            if (base or on != disk) and window.at(start, len(LOCAL)) != LOCAL:
                break
            members.append(start * SPAN + position)
            position = end
        return position

    def _resolved(self, record: Record, base: int) -> int:
        """Return where the local header stands, by the base or without it."""
        start = record.offset + base
        if base and self._window.at(start, len(LOCAL)) != LOCAL:
            bare = self._window.at(record.offset, len(LOCAL)) == LOCAL
            return record.offset if bare else start
        return start

    def _elsewhere(self, record: Record, start: int, reading: Ending) -> bool:
        """Say whether a member lies outside this part: on another disk, or cut off."""
        if not 0 <= start <= self._window.size - HEADER.size:
            return True
        return (
            record.disk != reading.disk and self._window.at(start, len(LOCAL)) != LOCAL
        )
