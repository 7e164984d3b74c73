"""The way through the parts of one file.

A part that fits into memory is held in one buffer, matched whole, identified, and
opened at random. A larger one is matched in windows: a file is read twice, once for
its windows and once by its reader; a stream that passes by only once is matched in
windows while its reader takes it apart.
"""

import hashlib
from collections.abc import Iterable, Iterator
from itertools import chain

from clearward.core.errors import LimitReached, Malformed
from clearward.core.limits import MIB, WHOLE
from clearward.core.part import Item, Part
from clearward.core.reader import CHUNK, Content, Cursor, Reader, Stream
from clearward.core.reasons import Reason
from clearward.engine.budget import RATIO, RATIO_FREE, Budget
from clearward.engine.explain import Record
from clearward.engine.passing import drained, holds_container
from clearward.engine.result import Result
from clearward.formats.format import Format
from clearward.formats.heavy import NotLoaded
from clearward.formats.identify import HEAD, identify
from clearward.rules.ruleset import Hit, RuleSet
from clearward.rules.windows import Windows

FRONT = 1 * MIB  # of a stream too large to hold, what its type is known by


class Decided(Exception):
    """The first match ends the scan: nothing can change the outcome any more."""


class Heavy(Exception):
    """The file has to be scanned again by a worker with the heavy libraries."""


