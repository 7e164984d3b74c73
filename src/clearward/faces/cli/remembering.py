"""Pass by what is remembered as clean, and remember what is found clean."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from clearward.jail.broker import OpenFile
from clearward.jail.known import Known, Passed
from clearward.jail.scanned import Scanned
from clearward.stores.home import home
from clearward.stores.verdicts.memory import VerdictMemory
from clearward.stores.verdicts.period import Period
from clearward.stores.verdicts.place import Place


class Remembering:
    """Verdicts of this and of other scans.

    Args:
        memory: where they are kept.
        tell: called with what is passed by.

    Attributes:
        known: for the walk.
    """

    def __init__(self, memory: VerdictMemory, tell: Callable[[Passed], None]) -> None:
        self._memory = memory
        self.known = Known(memory, tell)

    def learn(self, scanned: Scanned) -> None:
        """Remember a file if it is clean, and if a change would show."""
        entry, verdict = scanned.entry, scanned.verdict
        if scanned.may_be_remembered and isinstance(entry, OpenFile) and entry.steady:
            self._memory.remember(entry.status, verdict.parts)


@contextmanager
def remembering(
    period: Period | None, space: bytes, tell: Callable[[Passed], None]
) -> Iterator[Remembering | None]:
    """Remember in the home until the block ends.

    Args:
        period: after which verdicts expire; None to neither read nor write any.
        space: digest of rules and settings.
        tell: called with what is passed by.
    """
    if period is None:
        yield None
        return
    memory = VerdictMemory(Place(home()), space, period)
    made = Remembering(memory, tell)
    try:
        yield made
    finally:
        memory.close()
        made.known.close()
