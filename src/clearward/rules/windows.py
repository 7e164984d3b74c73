"""Match a part that is too large to hold, in windows that overlap.

Digests are exact whatever the size. A YARA condition is about the whole part, so what
a window says counts only as far as `condition.decide` has shown it to:

    ANY       true for the part exactly if it is true in some window
    POSITIVE  true in a window means true for the part; false means nothing
    SMALL     never true for a part this large
    OPEN      a window says nothing

If a POSITIVE or OPEN rule is in force and nothing was found, the part is undecided.
"""

import hashlib
from collections.abc import Iterator

from clearward.core.limits import OVERLAP, WINDOW
from clearward.rules.condition import Decision
from clearward.rules.hashes import DigestSet
from clearward.rules.yara import Hit, YaraRules


class Windows:
    """Matches one part. Feed it front to back, then finish.

    Args:
        digests: one set an algorithm.
        yara: compiled YARA rules, or None.

    Attributes:
        undecided: some rule could not be decided on this part.
    """

    def __init__(self, digests: tuple[DigestSet, ...], yara: YaraRules | None) -> None:
        self._running = [
            (known, hashlib.new(known.algorithm, usedforsecurity=False))
            for known in digests
        ]
        self._yara = yara
        self._window = bytearray()
        self._start = 0  # of the window, in the part
        self.undecided = yara is not None and yara.needs_whole

    def feed(self, chunk: bytes) -> Iterator[Hit]:
        """Take the next bytes; yield what they show to match."""
        for _, running in self._running:
            running.update(chunk)
        if self._yara is None:
            return
        self._window += chunk
        if len(self._window) >= WINDOW:
            yield from self._match()
            keep = len(self._window) - OVERLAP
            self._start += keep
            del self._window[:keep]

    def finish(self) -> Iterator[Hit]:
        """Yield what the last window and the digests show to match."""
        if self._window:
            yield from self._match()
        for known, running in self._running:
            number = known.find(running.digest())
            if number is not None:
                yield Hit(number, 0, self._start + len(self._window))

    def _match(self) -> Iterator[Hit]:
        assert self._yara is not None  # noqa: S101 - tells the type checker
        for hit in self._yara.explain(bytes(self._window)):
            decision = self._yara.decisions[hit.rule]
            # A match at the very start of a window was judged with the bytes before
            # it by the window before, and only that judgement counts.
            at_seam = self._start > 0 and hit.offset == 0
            if decision is Decision.POSITIVE or (
                decision is Decision.ANY and not at_seam
            ):
                yield Hit(hit.rule, self._start + hit.offset, hit.length, hit.string)
