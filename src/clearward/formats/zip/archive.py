"""Both views of an archive at once: by its directories, and by its local headers.

The archive is read from front to back. Members that a directory names are opened where
it says; between them, a search for local headers finds what no directory names. What a
member was read from is passed over by the search: it was looked at, and if it holds
another archive, then that is found in the member.

    covered   bytes before this were looked at as what they are
    expected  where the next local header stands, if the one before it told the truth

Work is bounded: members that a directory names and that overlap each other are opened
`MOST_OVERLAPS` times. The search gives up once headers that led to nothing sound are
`MOST_DOUBTS` more than sound ones, or have cost `MOST_WASTE` times the part. Everything
else moves `covered` forward.

A part that is no archive may still hold pieces of one: documents in the sectors of an
OLE2 file, archives that gzip stored in blocks. What can be unpacked of those is
yielded, and that the rest is damaged goes without saying: the format around them puts
it together. Damage is a gap only in an archive that starts or ends where the part does.
"""

from collections.abc import Generator, Iterator
from dataclasses import replace

from clearward.core.part import Gap, Item, Mention, Part
from clearward.core.part import Member as Facts
from clearward.core.reader import Reader
from clearward.core.reasons import Reason
from clearward.formats.zip.claim import ENCRYPTED, STORED, STRONG, Claim
from clearward.formats.zip.directory import SPAN, Directory
from clearward.formats.zip.local import (
    LOCAL,
    Local,
    credible,
    next_local,
    read_local,
)
from clearward.formats.zip.locked import Keys
from clearward.formats.zip.member import Member, Outcome
from clearward.formats.zip.ordinary import ordinary
from clearward.formats.zip.record import Record, read_record
from clearward.formats.zip.window import Window

MOST_OVERLAPS = 8
MOST_DOUBTS = 64
MOST_WASTE = 8
MOST_GAPS = 100_000  # gaps are not counted by the budget
DAMAGE = Reason.CORRUPT | Reason.TRUNCATED
MARKERS = (b"PK00" + LOCAL, b"PK\x07\x08" + LOCAL)  # APPNOTE 8.5.3 and 8.5.4


