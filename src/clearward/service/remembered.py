"""Verdicts of clean files that are remembered, for walks that run in threads.

The store belongs to one thread, which is started here: walks ask it and wait, the event
loop tells it and goes on. When it has ended, nothing is known and nothing is kept.
"""

from collections.abc import Callable, Collection, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from typing import TypeVar

from clearward.jail.broker import OpenFile
from clearward.jail.known import Known, Passed
from clearward.jail.scanned import Scanned
from clearward.stores.verdicts.memory import VerdictMemory

_NOTHING: Mapping[bytes, int] = {}
T = TypeVar("T")


class Remembered:
    """What is remembered under the rules in force.

    Args:
        make: opens the store; it is called by the thread that it then belongs to.
    """

    def __init__(self, make: Callable[[], VerdictMemory]) -> None:
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="verdicts")
        self._memory = self._thread.submit(make)

    def for_walk(self, tell: Callable[[Passed], None]) -> Known:
        """Return what a walk in another thread passes files by with.

        Args:
            tell: called in that thread with what is passed by.
        """
        return Known(self, tell)

    def known(self, device: int, blocks: Collection[int]) -> Mapping[bytes, int]:
        """Return how many parts clean files had; see `jail.known.Store`."""
        asked = self._ask(lambda memory: memory.known(device, blocks))
        return _NOTHING if asked is None else asked.result()

    def learn(self, scanned: Scanned) -> None:
        """Remember a file if it is clean, and if a change would show."""
        entry, verdict = scanned.entry, scanned.verdict
        if scanned.may_be_remembered and isinstance(entry, OpenFile) and entry.steady:
            self._ask(lambda memory: memory.remember(entry.status, verdict.parts))

    def close(self) -> None:
        """Write what waits to be written, and end."""
        self._ask(lambda memory: memory.close())
        self._thread.shutdown()

    def _ask(self, what: Callable[[VerdictMemory], T]) -> "Future[T] | None":
        with suppress(RuntimeError):  # it has ended
            return self._thread.submit(lambda: what(self._memory.result()))
        return None
