"""The first look: what lies there already when the guard begins.

Where only the start of programs waits, a file that nobody starts or writes would never
be judged. So all that is guarded is looked at once, a few files at a time, and what is
found is denied from then on, to whoever opens it in whatever way.
"""

import asyncio
import os
from collections.abc import Callable, Iterator
from contextlib import suppress
from itertools import islice

from clearward.core.reasons import Reason
from clearward.core.verdict import Outcome
from clearward.faces.guard.judging import Judging, Result
from clearward.faces.guard.seen import Access, Seen, Side, Trouble, What
from clearward.jail.broker import Entry, OpenFile
from clearward.jail.known import Known
from clearward.jail.tree import Choice, Walk

Found = Callable[[int, Access, Result], None]

_BATCH = 32  # files opened at a time
_MOST = 8  # in the hands of the desk, so that openers need not wait for them
_PASSED_OVER = Reason.EXCLUDED | Reason.NOT_REGULAR | Reason.VANISHED | Reason.CHANGED


class FirstLook:
    """Looks at everything below some folders. Use it from the event loop's thread.

    Args:
        judging: finds out about files.
        choice: which files are looked at.
        known: what was clean before, and is passed by.
        tell: is told what is worth telling.
        found: is given a descriptor of what was found, which it must not close, where
            it was, and what came of it.

    Attributes:
        files: that were looked at.
    """

    def __init__(
        self,
        judging: Judging,
        choice: Choice,
        known: Callable[[], Known | None],
        tell: Callable[[Seen | Trouble], None],
        found: Found,
    ) -> None:
        self.files = 0
        self._judging = judging
        self._choice = choice
        self._known = known
        self._tell = tell
        self._found = found
        self._room = asyncio.Semaphore(_MOST)

    async def look(self, folders: list[bytes]) -> None:
        """Look at what lies below; return when all of it was handed in and judged."""
        self._loop = asyncio.get_running_loop()
        known = self._known()
        try:
            await self._walk(Walk(self._choice, self._complain, known), folders)
        finally:
            if known is not None:
                known.close()

    async def _walk(self, walk: Walk, folders: list[bytes]) -> None:
        for folder in folders:
            entries = walk.entries(folder)
            # Listing and opening may wait for a disk, which the loop must not.
            while batch := await asyncio.to_thread(_some, entries):
                await self._hand_in(batch)
        for _ in range(_MOST):
            await self._room.acquire()
        for _ in range(_MOST):
            self._room.release()

    async def _hand_in(self, batch: list[Entry]) -> None:
        waiting = iter(batch)
        try:
            for entry in waiting:
                await self._room.acquire()
                self._judge(entry)
        finally:
            for entry in waiting:  # it was cancelled
                if isinstance(entry, OpenFile):
                    entry.close()

    def _judge(self, entry: Entry) -> None:
        self.files += 1
        where = Access(entry.path, What.FIRST, 0, b"", -1)
        kept = -1
        if isinstance(entry, OpenFile):
            with suppress(OSError):
                kept = os.dup(entry.descriptor)

        def judged(result: Result) -> None:
            self._room.release()
            self._note(where, kept, result)
            if kept >= 0:
                os.close(kept)

        self._judging.judge_entry(entry, judged)

    def _note(self, where: Access, kept: int, result: Result) -> None:
        found = result.outcome is Outcome.FOUND
        worth = found or result.excluded or result.reasons & ~_PASSED_OVER
        if not worth:
            return
        if found and kept >= 0:
            self._found(kept, where, result)
        self._tell(
            Seen(
                where,
                result.outcome,
                Side.NONE,
                result.rules,
                result.reasons,
                result.size,
                excluded=result.excluded,
            )
        )

    def _complain(self, path: bytes, _said: str) -> None:
        """Take what the walk says, in another thread."""
        where = Access(path, What.FIRST, 0, b"", -1)
        refused = Result(Outcome.UNSCANNED, reasons=Reason.PERMISSION)
        self._loop.call_soon_threadsafe(self._note, where, -1, refused)


def _some(entries: Iterator[Entry]) -> list[Entry]:
    """Open the next few."""
    return list(islice(entries, _BATCH))
