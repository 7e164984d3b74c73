"""Guard as a whole: what is watched, who is asked, and what it adds up to."""

import asyncio
import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from clearward.core.verdict import Outcome
from clearward.faces.guard import memory
from clearward.faces.guard.costs import Costs
from clearward.faces.guard.exclusion import Exclusion
from clearward.faces.guard.first_look import FirstLook
from clearward.faces.guard.judging import Desk, Judging, Knows, Result
from clearward.faces.guard.marks import Root, is_below, is_whole, mounts, watched
from clearward.faces.guard.places import Places
from clearward.faces.guard.protocol import Settings
from clearward.faces.guard.seen import Access, Seen, Trouble
from clearward.faces.guard.server import GateKeeping
from clearward.faces.guard.written import Written
from clearward.faces.text import shown
from clearward.jail import fanotify, tree
from clearward.jail.fanotify import How
from clearward.jail.mounts import Mounts

_PATIENCE = 10.0  # seconds that the first look may keep others waiting

Tell = Callable[[Seen | Trouble], None]
Isolate = Callable[[bytes, Result, os.stat_result], str]


@dataclass(frozen=True, slots=True)
class Choice:
    """What a person chose; see the options of `clearward guard`.

    Attributes:
        roots: the guarded paths.
        opens: every open waits, not only the start of programs.
        notify: nobody waits.
        containers: file systems are watched, not mounts.
        deadline: seconds.
        allow: what is answered at the deadline.
        allow_unscanned: what is answered for what could not be scanned.
        apart: folders of which nothing is judged: what guard keeps itself.
        programs: paths of programs that are excluded.
        users: numbers of users that are.
        patterns: of paths that are.
        most_size: bytes of the largest file that is read, or None.
        first: what lies there already is looked at.
    """

    roots: tuple[Root, ...]
    opens: bool = False
    notify: bool = False
    containers: bool = False
    deadline: float = 5.0
    allow: bool = True
    allow_unscanned: bool = True
    apart: tuple[str, ...] = ()
    programs: tuple[str, ...] = ()
    users: tuple[int, ...] = ()
    patterns: tuple[str, ...] = ()
    most_size: int | None = None
    first: bool = True

    @property
    def how(self) -> How:
        """What marks are put on."""
        return How.ADD | (How.FILE_SYSTEM if self.containers else How.MOUNT)

    @property
    def asked(self) -> int:
        """Kinds of events for the gate: what waits, and what it must then forget."""
        opens = fanotify.OPEN_PERM if self.opens else 0
        return fanotify.OPEN_EXEC_PERM | fanotify.CLOSE_WRITE | opens

    @property
    def told(self) -> int:
        """Kinds of events that are told afterwards."""
        seen = fanotify.OPEN if self.opens else fanotify.OPEN_EXEC
        return fanotify.CLOSE_WRITE | (seen if self.notify else 0)

    def settings(self) -> Settings:
        """What the gate has to know."""
        everything = self.containers or is_whole(self.roots, mounts())
        roots = () if everything else tuple(os.fsdecode(r.path) for r in self.roots)
        return Settings(
            os.getpid(),
            os.path.realpath(sys.executable),
            self.deadline,
            self.allow,
            self.allow_unscanned,
            roots,
            self.apart,
            self.programs,
            self.users,
            self.patterns,
        )


