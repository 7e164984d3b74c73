"""ClamAV's signatures on a part too large to be held, front to back: twice, or once.

The first time the prefilter gathers which signatures may match at all. The second time
these, and those that no anchor finds, are verified window by window; a third follows
only where there are more of them than memory. What takes bytes that lie too far apart
for windows is asked of the part at random, once all else holds.

What is found is what would be found in the whole part, with the same limits: an
expression (PCRE) is not looked for in more than `MOST_SIZE`, which is a `size-limit`.
"""

from collections.abc import Callable, Collection, Iterator
from dataclasses import replace

from clearward.core.facts import Facts
from clearward.core.reader import Reader
from clearward.core.reasons import NONE, Reason
from clearward.core.sights import BLIND, Sights
from clearward.native.layout import NOWHERE, State
from clearward.native.paged import Paged
from clearward.rules.clamav.regexes import MOST_SIZE
from clearward.rules.said import Said
from clearward.rules.signatures import Signatures

WINDOW = 1 << 20  # bytes read at once; small enough for a processor's own memory
SEAM = 8  # bytes that a prefilter looks at from a place on
ALIGNED = 4  # and the places it looks at are multiples of this

Check = Callable[[], None]


class Survey:
    """Gathers which signatures for some targets may match a part.

    Args:
        signatures: in force.
        targets: whose.
    """

    def __init__(self, signatures: Signatures, targets: Collection[int]) -> None:
        self._signatures = signatures
        self._targets = tuple(sorted(signatures.partitions & set(targets)))
        self._found: set[int] = set()
        self._window = b""
        self._before = b""
        self._start = 0  # of the bytes that the next window begins with

    def feed(self, chunk: bytes) -> None:
        """Take the next bytes of the part."""
        if not self._targets:
            return
        window = self._window + chunk
        # A hole, or whatever else repeats, is looked at once.
        if window != self._before:
            for target in self._targets:
                self._found.update(self._signatures.candidates(window, target))
        # The seam belongs to both windows: an anchor may lie across.
        end = self._start + len(window)
        start = max(end - SEAM, 0) // ALIGNED * ALIGNED
        start = max(start, self._start)
        self._before = window
        self._window = window[start - self._start :]
        self._start = start

    def candidates(self) -> set[int]:
        """Return those of which an anchor may stand in what was seen."""
        return set(self._found)

    def always(self) -> set[int]:
        """Return those that are verified whatever is seen."""
        found: set[int] = set()
        for target in self._targets:
            found.update(self._signatures.always(target))
        return found


class Following:
    """Verifies signatures on a part that can be read more than once.

    Args:
        signatures: in force.
        content: the part.
        facts: about it, its size included.
        check: is called between windows; what it raises passes through.
        sights: what can be seen in the part.
    """

    def __init__(
        self,
        signatures: Signatures,
        content: Reader,
        facts: Facts,
        check: Check,
        sights: Sights = BLIND,
    ) -> None:
        self._sights = sights
        self._signatures = signatures
        self._content = content
        self._facts = facts
        self._check = check
        self._reasons = NONE

    def said(self, indices: Collection[int]) -> Said:
        """Return what some signatures say about the part."""
        rules: list[int] = []
        handlers: list[str] = []
        asked = sorted(filter(self._signatures.asks, indices))
        for index, state in sorted(self._states(asked)):
            known: State | None = state
            if state in {State.SCATTERED, State.DEFERRED}:
                known = self._scattered(index)
            if known is State.OUT_OF_STEPS:
                self._reasons |= Reason.TIME_LIMIT
            elif known is State.MATCHES:
                rule, handler = self._signatures.meaning(index)
                if handler:
                    handlers.append(handler)
                else:
                    rules.append(rule)
        return Said(tuple(rules), tuple(handlers), self._reasons)

    def _states(self, indices: list[int]) -> Iterator[tuple[int, State]]:
        left = indices
        while left:
            follower = self._signatures.matcher.follow(left, self._facts)
            window, base, end = b"", 0, 0
            while follower.left:
                self._check()
                more = self._content.at(end, WINDOW)
                start = max(end - follower.margin, base)
                window, base = window[start - base :] + more, start
                end += len(more)
                last = end == self._facts.size
                if not more and not last:
                    self._reasons |= Reason.CHANGED
                    return
                yield from follower.feed(window, base, last=last)
            left = left[follower.taken :]

    def _scattered(self, index: int) -> State | None:
        """Return what a signature says that windows cannot tell."""
        if self._content.size <= MOST_SIZE:  # an expression would want all of it
            self._reasons |= Reason.MEMORY_LIMIT
            return None
        self._check()
        paged = Paged(self._content.at, self._content.size)
        state, reasons = self._signatures.look_again(
            index, paged, self._facts, self._sights
        )
        self._reasons |= reasons
        if paged.changed:
            self._reasons |= Reason.CHANGED
        return state


class Passing:
    """Signatures on a part that is seen but once. Feed it, then ask what they say.

    Those that no anchor finds are verified as it passes. One of which an anchor stands
    somewhere could only be verified from the start: it leaves the part undecided. So a
    part without any anchor is decided.

    Args:
        signatures: in force.
        targets: whose.
        facts: about the part, but for its size.
    """

    def __init__(
        self, signatures: Signatures, targets: Collection[int], facts: Facts
    ) -> None:
        self._signatures = signatures
        self._survey = Survey(signatures, targets)
        self._always = sorted(self._survey.always())
        about = replace(facts, size=NOWHERE)
        self._follower = signatures.matcher.follow(self._always, about)
        self._window = b""
        self._base = 0
        self._fresh = 0  # bytes of the window that were not looked at
        self._states: list[tuple[int, State]] = []

    def feed(self, chunk: bytes) -> None:
        """Take the next bytes."""
        self._survey.feed(chunk)
        if not self._follower.left:
            return
        # The last window is known only at the end, so each waits for a byte behind it.
        if self._fresh >= WINDOW and chunk:
            self._look(last=False)
        self._window += chunk
        self._fresh += len(chunk)

    def said(self) -> Said:
        """Return what the signatures say about the part, which has ended."""
        if self._follower.left:
            self._look(last=True)
        reasons = NONE
        rules: list[int] = []
        for index, state in sorted(self._states):
            rule, handler = self._signatures.meaning(index)
            if state is State.MATCHES and not handler:
                rules.append(rule)
            elif state is State.OUT_OF_STEPS:
                reasons |= Reason.TIME_LIMIT
            else:
                reasons |= Reason.MEMORY_LIMIT
        followed = set(self._always[: self._follower.taken])
        if self._survey.candidates() | set(self._always) != followed:
            reasons |= Reason.MEMORY_LIMIT
        return Said(tuple(rules), (), reasons)

    def _look(self, *, last: bool) -> None:
        self._states += self._follower.feed(self._window, self._base, last=last)
        kept = min(self._follower.margin, len(self._window))
        self._base += len(self._window) - kept
        self._window = self._window[len(self._window) - kept :]
        self._fresh = 0