class Walk:
    """Matches parts and opens containers until the file is done.

    Args:
        rules: what to look for.
        budget: what the file may still use.
        result: where matches and gaps are noted.
        most_depth: containers at this depth are not opened.
        every: collect every rule; otherwise the first match raises `Decided`.
        record: where explanations go, if asked for.
    """

    def __init__(
        self,
        rules: RuleSet,
        budget: Budget,
        result: Result,
        *,
        most_depth: int,
        every: bool,
        record: Record | None,
    ) -> None:
        self._rules = rules
        self._budget = budget
        self._result = result
        self._most_depth = most_depth
        self._every = every
        self._record = record
        self._opened: set[bytes] = set()

    def gap(self, reason: Reason, name: bytes = b"") -> None:
        """Note that something was not looked at."""
        self._result.reasons |= reason
        if self._record is not None:
            self._record.unread(reason, name)

    def part(self, content: Content, name: bytes, depth: int, packed: int) -> None:
        """Match one part and open it if it is a container.

        Args:
            content: its bytes.
            name: the name stored in the container, raw.
            depth: 0 for the file itself.
            packed: bytes it takes in its container, at most; 0 if unknown.

        Raises:
            LimitReached: the budget of the file ran out.
            Decided: a rule matched, and the first match is enough.
            Heavy: a format needs a library that is not here.
        """
        self._budget.begin_part()
        self._result.depth = max(self._result.depth, depth)
        if self._record is None:
            self._look(content, depth, packed)
            return
        self._record.enter(name)
        self._look(content, depth, packed)
        self._record.leave()

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
                self.gap(Reason.CHANGED)
            self._look_at_buffer(data, depth)
            self._budget.hold(-content.size)
        else:
            windows = self._rules.windows()
            self._note_hits(self._match_in_windows(content, windows))
            self._open_all(identify(content.at(0, HEAD), content), content, depth)

    def _fits(self, size: int) -> bool:
        most = self._budget.room()
        # Whether some rule needs the whole is only asked where it makes a difference:
        # the answer takes a look at every rule.
        return size <= min(most, WHOLE) or (size <= most and self._rules.needs_whole)

    def _look_at_buffer(self, data: bytes, depth: int) -> None:
        if self._record is None:
            self._note(self._rules.match(data))
        else:
            self._note_hits(self._rules.explain(data))
        reader = Reader.of(data)
        formats = identify(data if len(data) <= HEAD else data[:HEAD], reader)
        if not formats:
            return
        if depth:
            digest = hashlib.sha256(data).digest()
            if digest in self._opened:
                return
            self._opened.add(digest)
        self._open_all(formats, reader, depth)

    def _look_at_stream(self, stream: Stream, depth: int, packed: int) -> None:
        pieces: list[bytes] = []
        size = 0
        most = min(self._budget.room(), WHOLE)
        chunks = self._charged(stream, packed)
        limit = None
        try:
            for chunk in chunks:
                pieces.append(chunk)
                size += len(chunk)
                if size > most:
                    break
        except LimitReached as reached:
            limit = reached  # what was read until then is still matched
        if size > most:
            self._look_at_passing(pieces, chunks, depth)
        else:
            self._budget.hold(size)
            self._look_at_buffer(b"".join(pieces), depth)
            self._budget.hold(-size)
        if limit is not None:
            raise limit

    def _look_at_passing(
        self, pieces: list[bytes], rest: Iterator[bytes], depth: int
    ) -> None:
        """Match a stream too large to hold while its reader takes it apart."""
        front = b"".join(pieces[: FRONT // CHUNK + 1])
        windows = self._rules.windows()
        passing = Stream(self._matched(chain(drained(pieces), rest), windows))
        ahead = None
        for format in identify(front[:HEAD], Reader.of(front)):
            if ahead is None and format.unpack_ahead is not None:
                ahead = format
            else:
                self.gap(Reason.MEMORY_LIMIT if format.unpack else Reason.UNSUPPORTED)
        if ahead is not None:
            self._open(ahead, passing, depth)
            for _ in passing.rest():
                pass
        elif holds_container(passing.rest()):
            self.gap(Reason.MEMORY_LIMIT)
        self._note_hits(self._finish(windows))

    def _matched(self, chunks: Iterator[bytes], windows: Windows) -> Iterator[bytes]:
        for chunk in chunks:
            self._note_hits(windows.feed(chunk))
            yield chunk

    def _match_in_windows(self, content: Reader, windows: Windows) -> Iterator[Hit]:
        size = 0
        for chunk in content.chunks():
            size += len(chunk)
            self._budget.check_time()
            yield from windows.feed(chunk)
        if size < content.size:
            self.gap(Reason.CHANGED)
        yield from self._finish(windows)

    def _finish(self, windows: Windows) -> Iterator[Hit]:
        yield from windows.finish()
        if windows.undecided:
            self.gap(Reason.MEMORY_LIMIT)

    def _charged(self, stream: Stream, packed: int) -> Iterator[bytes]:
        """Yield a stream's chunks, each charged; damage ends it and is noted."""
        size = 0
        while True:
            try:
                chunk = stream.some(CHUNK)
            except Exception as error:  # noqa: BLE001 - see _fault
                self._fault(error)
                return
            if not chunk:
                return
            size += len(chunk)
            if packed and size > max(RATIO_FREE, RATIO * packed):
                self.gap(Reason.SIZE_LIMIT)
                return
            # Handed out first: what was unpacked before a limit is still matched.
            yield chunk
            self._budget.spend(len(chunk))

    def _open_all(self, formats: list[Format], reader: Reader, depth: int) -> None:
        for format in formats:
            self._open(format, reader, depth)

    def _open(self, format: Format, content: Content, depth: int) -> None:
        if format.unpack is None and format.unpack_ahead is None:
            self.gap(Reason.UNSUPPORTED)
            return
        if depth >= self._most_depth:
            self.gap(Reason.DEPTH_LIMIT)
            return
        most = content.size if isinstance(content, Reader) else 0
        for item in self._items(format, content):
            if isinstance(item, Part):
                self.part(item.content, item.name, depth + 1, item.packed or most)
            else:
                self.gap(item.reason, item.name)

    def _items(self, format: Format, content: Content) -> Iterator[Item]:
        """Yield what an unpacker yields; whatever it raises ends it and is noted."""
        items: Iterable[Item] = ()
        if format.unpack is not None and isinstance(content, Reader):
            items = format.unpack(content)
        elif format.unpack_ahead is not None:
            ahead = Cursor(content) if isinstance(content, Reader) else content
            items = format.unpack_ahead(ahead)
        iterator = iter(items)
        while True:
            try:
                item = next(iterator, None)
            except Exception as error:  # noqa: BLE001 - see _fault
                self._fault(error)
                return
            if item is None:
                return
            yield item

    def _fault(self, error: Exception) -> None:
        """Note what ended a reader. An error that nobody named is damage, never clean.

        This is the edge around every parser: libraries raise more than they say.
        """
        if isinstance(error, NotLoaded):
            raise Heavy
        if isinstance(error, LimitReached | Decided | Heavy):
            raise error
        if isinstance(error, Malformed):
            self.gap(error.reason)
        elif isinstance(error, MemoryError):
            self.gap(Reason.MEMORY_LIMIT)
        elif isinstance(error, RecursionError):
            self.gap(Reason.DEPTH_LIMIT)
        else:
            self.gap(Reason.CORRUPT)

    def _note_hits(self, hits: Iterable[Hit]) -> None:
        if self._record is not None:
            self._note(self._record.matches(hits))
        else:
            self._note(hit.rule for hit in hits)

    def _note(self, numbers: Iterable[int]) -> None:
        for number in numbers:
            self._result.rules[number] = None
            if not self._every:
                raise Decided
