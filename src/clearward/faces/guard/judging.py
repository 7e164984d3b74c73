"""Hands files to the desk, each state of a file once at a time.

What is large, was clean before and has not changed is not scanned again: the store of
verdicts is asked about it, see docs/decisions/0025-guard.md.
"""

import asyncio
import os
import stat
from collections.abc import Callable
from dataclasses import dataclass
from time import monotonic
from typing import Protocol

from clearward.core.errors import ClearwardError
from clearward.core.exclusion import Excluded
from clearward.core.names import RuleName
from clearward.core.reasons import NONE, Reason
from clearward.core.verdict import Outcome
from clearward.faces.guard.memory import File, State, identify
from clearward.jail.broker import Entry, OpenFile, Unopened, admit
from clearward.jail.known import Known, Passed
from clearward.jail.listing import block_of, stamp

_WORTH = 64 << 10  # bytes; to ask takes 0.2 ms, to scan less than that 1 ms
_PATIENCE = 0.05  # seconds that the store may take


class Judgement(Protocol):
    """What is said of one object."""

    @property
    def outcome(self) -> Outcome:
        """Clean, found or unscanned."""

    @property
    def rules(self) -> tuple[RuleName, ...]:
        """What matched."""

    @property
    def reasons(self) -> Reason:
        """Why something was not looked at."""

    @property
    def excluded(self) -> tuple[Excluded, ...]:
        """What matched and is left out."""


class Desk(Protocol):
    """Takes objects in and gives each a judgement."""

    def submit(
        self, entry: Entry, tenant: str, done: Callable[[Judgement], None], /
    ) -> object:
        """Take an object in, and close it in every case.

        Raises:
            ClearwardError: too many wait.
        """


Trusts = Callable[[int, int | None], bool]
Knows = Callable[[], Known | None]


@dataclass(frozen=True, slots=True)
class Result:
    """What came of one file.

    Attributes:
        outcome: clean, found or unscanned.
        rules: that matched.
        reasons: why something was not looked at.
        size: bytes of the file.
        excluded: what matched and is left out.
    """

    outcome: Outcome
    rules: tuple[RuleName, ...] = ()
    reasons: Reason = NONE
    size: int = 0
    excluded: tuple[Excluded, ...] = ()

    @property
    def lasts(self) -> bool:
        """The next look at the same state of the file would give the same."""
        if self.excluded and self.outcome is not Outcome.FOUND:
            return False  # an exclusion ends
        return self.outcome is not Outcome.UNSCANNED or not self.reasons & ~_LASTING


Told = Callable[[Result], None]

# What does not pass by itself.
_LASTING = (
    Reason.ENCRYPTED
    | Reason.CORRUPT
    | Reason.TRUNCATED
    | Reason.SIZE_LIMIT
    | Reason.PARTS_LIMIT
    | Reason.DEPTH_LIMIT
    | Reason.UNSUPPORTED
)


