"""Scan what a path leads to, and say of each file what clamd would.

    SCAN          stops at the first file in which something is found
    CONTSCAN      goes on; the first rule of each file
    ALLMATCHSCAN  every rule of a file; stops at the first such file
    MULTISCAN     goes on; answers come as they are ready, and what is excluded below
                  the path is not mentioned unless nothing else is

Files are opened by a thread, a few at a time and only as fast as they are judged and
the client reads. In a tree the clean ones have no line; if there is none at all, the
path itself is OK.
"""

import asyncio
from collections import deque
from collections.abc import Callable
from concurrent.futures import Executor
from dataclasses import dataclass
from typing import Protocol

from clearward.core.reasons import Reason
from clearward.core.verdict import Outcome
from clearward.faces.clamd import commands, texts
from clearward.faces.clamd.commands import Command
from clearward.faces.clamd.gate import Gate, Turn
from clearward.faces.clamd.lines import Lines, why_not
from clearward.faces.clamd.opening import Opening, drop
from clearward.faces.clamd.settings import ClamdSettings
from clearward.jail.broker import Entry, Unopened
from clearward.jail.known import Known
from clearward.service.judgement import Judgement

AHEAD = 16  # files of one command that are open at a time
MOST_EXCLUDED = 64  # that MULTISCAN keeps in mind


class Client(Protocol):
    """Who asked."""

    tenant: str

    @property
    def clogged(self) -> bool:
        """It reads more slowly than it is answered."""

    def say(self, line: bytes) -> None:
        """Send one answer."""

    def done(self) -> None:
        """There are no more of them."""


@dataclass(frozen=True, slots=True)
class Means:
    """What every scan of a path works with.

    Attributes:
        gate: the way to the desk.
        threads: open files.
        settings: of the face.
        lines: say what judgements come to.
        known: gives what a walk passes files by with that are known to be clean.
    """

    gate: Gate
    threads: Executor
    settings: ClamdSettings
    lines: Lines
    known: Callable[[], Known | None] = lambda: None


@dataclass(slots=True)
class _File:
    """One file that was handed in.

    Attributes:
        path: as the client sees it.
        turn: where it stands.
        judgement: what came of it, once it is known.
    """

    path: bytes
    turn: Turn | None = None
    judgement: Judgement | None = None


class PathScan:
    """One command.

    Args:
        means: what it works with.
        client: who asked.
        command: which of the four.
        path: raw.
    """

    def __init__(
        self, means: Means, client: Client, command: Command, path: bytes
    ) -> None:
        self._means = means
        self._client = client
        self._path = path
        self._multi = command is commands.MULTISCAN
        self._every = command is commands.ALLMATCHSCAN
        self._stops = command in (commands.SCAN, commands.ALLMATCHSCAN)
        self._opening = Opening(means.settings, path, means.known())
        self._files: deque[_File] = deque()
        self._excluded: list[bytes] = []
        self._said = False
        self._reading = False
        self._asked = 0
        self._ended = False  # there are no more entries
        self._over = False
        self._read()

    def cancel(self) -> None:
        """Look at nothing more; the client is told nothing more."""
        self._over = True
        for file in self._files:
            if file.turn is not None:
                file.turn.cancel()
        self._files.clear()
        if not self._reading and not self._ended:
            self._ended = True
            self._means.threads.submit(self._opening.close)

    def resume(self) -> None:
        """Go on: the client has read what it was sent."""
        self._tell()

    def _read(self) -> None:
        """Let a thread open the next files, if there is room for them."""
        room = AHEAD - len(self._files)
        if self._reading or self._ended or room < AHEAD // 2 or self._client.clogged:
            return
        self._reading = True
        self._asked = room
        loop = asyncio.get_running_loop()
        taken = loop.run_in_executor(self._means.threads, self._opening.take, room)
        taken.add_done_callback(self._opened)

    def _opened(self, taken: "asyncio.Future[list[Entry]]") -> None:
        """Hand in what a thread has opened."""
        self._reading = False
        try:
            entries = taken.result()
        except (OSError, RuntimeError):  # no descriptors, or the end of the server
            entries = []
            self._ended = True
            self._opening.complaints.append(b"%b: %b" % (self._path, texts.MEMORY))
        if len(entries) < self._asked:
            self._ended = True
        if self._over:
            drop(entries)
            self.cancel()
            return
        for entry in entries:
            self._hand_in(entry)
        self._tell()

    def _hand_in(self, entry: Entry) -> None:
        file = _File(entry.path)
        self._files.append(file)
        if isinstance(entry, Unopened):
            file.judgement = Judgement(Outcome.UNSCANNED, (), entry.reason, entry.size)
            return

        def done(judgement: Judgement) -> None:
            file.judgement = judgement
            self._tell()

        file.turn = self._means.gate.submit(
            entry, self._client.tenant, done, every=self._every
        )

    def _tell(self) -> None:
        """Say what is known, in order unless that does not matter."""
        while self._opening.complaints:
            self._say(self._opening.complaints.popleft())
        for file in self._ready():
            if self._over or self._client.clogged:
                return
            self._files.remove(file)
            self._say_of(file)
        if self._over:
            return
        if self._ended and not self._files:
            self._close()
        else:
            self._read()

    def _ready(self) -> list[_File]:
        known = []
        for file in self._files:
            if file.judgement is not None:
                known.append(file)
            elif not self._multi:
                break
        return known

    def _say_of(self, file: _File) -> None:
        judgement = file.judgement
        if judgement is None:
            return
        if judgement.outcome is Outcome.CLEAN and self._opening.tree:
            return
        if judgement.reasons & Reason.EXCLUDED and self._multi and self._opening.tree:
            if len(self._excluded) < MOST_EXCLUDED:
                self._excluded.append(file.path)
            return
        for line in self._means.lines.of(file.path, judgement):
            self._say(line)
        if judgement.outcome is Outcome.FOUND and self._stops:
            self._stop()

    def _say(self, line: bytes) -> None:
        if not self._over:
            self._said = True
            self._client.say(line)

    def _stop(self) -> None:
        """Something was found, and that is enough."""
        self.cancel()
        self._client.done()

    def _close(self) -> None:
        """Everything is known."""
        self._over = True
        if not self._said:
            left_out = [
                b"%b: %b" % (path, why_not(Reason.EXCLUDED)) for path in self._excluded
            ]
            for line in left_out or [b"%b: %b" % (self._path, texts.OK)]:
                self._client.say(line)
        self._client.done()
