"""The one budget of a file, shared by every part below it."""

from collections.abc import Callable
from typing import NamedTuple

from clearward.core.errors import LimitReached
from clearward.core.limits import MIB, Limits
from clearward.core.reasons import Reason

# A part may unpack to this much whatever its packed size; beyond it, at most to
# `RATIO` times the packed size. Source: zip and gzip reach 1,032, honest data does not.
RATIO_FREE = 256 * MIB
RATIO = 1000

# Bytes that may be held in buffers at one time, all nested parts together.
HELD = 128 * MIB


class Spent(NamedTuple):
    """What was used up: parts begun, parts met again, bytes unpacked."""

    parts: int
    repeated: int
    size: int


NOTHING = Spent(0, 0, 0)


class Budget:
    """Bytes, parts, seconds and buffers that one file may still use.

    Args:
        limits: what the person allowed.
        clock: seconds that only go forward.
        spent: seconds of the limit that are gone already.

    Attributes:
        parts: parts begun so far.
        repeated: parts of containers that were met again and not opened again.
    """

    __slots__ = (
        "_bytes",
        "_clock",
        "_held",
        "_most_parts",
        "deadline",
        "parts",
        "repeated",
    )

    def __init__(
        self, limits: Limits, clock: Callable[[], float], *, spent: float = 0.0
    ) -> None:
        self._bytes = limits.scan_size
        self._most_parts = limits.parts
        self._held = 0
        self._clock = clock
        self.deadline = clock() + limits.seconds - spent
        self.parts = 0
        self.repeated = 0

    def begin_part(self) -> None:
        """Count one more part.

        Raises:
            LimitReached: too many parts, or out of time.
        """
        if self.parts >= self._most_parts:
            raise LimitReached(Reason.PARTS_LIMIT)
        self.parts += 1
        self.check_time()

    @property
    def counted(self) -> int:
        """Parts as they are told: in the order of a scan or in any other the same."""
        return self.parts + self.repeated

    def spend(self, size: int) -> None:
        """Charge `size` unpacked bytes.

        Raises:
            LimitReached: too many bytes, or out of time.
        """
        self._bytes -= size
        if self._bytes < 0:
            raise LimitReached(Reason.SIZE_LIMIT)
        self.check_time()

    def spent(self, before: Spent = NOTHING) -> Spent:
        """Return what was used up so far, or after another time."""
        parts, repeated, size = before
        return Spent(self.parts - parts, self.repeated - repeated, -self._bytes - size)

    def spend_again(self, spent: Spent, *, met: bool) -> None:
        """Charge for parts that need not be looked at.

        Args:
            spent: what they took when they were.
            met: in this file, too: as for all that repeats, they are only counted.

        Raises:
            LimitReached: too many parts or bytes, or out of time.
        """
        if met:
            self.repeated += spent.parts + spent.repeated
            return
        if self.parts + spent.parts > self._most_parts:
            raise LimitReached(Reason.PARTS_LIMIT)
        self.parts += spent.parts
        self.repeated += spent.repeated
        self.spend(spent.size)

    def check_time(self) -> None:
        """Raise `LimitReached` once the time is up."""
        if self._clock() > self.deadline:
            raise LimitReached(Reason.TIME_LIMIT)

    def room(self) -> int:
        """Bytes that may still be held in buffers."""
        return max(HELD - self._held, 0)

    def hold(self, size: int) -> None:
        """Note that `size` bytes are held; give them back with a negative size."""
        self._held += size
