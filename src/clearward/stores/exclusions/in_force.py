"""What is excluded now, for processes that run for long: a change shows within 1 s."""

import os
import time
from collections.abc import Callable, Mapping

from clearward.stores.exclusions.exclusion import Exclusion
from clearward.stores.exclusions.file import Damaged, place, read

_SOON = 1.0  # seconds between two looks at the file
_GONE = (0, 0, 0, 0)
_NEVER = (-1, 0, 0, 0)

Stamp = tuple[int, int, int, int]


class InForce:
    """The exclusions of a home, read again when their file has changed.

    Args:
        home: the folder that holds everything kept.
        clock: seconds, monotonic.
        now: seconds since 1970 UTC.

    Attributes:
        damage: what is wrong with the file, in one line; empty if nothing is. Then
            nothing is excluded.
    """

    def __init__(
        self,
        home: str,
        clock: Callable[[], float] = time.monotonic,
        now: Callable[[], float] = time.time,
    ) -> None:
        self.damage = ""
        self._home = home
        self._clock = clock
        self._now = now
        self._complain: Callable[[str], object] = lambda _: None
        self._kept: tuple[Exclusion, ...] = ()
        self._stamp: Stamp = _NEVER
        self._looked = float("-inf")

    def tell(self, complain: Callable[[str], object]) -> None:
        """Have damage told, once each time, in one line; what there is now at once."""
        self.look()
        if self.damage:
            complain(self.damage)
        self._complain = complain

    def now(self) -> Mapping[str, int]:
        """Names and digests that are excluded now, with when that ends."""
        self.look()
        if not self._kept:
            return {}
        now = self._now()
        return {one.name: one.until for one in self._kept if one.holds(now)}

    def look(self) -> Stamp:
        """Read the file if it has changed, at most once a second.

        Returns:
            Another value after every change of the file.
        """
        clock = self._clock()
        if clock - self._looked < _SOON:
            return self._stamp
        self._looked = clock
        stamp = self._stamped()
        if stamp != self._stamp:
            self._stamp = stamp
            self._read()
        return stamp

    def _stamped(self) -> Stamp:
        try:
            status = os.lstat(place(self._home))
        except OSError:
            return _GONE
        # A new file is renamed into place, so it has another number as well.
        at = status.st_mtime_ns, status.st_ctime_ns
        return (status.st_ino, status.st_size, *at)

    def _read(self) -> None:
        try:
            self._kept = read(self._home)
            self.damage = ""
        except Damaged as error:
            self._kept = ()
            self.damage = str(error)
            self._complain(self.damage)
