"""Memory that the gate, its standby and the daemon share.

What a gate has read and not answered must be known to who comes after it, also if it is
killed between two of its instructions. So the kernel writes events straight into this
memory, and whoever waits longer than a batch has a slot in it.

    offset  length  field
    0       8 each  numbers, see `Number`
    2048    1536    a batch of events as the kernel wrote it, ended by zeroes
    4096    1536    the other batch: they take turns
    8192    4096    slots: a descriptor's number plus one, or 0
"""

import mmap
import os
from collections.abc import Iterator
from enum import IntEnum
from time import monotonic_ns

from clearward.jail.fanotify import ASKING, EVENT_SIZE, events

SLOTS = 1024
_SIZE = 12288
_BATCH = 64 * EVENT_SIZE
_BATCHES = (2048, 4096)
_SLOTS = 8192
_ZEROES = bytes(_BATCH)


class Number(IntEnum):
    """Which number is where. The first two are times, monotonic, in nanoseconds."""

    GATE_BEAT = 0
    DAEMON_BEAT = 1
    ENDING = 2  # not 0: the gate ends on purpose, nobody is to follow
    LAST_ID = 3
    EVENTS = 4  # from here on: counts
    REMEMBERED = 5
    ASKED = 6
    EXCLUDED = 7
    DENIED = 8
    LATE = 9  # answered by the policy at their deadline
    UNASKED = 10  # answered by the policy at once: too many wait, or nobody answers
    FOLLOWED = 11  # gates that had to be followed by their standby


class Board:
    """The shared memory.

    Args:
        descriptor: from `new_board`.

    Attributes:
        numbers: see `Number`.
    """

    def __init__(self, descriptor: int) -> None:
        self._map = mmap.mmap(descriptor, _SIZE)
        self._view = memoryview(self._map)
        self.numbers = self._view[: _BATCHES[0]].cast("Q")
        self._batches = [self._view[start : start + _BATCH] for start in _BATCHES]
        self._slots = self._view[_SLOTS:].cast("i")
        self._turn = 0

    def beat(self, who: Number) -> None:
        """Say that the gate or the daemon is well."""
        self.numbers[who] = monotonic_ns()

    def silence(self, who: Number) -> float:
        """Seconds since the gate or the daemon was last well."""
        return (monotonic_ns() - self.numbers[who]) / 1e9

    def count(self, what: Number) -> None:
        """Add one to a count."""
        self.numbers[what] += 1

    def counts(self) -> dict[str, int]:
        """Every count by its name."""
        counted = list(Number)[Number.EVENTS :]
        return {number.name.lower(): self.numbers[number] for number in counted}

    def read(self, group: int) -> tuple[memoryview, bool]:
        """Take events, and say whether they are all there were.

        What was taken by the call before the last must have been answered by now, or
        stand in a slot.
        """
        self._turn ^= 1
        batch = self._batches[self._turn]
        batch[:] = _ZEROES
        try:
            size = os.readv(group, [batch])
        except BlockingIOError:
            size = 0
        return batch, size < _BATCH

    def keep(self, slot: int, file: int) -> None:
        """Note that somebody waits for an answer."""
        self._slots[slot] = file + 1

    def drop(self, slot: int) -> None:
        """Note that an answer was given."""
        self._slots[slot] = 0

    def outstanding(self) -> Iterator[int]:
        """Numbers of descriptors that may wait for an answer; then forget them."""
        for batch in self._batches:
            yield from [each.file for each in events(batch) if each.mask & ASKING]
            batch[:] = _ZEROES
        for slot, number in enumerate(self._slots):
            if number:
                yield number - 1
                self._slots[slot] = 0

    def close(self) -> None:
        """Let go of the memory."""
        for view in (self.numbers, self._slots, *self._batches, self._view):
            view.release()
        self._map.close()


def new_board() -> int:
    """Make the shared memory; return its descriptor.

    Raises:
        OSError: there is no memory.
    """
    descriptor = os.memfd_create("clearward-guard", os.MFD_CLOEXEC)
    os.truncate(descriptor, _SIZE)
    return descriptor