class Guard:
    """Watches, has files judged, and answers. Use it from the event loop's thread.

    Args:
        choice: what a person chose.
        desk: judges files.
        tell: is told what is worth telling.
        known: what was clean before, see `Desk.known`.
        isolate: moves what was written and found into quarantine: given its path, what
            came of it, and its status; says what is wrong, or nothing. It is called in
            another thread.
    """

    def __init__(
        self,
        choice: Choice,
        desk: Desk,
        tell: Tell,
        known: Knows = lambda: None,
        isolate: Isolate | None = None,
    ) -> None:
        settings = choice.settings()
        self._choice = choice
        self._tell_outside = tell
        self._isolate = isolate
        self._files = Costs()
        self._programs = Costs()
        self._outcomes = dict.fromkeys(Outcome, 0)
        self._left_out = 0
        most = choice.most_size
        self._mounts = Mounts()
        judging = Judging(desk, self._mounts.trusts, most, known)
        self._judging = judging
        self._gate: GateKeeping | None = None
        if not choice.notify:
            self._gate = GateKeeping(judging, settings, self._tell, self._spent)
        self._written = Written(
            judging, Exclusion(settings), self._tell, self._found_written, self._spent
        )
        self._places = Places(choice.roots, self._watch, self._tell)
        left_out = (*choice.patterns, *(f"{path}/**" for path in choice.apart))
        walk = tree.Choice(left_out, one_file_system=True, most_size=most)
        self._first = FirstLook(judging, walk, known, self._tell, self._learn)
        self._moving: set[asyncio.Task[str]] = set()
        self._looking: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Watch.

        Raises:
            Refused: a path cannot be watched.
            Unavailable: a right, or this in the kernel, is missing.
        """
        if self._gate is not None:
            await self._gate.start()
        try:
            self._written.start()
            await self._places.start()
            await self._look_first()
        except BaseException:
            if self._gate is not None:
                self._gate.close()
            raise

    @property
    def gate_process(self) -> int:
        """The number of the gate's process; 0 if there is none."""
        return self._gate.process if self._gate is not None else 0

    async def lost(self) -> None:
        """Return once nothing is watched any more, though nobody wanted that."""
        if self._gate is None:
            await asyncio.Event().wait()
        else:
            await self._gate.lost

    def forget(self) -> None:
        """Other rules are in force."""
        self._judging.forget()
        if self._gate is not None:
            self._gate.forget()

    def close(self) -> None:
        """Watch no more; everybody who waits is let through."""
        if self._looking is not None:
            self._looking.cancel()
        self._places.close()
        self._judging.forget()
        self._mounts.close()
        self._written.close()
        if self._gate is not None:
            self._gate.close()

    def summary(self, top: int = 10) -> dict[str, Any]:
        """Counts, and what cost most."""
        counts = self._gate.board.counts() if self._gate is not None else {}
        return {
            **counts,
            "first": self._first.files,
            "written": self._written.files,
            "overflows": self._written.overflows,
            "found": self._outcomes[Outcome.FOUND],
            "unscanned": self._outcomes[Outcome.UNSCANNED],
            "left_out": self._left_out,
            "top_files": _table(self._files, top),
            "top_programs": _table(self._programs, top),
        }

    async def _look_first(self) -> None:
        """Begin the first look; a small tree is done before anybody is told so."""
        if not self._choice.first:
            return
        places = {each.path for each in self._choice.roots}
        places |= {
            mount.place
            for mount in watched(self._choice.roots, mounts())
            if any(is_below(mount.place, path) for path in places)
        }
        looking = asyncio.create_task(self._first.look(sorted(places)))
        self._looking = looking
        looking.add_done_callback(self._note_end)
        await asyncio.wait((looking,), timeout=_PATIENCE)
        if self._gate is not None:
            await self._gate.settle()

    def _note_end(self, looking: asyncio.Task[None]) -> None:
        """Tell if the first look could not be ended."""
        if not looking.cancelled() and looking.exception() is not None:
            self._tell(Trouble("first", f"the first look ended: {looking.exception()}"))

    async def _watch(self, place: int, trusted: bool) -> str:  # noqa: FBT001 - `Watch`
        """Put the marks of both groups on one mount; say what is wrong."""
        try:
            self._written.mark(place, self._choice.how, self._choice.told)
        except OSError as error:
            return error.strerror or "?"
        if self._gate is None:
            return ""
        error_number = await self._gate.mark(
            place, self._choice.how, self._choice.asked, trusted=trusted
        )
        return os.strerror(error_number) if error_number else ""

    def _tell(self, said: Seen | Trouble) -> None:
        if isinstance(said, Seen):
            self._outcomes[said.outcome] += 1
            self._left_out += bool(said.excluded)
        self._tell_outside(said)

    def _spent(self, access: Access, seconds: float) -> None:
        self._files.add(access.path, seconds)
        self._programs.add(access.program, seconds)

    def _learn(self, file: int, _access: Access, _result: Result) -> None:
        """Let what was found be denied, though nobody has asked."""
        if self._gate is not None:
            self._gate.learn(file, memory.Known.FOUND)

    def _found_written(self, file: int, access: Access, result: Result) -> None:
        self._learn(file, access, result)
        if self._isolate is None:
            return
        moving = asyncio.create_task(
            asyncio.to_thread(self._isolate, access.path, result, os.fstat(file))
        )
        self._moving.add(moving)
        moving.add_done_callback(partial(self._moved, access.path))

    def _moved(self, path: bytes, moving: asyncio.Task[str]) -> None:
        self._moving.discard(moving)
        said = "" if moving.cancelled() else str(moving.exception() or moving.result())
        if said:
            self._tell(Trouble("quarantine", f"{shown(path)}: not moved: {said}"))


def _table(costs: Costs, top: int) -> list[dict[str, Any]]:
    return [
        {"path": shown(path), "scans": cost.scans, "seconds": round(cost.seconds, 3)}
        for path, cost in costs.top(top)
    ]