class Archive:
    """One pass over an archive.

    Args:
        reader: the part that is or holds an archive.
    """

    def __init__(self, reader: Reader) -> None:
        self._window = Window(reader)
        self._directory = Directory(self._window)
        self._keys = Keys()
        self._covered = 0
        self._expected = start_of(self._window)
        self._starts = credible(self._window, self._expected)
        self._stored = range(0)  # bytes that were handed on as they are
        self._used = 0  # bytes before this were read for a member with a record
        self._overlaps = 0
        self._doubts = 0
        self._wasted = 0  # bytes that were read for nothing sound
        self._last = -1  # offset of the last local header
        self._position = 0  # of a member, as signatures count
        self._first = -1  # offset of the first local header

    def items(self) -> Iterator[Item]:
        """Yield every member of either view, in the order of their local headers."""
        gaps = 0
        for item in self._all():
            if not isinstance(item, Gap):
                yield item
                continue
            if self._counts(item):
                yield item
            gaps += 1
            if gaps == MOST_GAPS:
                yield Gap(Reason.PARTS_LIMIT)
                return

    def _counts(self, gap: Gap) -> bool:
        whole = self._starts or self._directory.closes
        return whole or not gap.reason & DAMAGE

    def _all(self) -> Iterator[Item]:
        yield from self._directory.read()
        for offset, positions in self._places():
            if offset > self._covered:
                yield from self._search(offset)
                self._covered = max(self._covered, offset)
            part = self._ordinary(offset, positions)
            if part is not None:
                yield part
            else:
                yield from self._named(offset, positions)
        yield from self._search(self._window.size)
        if self._last > self._directory.last:
            yield Gap(Reason.TRUNCATED)  # no end record behind the last member

    def _places(self) -> Iterator[tuple[int, list[int]]]:
        """Yield where members begin, each with the offsets of its records."""
        before, positions = -1, [0]
        for key in self._directory.members:
            offset, position = divmod(key, SPAN)
            if offset == before:
                positions.append(position)
                continue
            if before >= 0:
                yield before, positions
            before, positions = offset, [position]
        if before >= 0:
            yield before, positions

    def _ordinary(self, offset: int, positions: list[int]) -> Part | None:
        """Return the member at `offset`, if it is one as nearly all are."""
        if len(positions) > 1 or offset < max(self._covered, self._used):
            return None
        found = ordinary(self._window, offset, positions[0])
        if found is None:
            return None
        self._last = max(self._last, offset)
        self._used = max(self._used, found.end)
        self._covered = self._expected = found.behind
        if found.stored:
            self._note_stored(found.start, found.end)
        content = found.content
        facts = self._facts(found.packed, content.size)
        packed = found.packed if content.size else 0
        return Part(content, found.name, packed, facts)

    def _search(self, stop: int) -> Iterator[Item]:
        """Look for members without a record, from `covered` up to `stop`."""
        while self._covered < stop and not self._gives_up():
            hit = next_local(self._window, self._covered, stop, self._expected)
            local = read_local(self._window, hit) if hit >= 0 else None
            if local is None:
                return
            self._last = hit
            yield from self._unnamed(local)
            if self._gives_up():
                yield Gap(Reason.PARTS_LIMIT)

    def _unnamed(self, local: Local) -> Iterator[Item]:
        member = Member(self._window, local.name, local.data, local.claim, self._keys)
        outcome = yield from self._told(member)
        self._covered = outcome.end
        self._expected = outcome.next
        if local.claim.method == STORED:
            self._note_stored(local.data, outcome.end)
        if outcome.sound:
            self._doubts = max(self._doubts - 1, 0)
        else:
            self._doubts += 1
            self._wasted += outcome.used - local.data

    def _gives_up(self) -> bool:
        most = MOST_WASTE * self._window.size
        return self._doubts > MOST_DOUBTS or self._wasted > most

    def _named(self, offset: int, positions: list[int]) -> Iterator[Item]:
        """Open what directories name at `offset`, and what stands there instead."""
        if offset < self._used and self._overlaps > MOST_OVERLAPS:
            return
        local = read_local(self._window, offset)
        self._last = max(self._last, offset)
        opened: list[tuple[int, Record]] = []
        for position, record in self._records(offset, positions):
            if local is None:
                yield Gap(Reason.CORRUPT, record.name)
                continue
            if self._repeated(position, record, opened):
                continue
            if opened or offset < self._used:
                self._overlaps += 1
                if self._overlaps > MOST_OVERLAPS:
                    yield Gap(Reason.SIZE_LIMIT, record.name)
                    return
            opened.append((position, record))
            yield from self._view(record.name, local, record.claim)
        if local is not None and opened:
            yield from self._contradiction(local, opened[0][1])

    def _records(
        self, offset: int, positions: list[int]
    ) -> Iterator[tuple[int, Record]]:
        """Yield the records that name a member of this archive, with their offsets.

        A record in stored data is of an archive in that data, like the member it names.
        """
        for position in dict.fromkeys(positions):
            if offset in self._stored and position in self._stored:
                continue
            record = read_record(self._window, position)
            if record is not None:
                yield position, record

    def _repeated(
        self, position: int, record: Record, opened: list[tuple[int, Record]]
    ) -> bool:
        """Say whether another directory has named the very same member."""
        return any(
            other.name == record.name
            and other.claim == record.claim
            and not self._directory.same(position, place)
            for place, other in opened
        )

    def _view(self, name: bytes, local: Local, claim: Claim) -> Iterator[Item]:
        """Open the data behind a local header as a record claims it is."""
        if not claim.crcs or not local.claim.crcs:
            crcs = claim.crcs or local.claim.crcs
        else:
            crcs = (*claim.crcs, *local.claim.crcs)
        flags = claim.flags | (local.claim.flags & (ENCRYPTED | STRONG))
        claim = Claim(claim.method, flags, crcs, claim.packed, claim.size)
        member = Member(self._window, name, local.data, claim, self._keys)
        outcome = yield from self._told(member)
        self._used = max(self._used, outcome.used)
        if outcome.end >= self._covered:
            self._covered = outcome.end
            self._expected = outcome.next
        if claim.method == STORED:
            self._note_stored(local.data, outcome.end)

    def _told(self, member: Member) -> Generator[Item, None, Outcome]:
        """Yield what a member holds, the first of it with what its header says.

        A folder is mentioned, no more. Nothing is counted where an archive begins in
        the middle of a part.
        """
        claim = member.claim
        locked = bool(claim.flags & ENCRYPTED)
        facts: Facts | None = self._facts(
            claim.packed or 0, claim.size, encrypted=locked
        )
        items = member.items()
        while True:
            try:
                item = next(items)
            except StopIteration as end:
                if facts is not None:
                    yield Mention(member.name, facts)
                outcome: Outcome = end.value
                return outcome
            if facts is not None:
                item = _with(item, facts)
                facts = None
            yield item

    def _facts(
        self, packed: int, size: int | None, *, encrypted: bool = False
    ) -> Facts:
        """Return what is said about the next member."""
        if self._first < 0:
            self._first = 0 if self._starts else self._last
        self._position += self._starts
        return Facts(self._position, packed, size, encrypted, self._first)

    def _note_stored(self, start: int, end: int) -> None:
        if end > max(start, self._stored.stop):
            self._stored = range(start, end)

    def _contradiction(self, local: Local, record: Record) -> Iterator[Item]:
        """Open a member as its local header shows it, if its record shows another."""
        named, found = record.claim, local.claim
        if found.packed is None or found.nothing:
            differs = found.method != named.method and not named.nothing
        else:
            differs = (found.method, found.packed, found.size) != (
                named.method,
                named.packed,
                named.size,
            )
        if not differs:
            return
        yield Gap(Reason.CORRUPT, record.name)
        if found.method != named.method or found.method == STORED:
            yield from self._view(local.name, local, found)


def _with(item: Item, facts: Facts) -> Item:
    """Return an item with what its header says; there may be 100,000 of them."""
    if isinstance(item, Part):
        return Part(item.content, item.name, item.packed, facts, item.searched)
    return replace(item, member=facts)


def start_of(window: Window) -> int:
    """Return where the first local header has to stand, behind the mark of a set."""
    return 4 if window.at(0, 8) in MARKERS else 0
