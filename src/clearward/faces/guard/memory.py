"""What the gate remembers of files, so that it need not ask again.

A file is known by its device and number, and its state by size and times. That is not
enough for every change: who has mapped a file for writing may change it without moving
its times, on a tmpfs always, elsewhere until the page was written to disk. So a clean
file is remembered only if nobody had it open for writing when it was looked at, and the
state was not brand-new: times move in steps. See docs/decisions/0025-guard.md.
"""

import fcntl
import os
from enum import IntEnum
from typing import NamedTuple

_SECOND = 1_000_000_000
_STEP = _SECOND // 10  # of times, in nanoseconds; the kernel's is 10 ms at most
_COARSE_STEP = 3 * _SECOND  # where times are whole seconds: of FAT two of them


class Known(IntEnum):
    """What is remembered of a file."""

    CLEAN = 0
    FOUND = 1
    UNSCANNED = 2


class File(NamedTuple):
    """Which file it is."""

    device: int
    number: int


class State(NamedTuple):
    """What moves when a file is changed: bytes, and nanoseconds since 1970 UTC."""

    size: int
    changed: int
    status_changed: int


def identify(status: os.stat_result) -> tuple[File, State]:
    """Say which file it is, and in which state."""
    return (
        File(status.st_dev, status.st_ino),
        State(status.st_size, status.st_mtime_ns, status.st_ctime_ns),
    )


def is_settled(file: int, state: State, now: int) -> bool:
    """Say whether a later change would show: nobody writes, and time has passed.

    A lease can only be had while nobody has the file open, or mapped, for writing. It
    is given back at once.

    Args:
        file: descriptor, open for reading.
        state: of the file.
        now: nanoseconds since 1970 UTC.

    Source: fcntl(2), F_SETLEASE.
    """
    step = _STEP if state.status_changed % _SECOND else _COARSE_STEP
    return now - state.status_changed > step and has_no_writer(file)


def has_no_writer(file: int) -> bool:
    """Say whether nobody has a file open for writing, or mapped."""
    try:
        fcntl.fcntl(file, fcntl.F_SETLEASE, fcntl.F_RDLCK)
        fcntl.fcntl(file, fcntl.F_SETLEASE, fcntl.F_UNLCK)
    except OSError:
        return False
    return True


class Memory:
    """The files that were judged last.

    Args:
        most: files; beyond that the one that was judged first is forgotten.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._known: dict[File, tuple[State, Known]] = {}

    def __len__(self) -> int:
        return len(self._known)

    def recall(self, file: File, state: State) -> Known | None:
        """Say what is known of a file in this state."""
        known = self._known.get(file)
        if known is None or known[0] != state:
            return None
        return known[1]

    def keep(self, file: File, state: State, known: Known) -> None:
        """Remember what was said of a file in this state."""
        self._known.pop(file, None)
        self._known[file] = state, known
        if len(self._known) > self._most:
            del self._known[next(iter(self._known))]

    def written(self, file: File) -> None:
        """Forget a file that somebody had open for writing."""
        self._known.pop(file, None)

    def forget(self) -> None:
        """Forget everything."""
        self._known.clear()
