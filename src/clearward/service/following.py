"""Do something soon after one of some files was changed, replaced, made or removed.

What rules are in force is said by a link, and what is left out by a small file; both
are replaced by a rename. A look at them every quarter of a second costs less than what
a kernel's notices would: those need the folders to be there.
"""

import asyncio
import os
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Self

EVERY = 0.25  # seconds

_Seen = tuple[int, int, int, int]


class Following:
    """Watches files as long as its block lasts.

    What changes after this is made is told once the block is entered.

    Args:
        paths: of files and links; a link is watched, not what it leads to.
        changed: is called from the event loop, once for all that changed at a time.
        every: seconds between two looks.
    """

    def __init__(
        self,
        paths: Sequence[str],
        changed: Callable[[], object],
        every: float = EVERY,
    ) -> None:
        self._paths = paths
        self._changed = changed
        self._every = every
        self._before = self._look()

    async def __aenter__(self) -> Self:
        self._task = asyncio.create_task(self._follow())
        return self

    async def __aexit__(self, *_: object) -> None:
        self._task.cancel()
        with suppress(asyncio.CancelledError):
            await self._task

    async def _follow(self) -> None:
        while True:
            now = self._look()
            if now != self._before:
                self._before = now
                self._changed()
            await asyncio.sleep(self._every)

    def _look(self) -> list[_Seen | None]:
        return [_seen(path) for path in self._paths]


def _seen(path: str) -> _Seen | None:
    """Return what changes with a file; None if there is none."""
    try:
        status = os.lstat(path)
    except OSError:
        return None
    return status.st_dev, status.st_ino, status.st_mtime_ns, status.st_ctime_ns
