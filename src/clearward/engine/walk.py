"""The way through the parts of one file.

A part that fits into memory is held in one buffer, matched whole, identified, and
opened at random. A larger one is matched in windows: a file is read twice, once for
its windows and once by its reader; a stream that passes by only once is matched in
windows while its reader takes it apart.
"""

from collections.abc import Callable, Iterator
from functools import partial
from io import BytesIO
from itertools import chain
from typing import TypeVar

from clearward.core.errors import LimitReached
from clearward.core.limits import KIB, MIB, WHOLE
from clearward.core.part import Item, Part
from clearward.core.reader import CHUNK, Content, Reader, Stream
from clearward.core.reasons import Reason
from clearward.engine.budget import Budget
from clearward.engine.charge import charged
from clearward.engine.faults import note_fault
from clearward.engine.items import items_of, layer
from clearward.engine.large import match_large
from clearward.engine.looker import Looker
from clearward.engine.memory import Context, Memory, Met
from clearward.engine.notes import Notes
from clearward.engine.passing import (
    drained,
    formats_of,
    holds_container,
    matched,
    parted,
    read_ahead,
)
from clearward.engine.share import Share
from clearward.formats.format import Format
from clearward.formats.identify import HEAD, identify
from clearward.rules.ruleset import RuleSet

Asks = TypeVar("Asks")

FRONT = 1 * MIB  # of what is too large to hold, what its type is known by
SMALL = 64 * KIB  # a part of which a digest costs far less than a look


