"""Match a part too large to be held, front to back in one pass."""

from collections.abc import Callable, Iterable, Iterator
from typing import Protocol

from clearward.core.reader import Reader
from clearward.core.reasons import Reason
from clearward.engine.budget import Budget
from clearward.engine.notes import Notes
from clearward.rules.windows import Windows
from clearward.rules.yara import Hit

MOST_WAITING = 10_000  # matches that wait for an answer; then the first of each rule


class Asker(Protocol):
    """Asks signatures about one large part; see `engine.large_signatures`.

    Attributes:
        may_be_trusted: there are lists of what is allowed.
        kind: the type of the part.
    """

    may_be_trusted: bool
    kind: str

    def feed(self, chunk: bytes) -> None:
        """Take the next bytes."""

    def is_trusted(self) -> bool:
        """Say whether the part, and so all inside it, is trusted."""

    def look(self, check: Callable[[], None]) -> None:
        """Ask about the part; call `check` now and then."""


def match_large(
    content: Reader, windows: Windows, asker: Asker | None, notes: Notes, budget: Budget
) -> bool:
    """Match a part; return whether it is trusted, and so nothing of it is noted.

    Raises:
        LimitReached: out of time.
        Decided: a rule matched, and the first match is enough.
    """
    hits = _hits(content, windows, asker, notes, budget)
    if asker is None or not asker.may_be_trusted:
        notes.hits(hits)
    else:
        waiting = _waiting(hits)
        if asker.is_trusted():
            return True
        notes.hits(waiting)
    if windows.undecided:
        notes.gap(Reason.MEMORY_LIMIT)
    return False


def _hits(
    content: Reader, windows: Windows, asker: Asker | None, notes: Notes, budget: Budget
) -> Iterator[Hit]:
    size = 0
    for chunk in content.chunks():
        size += len(chunk)
        budget.check_time()
        if asker is not None:
            asker.feed(chunk)
        yield from windows.feed(chunk)
    if size < content.size:
        notes.gap(Reason.CHANGED)
    yield from windows.finish()


def _waiting(hits: Iterable[Hit]) -> list[Hit]:
    """Hold matches back; of very many, the first of each rule."""
    found: list[Hit] = []
    rules: set[int] = set()
    for hit in hits:
        if len(found) < MOST_WAITING or hit.rule not in rules:
            found.append(hit)
        rules.add(hit.rule)
    return found
