"""Scan one file and everything inside it."""

import errno
from collections.abc import Callable

from clearward.core.errors import ClearwardError, LimitReached
from clearward.core.limits import Limits
from clearward.core.reader import Reader
from clearward.core.reasons import Reason
from clearward.engine.budget import Budget
from clearward.engine.explain import Record
from clearward.engine.faults import Heavy
from clearward.engine.looker import Looker
from clearward.engine.notes import Decided, Notes
from clearward.engine.result import Result
from clearward.engine.walk import Walk
from clearward.formats.identify import HEAD, identify
from clearward.rules.ruleset import RuleSet
from clearward.rules.unloaded import Unloaded

# What reading a file that is open may answer; anything else is a medium at fault.
_UNREADABLE = {
    errno.EACCES: Reason.PERMISSION,
    errno.EPERM: Reason.PERMISSION,
    errno.EAGAIN: Reason.PERMISSION,
}


QUICK = HEAD  # bytes; smaller files are worth a quick look


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

    def is_plain(self, data: bytes) -> bool:
        """Say whether a file is clean and holds no other part, at a quick look.

        Most files are small, of no container format, and match nothing: for these the
        way through parts would cost more than the look itself.

        Args:
            data: the whole file, at most `QUICK` bytes.
        """
        if self._looker is not None:
            return False
        try:
            found, marked = self._rules.look(data)
        except Unloaded:  # the long way says so
            return False
        return not found and not identify(data, Reader.of(data), marked=marked)

    def load(self, partition: int) -> bool:
        """Load YARA rules that a result asks for; False if there are no such.

        Raises:
            BadImage: they are not as they should be.
        """
        return self._rules.load(partition)

    def scan(
        self, file: Reader, *, every: bool = False, explain: bool = False
    ) -> Result:
        """Return the result for one file.

        Args:
            file: the file's bytes.
            every: go on after the first match and collect every rule.
            explain: also record where rules matched and what was left unread.
        """
        result = Result()
        budget = Budget(self._limits, self._clock)
        record = Record(result) if explain else None
        notes = Notes(result, every=every or explain, record=record)
        looker = self._looker(notes) if self._looker is not None else None
        walk = Walk(
            self._rules, budget, notes, most_depth=self._limits.depth, looker=looker
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
        result.parts = budget.parts
        return result


def _elsewhere(missing: Heavy | Unloaded) -> Result:
    """Say what another worker must have to scan the file."""
    if isinstance(missing, Unloaded):
        return Result(unloaded=missing.partition)
    return Result(heavy=True)