class Walk:
    """Matches parts and opens containers until the file is done.

    Args:
        rules: what to look for.
        budget: what the file may still use.
        notes: where matches and gaps are noted.
        most_depth: containers at this depth are not opened.
        looker: asks ClamAV's signatures, if there are any.
        share: of the members of the file only these are looked at; None for all.
        memory: parts that are known to be clean, if any may be.
    """

    def __init__(
        self,
        rules: RuleSet,
        budget: Budget,
        notes: Notes,
        *,
        most_depth: int,
        looker: Looker | None = None,
        share: Share | None = None,
        memory: Memory | None = None,
    ) -> None:
        self._rules = rules
        self._budget = budget
        self._notes = notes
        self._most_depth = most_depth
        self._share = share
        self._left = share is not None and not share.matches  # the file, to another
        memory = None if notes.explains else memory
        self._met = Met(memory, budget, notes, most_depth)
        self._around: list[str] = []  # types of what lies around a part
        self._looker = looker
        self._searched = False  # what lies around this part was, as `Part` has it

    def part(
        self,
        content: Content,
        name: bytes,
        depth: int,
        packed: int,
        *,
        searched: bool = False,
    ) -> None:
        """Match one part and open it if it is a container.

        Args:
            content: its bytes.
            name: the name stored in the container, raw.
            depth: 0 for the file itself.
            packed: bytes it takes in its container, at most; 0 if unknown.
            searched: as in `Part`.

        Raises:
            LimitReached: the budget of the file ran out.
            Decided: a rule matched, and the first match is enough.
            Heavy: a format needs a library that is not here.
        """
        self._budget.begin_part()
        self._notes.enter(name, depth)
        self._searched = searched
        self._look(content, depth, packed)
        self._notes.leave()

    def _look(self, content: Content, depth: int, packed: int) -> None:
        if isinstance(content, Stream):
            self._look_at_stream(content, depth, packed)
            return
        if depth:
            self._budget.spend(content.size)
        if content.held is not None:
            self._look_at_buffer(content.held, depth)
        elif self._fits(content.size):
            self._budget.hold(content.size)
            data = content.at(0, content.size)
            if len(data) < content.size:
                self._notes.gap(Reason.CHANGED)
            self._look_at_buffer(data, depth)
            self._budget.hold(-content.size)
        else:
            self._look_at_large(content, depth)

    def _fits(self, size: int) -> bool:
        most = self._budget.room()
        # Whether some rule needs the whole is only asked where it makes a difference:
        # the answer takes a look at every rule.
        if size <= min(most, WHOLE):
            return True
        whole = self._looker is not None or self._rules.needs_whole
        return size <= most and whole

    def _look_at_buffer(self, data: bytes, depth: int) -> None:
        reader = Reader.of(data)
        if self._looker is not None and self._looker.trusts(reader):
            return
        if len(data) > SMALL or (self._share and not depth):
            self._look_at_held(data, reader, depth)
        else:
            look = partial(self._look_at_held, data, reader, depth)
            self._met.look(data, self._context(), depth, look)

    def _context(self) -> Context:
        """Return what is asked about a part beside its bytes."""
        if self._looker is None:
            return (self._searched,)
        return (self._searched, *self._looker.context(self._around))

    def _look_at_held(self, data: bytes, reader: Reader, depth: int) -> None:
        marked = (self._left and not depth) or self._match(data)
        head = data[:HEAD]
        formats = identify(head, reader, marked=marked, searched=self._searched)
        self._notes.kind(head, reader, formats)
        kind = ""
        if self._looker is not None:
            try:
                kind = self._looker.look(data, reader, formats, tuple(self._around))
            except Exception as error:  # noqa: BLE001 - see faults
                note_fault(self._notes, error)
        if formats:
            self._around.append(kind)
            self._open_once(formats, reader, data, depth)
            self._around.pop()

    def _match(self, data: bytes) -> bool:
        """Match a part at hand; say whether it may hold any of `MARKS`."""
        if self._notes.explains:
            self._notes.hits(self._rules.explain(data))
            return True
        found, marked = self._rules.look(data)
        self._notes.rules(found)
        return marked

    def _open_once(
        self, formats: list[Format], reader: Reader, data: bytes, depth: int
    ) -> None:
        """Open a part, unless the very same was opened or is known to be clean."""
        opens = partial(self._open_all, formats, reader, depth)
        if self._share and not depth:  # only some of its members are looked at
            opens()
        else:
            context = self._context() if len(data) > SMALL else None
            self._met.open(data, context, depth, opens)

    def _look_at_large(self, content: Reader, depth: int) -> None:
        head = content.at(0, HEAD)
        # All of it is searched for containers only once there was a look at the time.
        known = identify(head, content.slice(0, min(content.size, FRONT)))
        self._notes.kind(head, content, known)
        asker = self._asker(lambda looker, it: looker.passes(content, known, it))
        left = self._left and not depth
        both = self._rules.windows(), asker
        if not left and match_large(content, *both, self._notes, self._budget):
            return
        if asker is not None:
            try:
                asker.look(self._budget.check_time)
            except Exception as error:  # noqa: BLE001 - see faults
                note_fault(self._notes, error)
        self._around.append("" if asker is None else asker.kind)
        formats = identify(head, content, searched=self._searched)
        self._open_all(formats, content, depth)
        self._around.pop()

    def _asker(self, ask: Callable[[Looker, tuple[str, ...]], Asks]) -> Asks | None:
        """Return what asks signatures about a part, told what is around it."""
        try:
            looker = self._looker
            return None if looker is None else ask(looker, tuple(self._around))
        except Exception as error:  # noqa: BLE001 - see faults
            note_fault(self._notes, error)
            return None

    def _look_at_stream(self, stream: Stream, depth: int, packed: int) -> None:
        whole = BytesIO()  # pieces would be held twice while they are joined
        size = 0
        most = self._budget.room() if self._looker else min(self._budget.room(), WHOLE)
        chunks = charged(stream, packed, self._notes, self._budget)
        limit = None
        try:
            for chunk in chunks:
                size += whole.write(chunk)
                if size > most:
                    break
        except LimitReached as reached:
            limit = reached  # what was read until then is still matched
        if size > most:
            self._look_at_passing(parted(whole), chunks, depth)
        else:
            self._budget.hold(size)
            self._look_at_buffer(whole.getvalue(), depth)
            self._budget.hold(-size)
        if limit is not None:
            raise limit

    def _look_at_passing(
        self, pieces: list[bytes], rest: Iterator[bytes], depth: int
    ) -> None:
        """Match a stream too large to hold while its reader takes it apart."""
        front = b"".join(pieces[: FRONT // CHUNK + 1])
        windows = self._rules.windows()
        formats = formats_of(front)
        self._notes.kind(front[:HEAD], Reader.of(front), formats)
        asker = self._asker(lambda looker, it: looker.streams(front, formats, it))
        all_of_it = chain(drained(pieces, self._budget), rest)
        passing = Stream(matched(all_of_it, windows, asker, self._notes))
        ahead = read_ahead(formats, self._notes)
        if ahead is not None:
            self._around.append(asker.kind if asker is not None else "")
            self._open(ahead, passing, depth)
            self._around.pop()
            for _ in passing.rest():
                pass
        elif holds_container(front, passing.rest()):
            self._notes.gap(Reason.MEMORY_LIMIT)
        self._notes.hits(windows.finish())
        if windows.undecided:
            self._notes.gap(Reason.MEMORY_LIMIT)
        if asker is not None:
            asker.finish()

    def _open_all(self, formats: list[Format], reader: Reader, depth: int) -> None:
        for format in formats:
            inner = layer(format, self._around)
            self._around += inner
            self._open(format, reader, depth)
            del self._around[len(self._around) - len(inner) :]

    def _open(self, format: Format, content: Content, depth: int) -> None:
        if format.unpack is None and format.unpack_ahead is None:
            self._notes.gap(Reason.UNSUPPORTED)
            return
        if depth >= self._most_depth:
            self._notes.gap(Reason.DEPTH_LIMIT)
            return
        most = content.size if isinstance(content, Reader) else 0
        share = None if depth else self._share
        for item in items_of(format, content, self._notes, share):
            if isinstance(item, Part):
                inner = item.content, item.name, depth + 1, item.packed or most
                before = self._notes.below(item)
                self.part(*inner, searched=item.searched)
                self._notes.above(item, before)
            else:
                self._notes.says(item)
            if item.member is not None and self._looker is not None:
                self._ask_about(item, format, most, self._looker)

    def _ask_about(self, item: Item, format: Format, size: int, looker: Looker) -> None:
        """Ask about what a container of this size says of a member."""
        try:
            looker.lists(item, format, size, self._around[-1])
        except Exception as error:  # noqa: BLE001 - see faults
            note_fault(self._notes, error)
