"""What is told afterwards: files that were written, and every open where nobody waits.

The group of these events is its own: their queue is bounded, and what is in it can wait
until there is time. The kernel joins events of the same process and file meanwhile.
"""

import asyncio
import os
from collections.abc import Callable
from functools import partial
from time import monotonic

from clearward.core.reasons import Reason
from clearward.core.verdict import Outcome
from clearward.faces.guard.exclusion import Exclusion
from clearward.faces.guard.judging import Judging, Result, is_regular
from clearward.faces.guard.opener import access, opener, path_of
from clearward.faces.guard.seen import Access, Seen, Side, Trouble, What
from clearward.jail import fanotify
from clearward.jail.fanotify import EVENT_SIZE, Event

_MOMENT = 0.1  # seconds in which writes to a file become one event
_MOST = 64  # files in the hands of the desk, so that openers need not wait for them

# What became of a file that nobody waited for.
_PASSING = Reason.VANISHED | Reason.CHANGED | Reason.NOT_REGULAR


class Written:
    """Has files judged that nobody waits for. Use it from the event loop's thread.

    Args:
        judging: finds out about files.
        exclusion: whose doings are passed over.
        tell: is told what is worth telling.
        found: is given a descriptor of what was found, which it must not close, and who
            did what, and what came of it.
        spent: is told of every scan and its seconds.
    """

    def __init__(
        self,
        judging: Judging,
        exclusion: Exclusion,
        tell: Callable[[Seen | Trouble], None],
        found: Callable[[int, Access, Result], None],
        spent: Callable[[Access, float], None],
    ) -> None:
        self.files = 0
        self.overflows = 0
        self._judging = judging
        self._exclusion = exclusion
        self._tell = tell
        self._found = found
        self._spent = spent
        self._at_work = 0
        self._waits_for_room = False

    def start(self) -> None:
        """Begin; nothing is watched yet.

        Raises:
            Unavailable: a right, or this in the kernel, is missing.
        """
        self._loop = asyncio.get_running_loop()
        self._group = fanotify.telling_group()
        self._closed = False
        self._listen()

    def mark(self, place: int, how: fanotify.How, mask: int) -> None:
        """Watch the mount or file system of an open folder.

        Raises:
            OSError: this cannot be watched.
        """
        fanotify.mark(self._group, how, mask, place)

    def close(self) -> None:
        """Be told no more."""
        self._closed = True
        self._loop.remove_reader(self._group)
        os.close(self._group)

    def _listen(self) -> None:
        if not self._closed:
            self._loop.add_reader(self._group, self._wait)

    def _wait(self) -> None:
        self._loop.remove_reader(self._group)
        self._loop.call_later(_MOMENT, self._take)

    def _take(self) -> None:
        """Take as many as there is room for; go on when there is some again."""
        room = _MOST - self._at_work
        self._waits_for_room = room <= 0
        if self._closed or self._waits_for_room:
            return
        try:
            data = os.read(self._group, room * EVENT_SIZE)
        except BlockingIOError:
            self._listen()
            return
        for event in fanotify.events(data):
            self._look(event)
        self._loop.call_soon(self._take)

    def _look(self, event: Event) -> None:
        if event.mask & fanotify.OVERFLOW or event.file < 0:
            self.overflows += 1
            self._tell(
                Trouble("overflow", "files were written faster than they were taken")
            )
            return
        passed = not is_regular(event.file) or self._exclusion.covers(
            event.file, event.process
        )
        if passed:
            os.close(event.file)
            return
        self.files += 1
        self._at_work += 1
        who = access(path_of(event.file), What.of(event.mask), opener(event.process))
        kept = os.dup(event.file)
        told = partial(self._judged, who, kept, monotonic())
        self._judging.judge(event.file, who.path, told, settled=False)

    def _judged(self, who: Access, kept: int, begun: float, result: Result) -> None:
        self._at_work -= 1
        if self._waits_for_room:
            self._waits_for_room = False
            self._loop.call_soon(self._take)
        seconds = monotonic() - begun
        self._spent(who, seconds)
        outcome, reasons = result.outcome, result.reasons
        try:
            if outcome is Outcome.CLEAN and not result.excluded:
                return
            if outcome is Outcome.UNSCANNED and not reasons & ~_PASSING:
                return  # a later event tells of what it has become
            if outcome is Outcome.FOUND:
                self._found(kept, who, result)
            self._tell(
                Seen(
                    who,
                    outcome,
                    Side.NONE,
                    result.rules,
                    reasons,
                    result.size,
                    seconds,
                    result.excluded,
                )
            )
        finally:
            os.close(kept)
