"""The passwords of one archive, and the keys they make.

A key is some hundredths of a second's work, or more if the archive says so: each is
made once, and no more than `MOST_ROUNDS` are spent on an archive. The password that
opened one folder is tried first on the next; once `MOST_LOCKED` stayed locked nothing
more is tried.
"""

from collections.abc import Iterator

from clearward.formats.passwords import candidates
from clearward.formats.seven.lock import Lock

MOST_ROUNDS = 64 << 19  # 64 passwords with what 7-Zip writes
MOST_LOCKED = 4


class Keys:
    """What is known about the passwords of one archive."""

    __slots__ = ("_last", "_locked", "_made", "_rounds", "_tried")

    def __init__(self) -> None:
        self._last: list[bytes] = []
        self._locked = 0
        self._made: dict[tuple[int, bytes, bytes], bytes] = {}
        self._rounds = MOST_ROUNDS
        self._tried: tuple[bytes, ...] | None = None

    def passwords(self) -> Iterator[bytes]:
        """Yield what to try on a folder; whoever finds it to be right reads no further.

        What has opened a folder comes first on the next.
        """
        if self._locked >= MOST_LOCKED:
            return
        if self._tried is None:
            self._tried = candidates()
        for password in dict.fromkeys((*self._last, *self._tried)):
            self._last[:] = [password]
            yield password
        self._last.clear()
        self._locked += 1

    def key(self, lock: Lock, password: bytes) -> bytes | None:
        """Return the key that a password makes; None if that is too much work."""
        known = (lock.power, lock.salt, password)
        if known not in self._made:
            if lock.rounds > self._rounds:
                return None
            self._rounds -= lock.rounds
            self._made[known] = lock.key(password)
        return self._made[known]
