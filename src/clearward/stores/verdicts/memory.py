"""Verdicts that are remembered: what is known, what is new, and when it is written.

See the page of this package for how it is used.
"""

import os
import time
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field

from clearward.jail.listing import BLOCK_BITS, block_of, stamp
from clearward.stores.verdicts.block import MOST_PARTS, Slot
from clearward.stores.verdicts.period import Period
from clearward.stores.verdicts.place import Place
from clearward.stores.verdicts.store import Store

EVERY = 4096  # files after which `remember` writes
OFTEN = 5.0  # seconds after which it does so in any case
MOST_WAITING = 100_000  # files that are kept while others are at the store
_MOST_HELD = 200_000  # files that are kept as they were read, some 150 bytes each
_FRESH = 600.0  # seconds for which they are
_OFTEN_ENOUGH = 1.0  # seconds after which others may have forgotten something
_LAST_PATIENCE = 2.0  # seconds, when it is closed

At = tuple[int, int]  # a device and the number of a block


@dataclass(slots=True)
class Held:
    """What was read of one device.

    Attributes:
        blocks: numbers of the blocks.
        parts: how many parts files had that are clean, by their stamps.
    """

    blocks: set[int] = field(default_factory=set)
    parts: dict[bytes, int] = field(default_factory=dict)


class VerdictMemory:
    """What was clean.

    Args:
        place: where it is kept; None for memory alone.
        space: digest of rules and settings.
        period: after which it is forgotten.
        now: seconds since 1970.
        every: files after which `remember` writes; 0 if only `flush` does.
    """

    def __init__(
        self,
        place: Place | None,
        space: bytes,
        period: Period | None = None,
        *,
        now: Callable[[], float] = time.time,
        every: int = EVERY,
    ) -> None:
        self._period = period or Period()
        self._now = now
        self._every = every
        self._store = None if place is None else Store(place, space)
        self._held: dict[int, Held] = {}  # by device
        self._held_count = 0
        self._held_since = self._looked = now()
        self._waiting: dict[At, dict[bytes, Slot]] = {}  # by inode
        self._count = 0  # of what waits
        self._since = 0.0
        self._process = os.getpid()

    def known(self, device: int, blocks: Collection[int]) -> Mapping[bytes, int]:
        """Return how many parts files had that are clean, by their stamps.

        Args:
            device: on which they are.
            blocks: numbers of blocks of inodes; others may be in the answer as well.
        """
        self._freshen(_OFTEN_ENOUGH)
        held = self._held.get(device)
        if held is None:
            held = self._held[device] = Held()
        if not held.blocks.issuperset(blocks):
            for block in blocks:
                if block not in held.blocks:
                    self._load(held, device, block)
        return held.parts

    def knows(self, status: os.stat_result) -> int | None:
        """Return how many parts a file had, if it is clean and has not changed."""
        now = stamp(status)
        return self.known(status.st_dev, (block_of(now),)).get(now)

    def remember(self, status: os.stat_result, parts: int) -> None:
        """Remember a clean file.

        Args:
            status: as it was when it was opened; nothing has changed since.
            parts: files and members that were looked at.
        """
        self._freshen(0.0)
        now = stamp(status)
        at = status.st_dev, status.st_ino >> BLOCK_BITS
        parts = min(parts, MOST_PARTS)
        slot = now, int(self._now()) + self._period.choose(), parts
        if not self._count:
            self._since = time.monotonic()
        self._waiting.setdefault(at, {})[now[:8]] = slot
        self._count += 1
        held = self._held.get(status.st_dev)
        if held is None:
            held = self._held[status.st_dev] = Held()
        held.parts[now] = parts
        self._held_count += 1
        if self._every and (
            self._count >= self._every or time.monotonic() - self._since > OFTEN
        ):
            self.flush()

    def flush(self, patience: float = 0.05) -> None:
        """Write what waits; what others are in the way of goes on waiting.

        Args:
            patience: seconds to wait for others.
        """
        if self._store is None or not self._waiting:
            return
        now = int(self._now())
        done = self._store.add(self._waiting, now, self._trim, patience)
        if done or self._count > MOST_WAITING:
            self._waiting = {}
            self._count = 0
        self._since = time.monotonic()

    def forget(self) -> None:
        """Forget everything, of other rules and settings as well.

        Raises:
            Unavailable: it cannot be removed.
        """
        self._waiting, self._count = {}, 0
        self._held = {}
        if self._store is not None:
            self._store.forget()

    def close(self) -> None:
        """Write what waits, and let go of the store."""
        self.flush(_LAST_PATIENCE)
        if self._store is not None:
            self._store.close()

    def _freshen(self, often: float) -> None:
        """Forget what was read long ago, or by the process this one was forked from.

        What others have told to forget goes, too, together with what waits. What was
        handed out stays as it is, so that who has it can finish.

        Args:
            often: seconds between two looks at whether others have.
        """
        now = self._now()
        process = os.getpid()
        if process != self._process:
            self._process = process
            self._waiting, self._count = {}, 0
            self._held = {}
        elif self._store is None:
            return
        elif not 0 <= now - self._looked < often and self._is_forgotten(now):
            self._waiting, self._count = {}, 0
            self._held, self._held_count = {}, 0
        elif not 0 <= now - self._held_since <= _FRESH or self._held_count > _MOST_HELD:
            self._held = {}
            self._held_count = 0
            self._held_since = now

    def _is_forgotten(self, now: float) -> bool:
        self._looked = now
        return self._store is not None and self._store.is_forgotten()

    def _load(self, held: Held, device: int, block: int) -> None:
        """Read a block; what waits to be written belongs to it as well."""
        slots = None if self._store is None else self._store.read(device, block)
        if slots is not None:
            held.blocks.add(block)
            now = int(self._now())
            end = now + self._period.longest
            # As in `_trim`, without a list for every block that is read.
            held.parts.update(
                {mark: parts for mark, expiry, parts in slots if now < expiry <= end}
            )
            self._held_count += len(slots)

    def _trim(self, slots: Iterable[Slot], now: int) -> list[Slot]:
        """Return what has not expired, and what does not claim to hold for too long."""
        end = now + self._period.longest
        return [slot for slot in slots if now < slot[1] <= end]