class Judging:
    """Between events and the desk.

    Args:
        desk: judges.
        trusts: says of a device, and of something open on it, whether what is clean
            there may be remembered beyond this process; see `jail.mounts`.
        most_size: bytes of the largest file that is read, or None.
        knows: gives what was clean before under the rules in force, see `Desk.known`.

    Attributes:
        seconds: of waiting for the desk, all files together.
    """

    def __init__(
        self,
        desk: Desk,
        trusts: Trusts | None = None,
        most_size: int | None = None,
        knows: Knows = lambda: None,
    ) -> None:
        self.seconds = 0.0
        self._desk = desk
        self._trusts = trusts
        self._most_size = most_size
        self._knows = knows
        self._known: Known | None = None
        self._recalling: set[asyncio.Task[None]] = set()
        self._asked: dict[tuple[File, State], list[Told]] = {}

    def forget(self) -> None:
        """Other rules are in force, or nothing will be asked any more."""
        if self._known is not None:
            self._known.close()
            self._known = None

    def judge(self, file: int, path: bytes, told: Told, *, settled: bool) -> None:
        """Find out about an open file; its descriptor is closed in every case.

        Args:
            file: descriptor of an event.
            path: as people see it.
            told: is told once, perhaps before this returns.
            settled: a later change of the file would show in its status.
        """
        try:
            entry = admit(file, path, self._most_size)
        except OSError:  # its server is gone
            os.close(file)
            entry = Unopened(path, Reason.VANISHED)
        if isinstance(entry, OpenFile) and settled and self._trusts is not None:
            entry.steady = self._trusts(entry.status.st_dev, entry.descriptor)
        self._take(entry, told, self._store_for(entry))

    def judge_entry(self, entry: Entry, told: Told) -> None:
        """Have a file scanned that was opened by path; it is closed in every case."""
        self._take(entry, told, None)

    def _take(self, entry: Entry, told: Told, known: Known | None) -> None:
        if isinstance(entry, Unopened):
            told(Result(Outcome.UNSCANNED, (), entry.reason, entry.size))
            return
        key = identify(entry.status)
        if key in self._asked:
            entry.close()
            self._asked[key].append(told)
            return
        self._asked[key] = [told]
        if known is None:
            self._submit(entry, key)
            return
        task = asyncio.get_running_loop().create_task(self._recall(entry, key, known))
        self._recalling.add(task)
        task.add_done_callback(self._recalling.discard)

    def _submit(self, entry: OpenFile, key: tuple[File, State]) -> None:
        begun = monotonic()

        def done(judgement: Judgement) -> None:
            self.seconds += monotonic() - begun
            outcome, rules = judgement.outcome, judgement.rules
            reasons, excluded = judgement.reasons, judgement.excluded
            result = Result(outcome, rules, reasons, entry.size, excluded)
            self._tell(key, result)

        # A worker that was taken over by one user's file must not say what becomes of
        # another's: it could deny the superuser every program.
        tenant = f"uid:{entry.status.st_uid}"
        try:
            self._desk.submit(entry, tenant, done)
        except ClearwardError:  # too many wait; nobody can say more about it
            late = Result(Outcome.UNSCANNED, (), Reason.TIME_LIMIT, entry.size)
            self._tell(key, late)

    def _store_for(self, entry: Entry) -> Known | None:
        """Return what may know a file, if it is worth to ask.

        Only of a steady file its stamp says that it is as it was; see `jail.steady`.
        """
        if isinstance(entry, Unopened) or not entry.steady or entry.size < _WORTH:
            return None
        if self._known is None:
            self._known = self._knows()
        return self._known

    async def _recall(
        self, entry: OpenFile, key: tuple[File, State], known: Known
    ) -> None:
        """Tell what is known of a file; have it scanned if that is nothing."""
        mark, device = stamp(entry.status), entry.status.st_dev
        asked = asyncio.ensure_future(
            asyncio.to_thread(known.parts, device, (block_of(mark),))
        )
        await asyncio.wait((asked,), timeout=_PATIENCE)
        failed = not asked.done() or asked.exception() is not None
        parts = {} if failed else asked.result()
        asked.cancel()
        # What is known under other rules by now does not count.
        if mark not in parts or known is not self._known:
            self._submit(entry, key)
            return
        front, slash, name = entry.path.rpartition(b"/")
        known.tell(Passed(front + slash, [name], [mark], parts))
        changed = entry.close()
        outcome = Outcome.UNSCANNED if changed else Outcome.CLEAN
        self._tell(key, Result(outcome, (), changed, entry.size))

    def _tell(self, key: tuple[File, State], result: Result) -> None:
        for told in self._asked.pop(key):
            told(result)


def is_regular(file: int) -> bool:
    """Say whether an open file is a regular one that still has a name."""
    try:
        status = os.fstat(file)
    except OSError:
        return False
    return stat.S_ISREG(status.st_mode) and status.st_nlink > 0
