"""Scan one file and everything inside it."""

import errno
from collections.abc import Callable
from dataclasses import replace

from clearward.core.errors import ClearwardError, LimitReached
from clearward.core.limits import Limits
from clearward.core.reader import Reader
from clearward.core.reasons import Reason
from clearward.engine.budget import Budget
from clearward.engine.explain import Record
from clearward.engine.faults import Heavy
from clearward.engine.looker import Looker
from clearward.engine.memory import Memory
from clearward.engine.notes import Alone, Decided, Notes
from clearward.engine.result import Result
from clearward.engine.share import Numbered, Share, may_be_shared
from clearward.engine.walk import Walk
from clearward.formats.format import Format
from clearward.formats.identify import HEAD, identify
from clearward.formats.running.account import shared
from clearward.rules.ruleset import RuleSet
from clearward.rules.unloaded import Unloaded

# What reading a file that is open may answer; anything else is a medium at fault.
_UNREADABLE = {
    errno.EACCES: Reason.PERMISSION,
    errno.EPERM: Reason.PERMISSION,
    errno.EAGAIN: Reason.PERMISSION,
}


QUICK = HEAD  # bytes; smaller files are worth a quick look

# Matching a container costs about as much as scanning a third of its bytes in members.
MATCHED = 3


class Engine:
    """Scans one file after another with one set of rules.

    Args:
        rules: what to look for.
        limits: for each file.
        clock: seconds that only go forward.
        looker: makes what asks ClamAV's signatures, if there are any.
    """

    def __init__(
        self,
        rules: RuleSet,
        limits: Limits,
        clock: Callable[[], float],
        looker: Callable[[Notes], Looker] | None = None,
    ) -> None:
        self._rules = rules
        self._looker = looker
        self._limits = limits
        self._clock = clock
        self._memory = Memory()

    def is_plain(self, data: bytes) -> bool:
        """Say whether a file is clean and holds no other part, at a quick look.

        Most files are small, of no container format, and match nothing: for these the
        way through parts would cost more than the look itself.

        Args:
            data: the whole file, at most `QUICK` bytes.
        """
        reader = Reader.of(data)
        try:
            found, marked = self._rules.look(data)
        except Unloaded:  # the long way says so
            return False
        if found or identify(data, reader, marked=marked):
            return False
        return self._looker is None or self._match_nothing(self._looker, data, reader)

    @staticmethod
    def _match_nothing(
        ask: Callable[[Notes], Looker], data: bytes, reader: Reader
    ) -> bool:
        """Say whether signatures have nothing to tell about a file of no format."""
        result = Result()
        looker = ask(Notes(result, every=False, record=None))
        formats: list[Format] = []
        try:
            if not looker.trusts(reader):
                looker.look(data, reader, formats, ())
        except Exception:  # noqa: BLE001 - it is met again, and judged, on the long way
            return False
        return not formats and result == Result()

    def load(self, partition: int) -> bool:
        """Load YARA rules that a result asks for; False if there are no such.

        Raises:
            BadImage: they are not as they should be.
        """
        return self._rules.load(partition)

    def may_be_shared(self, file: Reader) -> bool:
        """Say whether several workers could look at the members of a file."""
        try:
            return may_be_shared(file)
        except OSError:
            return False  # met again on the way through it, and named

    def scan(
        self,
        file: Reader,
        *,
        every: bool = False,
        explain: bool = False,
        spent: float = 0.0,
    ) -> Result:
        """Return the result for one file.

        Args:
            file: the file's bytes.
            every: go on after the first match and collect every rule.
            explain: also record where rules matched and what was left unread.
            spent: seconds of its time limit that are gone already.
        """
        result = Result()
        budget = Budget(self._limits, self._clock, spent=spent)
        record = Record(result) if explain else None
        notes = Notes(result, every=every or explain, record=record)
        with shared():
            return self._look(file, budget, notes, result)

    def scan_share(self, file: Reader, which: Numbered) -> Result:
        """Return the result for some of the members of a file, and for the file itself.

        It is clean, or found, or says that it takes one worker to tell. What a file
        may use is shared as well, so that all shares together keep within the limits;
        the time is that of the file.

        Args:
            file: the file's bytes.
            which: which members.
        """
        result = Result()
        limits = self._limits
        size, parts = limits.scan_size // which.of, limits.parts // which.of
        limits = replace(limits, scan_size=size, parts=max(parts, 1))
        budget = Budget(limits, self._clock)
        notes = Notes(result, every=False, record=None, shares=True)
        try:
            # What signatures say about a file may be how it is opened, so all ask them.
            alone = file.size // MATCHED if self._looker is None else 0
            share = Share(which, alone)
            with shared(which.of):
                result = self._look(file, budget, notes, result, share)
        except Alone:
            return Result(whole=True)
        if not result.heavy and which.number:
            result.parts -= 1  # the file is counted once
        return result

    def _look(
        self,
        file: Reader,
        budget: Budget,
        notes: Notes,
        result: Result,
        share: Share | None = None,
    ) -> Result:
        looker = self._looker(notes) if self._looker is not None else None
        walk = Walk(
            self._rules,
            budget,
            notes,
            most_depth=self._limits.depth,
            looker=looker,
            share=share,
            memory=self._memory,
        )
        try:
            walk.part(file, b"", 0, 0)
        except LimitReached as limit:
            notes.gap(limit.reason)
        except ClearwardError:  # an image that was found unsound where it was asked
            notes.gap(Reason.CORRUPT)
        except MemoryError:
            notes.gap(Reason.MEMORY_LIMIT)
        except RecursionError:  # where it was met there may be no room to note it
            notes.gap(Reason.DEPTH_LIMIT)
        except OSError as error:
            notes.gap(_UNREADABLE.get(error.errno or 0, Reason.CORRUPT))
        except (Heavy, Unloaded) as missing:
            return _elsewhere(missing)
        except Decided:
            pass
        result.parts = budget.counted
        return result


def _elsewhere(missing: Heavy | Unloaded) -> Result:
    """Say what another worker must have to scan the file."""
    if isinstance(missing, Unloaded):
        return Result(unloaded=missing.partition)
    return Result(heavy=True)
