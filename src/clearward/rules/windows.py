"""Match a part that is too large to hold, in windows that overlap.

Digests are exact whatever the size. A YARA condition is about the whole part, so what
a window says counts only as far as `condition.Decision` says. Each place in the part
belongs to one window:

    window      |--------------------------------|
    belongs to     |......................|        all but its edges
    next window                         |--------------------------------|
                                           |.....

The edge at the front is as wide as the context of a match (`CONTEXT`), the one at the
back takes in the longest match (`REACH`) as well. A match that begins in the middle is
what it would be in the whole part; one that begins in an edge is the neighbour's. The
part's own two ends have no edge. A rule that needs several matches in one window takes
them from its edges, too, but not within `CONTEXT` of a seam.

If a rule is in force that windows cannot decide, and it was not found, the part is
undecided. A part that fits into one window is matched whole.
"""

import hashlib
from collections.abc import Iterator

from clearward.core.limits import OVERLAP, WHOLE, WINDOW
from clearward.rules import eicar
from clearward.rules.condition import CONTEXT, Decision
from clearward.rules.hashes import Digests
from clearward.rules.yara import Hit, YaraRules


class Windows:
    """Matches one part. Feed it front to back, then finish.

    Args:
        digests: one set an algorithm.
        yara: compiled YARA rules, or None.
        test_file: number of the EICAR rule, or None if it is left out.
        window: bytes matched at once.
        overlap: bytes of a window that are also in the next one; room for `REACH` and
            twice `CONTEXT`.

    Attributes:
        undecided: after the end, some rule could not be decided on this part.
    """

    def __init__(
        self,
        digests: tuple[Digests, ...],
        yara: YaraRules | None,
        test_file: int | None = None,
        *,
        window: int = WINDOW,
        overlap: int = OVERLAP,
    ) -> None:
        self._running = [
            (known, hashlib.new(known.algorithm, usedforsecurity=False))
            for known in digests
        ]
        self._yara = yara
        self._test_file = test_file
        self._width = window
        self._overlap = overlap
        self._window = bytearray()
        self._start = 0  # of the window, in the part
        self._size = 0  # of the part, so far
        self._told: dict[int, int] = {}  # where matches of a rule are new, by number
        self._bare = b""  # the last window, if nothing matched in it
        self.undecided = False

    def feed(self, chunk: bytes) -> Iterator[Hit]:
        """Take the next bytes; yield what they show to match."""
        for _, running in self._running:
            running.update(chunk)
        self._size += len(chunk)
        if self._yara is None:
            self._window += chunk[: eicar.LONGEST + 1 - len(self._window)]
            return
        self._window += chunk
        # A window is matched only when a byte behind it shows that it is not the last.
        while len(self._window) > self._width:
            yield from self._match(self._yara, last=False)
            step = self._width - self._overlap
            self._start += step
            del self._window[:step]

    def finish(self) -> Iterator[Hit]:
        """Yield what the last window and the digests show to match."""
        if self._size == len(self._window):
            yield from self._match_whole(bytes(self._window))
        elif self._yara is not None:
            yield from self._match(self._yara, last=True)
            self.undecided = self._yara.needs_whole or (
                self._size <= WHOLE and Decision.SMALL in self._yara.decisions.values()
            )
        for known, running in self._running:
            number = known.find(running.digest())
            if number is not None:
                yield Hit(number, 0, self._size)

    def _match_whole(self, data: bytes) -> Iterator[Hit]:
        if self._test_file is not None and eicar.matches(data):
            yield Hit(self._test_file, 0, len(data))
        if self._yara is not None:
            yield from self._yara.explain(data)

    def _match(self, yara: YaraRules, *, last: bool) -> Iterator[Hit]:
        size = min(len(self._window), self._width)
        if len(self._bare) == size and self._window.startswith(self._bare):
            return  # a bomb is the same again and again
        self._bare = b""  # let go of, so that only one is held
        with memoryview(self._window) as view:
            data = self._bare = bytes(view[:size])
        front = CONTEXT if self._start else 0
        middle = len(data) if last else len(data) - self._overlap + CONTEXT
        end = len(data) if last else len(data) - CONTEXT
        for number, hits in yara.match_window(data):
            self._bare = b""
            if yara.decisions[number] is Decision.ANY:
                own = [hit for hit in hits if front <= hit.offset < middle]
                yield from (self._moved(hit) for hit in own)
            elif all(_inside(hit, front, end) for hit in hits):
                yield from self._new(number, [self._moved(hit) for hit in hits])

    def _moved(self, hit: Hit) -> Hit:
        return Hit(hit.rule, self._start + hit.offset, hit.length, hit.string)

    def _new(self, number: int, hits: list[Hit]) -> Iterator[Hit]:
        """Yield those matches of a `POSITIVE` rule that no window before this had."""
        if number not in self._told and not hits:
            yield Hit(number, self._start)
        known = self._told.get(number, 0)
        yield from (hit for hit in hits if hit.offset >= known)
        self._told[number] = max([known, *(hit.offset + 1 for hit in hits)])


def _inside(hit: Hit, front: int, end: int) -> bool:
    return front <= hit.offset and hit.offset + hit.length <= end
