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
import os
import stat
from collections import deque
from collections.abc import Callable, Generator, Iterator
from concurrent.futures import Executor
from dataclasses import dataclass
from typing import Protocol

from typing_extensions import override

from clearward.core.reasons import Reason
from clearward.core.verdict import Outcome
from clearward.faces.clamd import commands, texts
from clearward.faces.clamd.commands import Command
from clearward.faces.clamd.gate import Gate, Turn
from clearward.faces.clamd.lines import Lines, why_not
from clearward.faces.clamd.settings import ClamdSettings
from clearward.jail.broker import Entry, OpenFile, Unopened
from clearward.jail.tree import Choice, Walk
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
    """

    gate: Gate
    threads: Executor
    settings: ClamdSettings
    lines: Lines


class _Walk(Walk):
    """A walk that leaves out what clamd's ExcludePath does.

    Args:
        settings: of the face.
        complain: is told of folders that cannot be walked.
    """

    def __init__(
        self, settings: ClamdSettings, complain: Callable[[bytes, str], None]
    ) -> None:
        super().__init__(Choice(most_size=settings.file_size), complain)
        self._settings = settings
        self.excludes = bool(settings.exclude)

    @override
    def is_excluded(self, path: bytes) -> bool:
        return self.excludes and self._settings.excludes(path)


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
        self._complaints: deque[bytes] = deque()  # the thread puts lines there
        self._tree = False
        self._entries = self._walked()
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
            self._means.threads.submit(self._entries.close)

    def resume(self) -> None:
        """Go on: the client has read what it was sent."""
        self._tell()

    def _walked(self) -> Generator[Entry]:
        """Yield every entry; runs in a thread."""
        try:
            status = os.stat(self._path)
        except OSError as error:
            if not self._means.settings.excludes(self._path):
                why = texts.path_failure(os.strerror(error.errno or 0))
                self._complaints.append(b"%b: %b" % (self._path, why))
                return
        else:
            self._tree = stat.S_ISDIR(status.st_mode)
        yield from _Walk(self._means.settings, self._complain).entries(self._path)

    def _complain(self, path: bytes, said: str) -> None:
        """Note a folder that cannot be walked; runs in the thread."""
        reason = said.rpartition(": ")[2]
        denied = "denied" in reason
        text = texts.DENIED if denied else texts.path_failure(reason)
        self._complaints.append(b"%b: %b" % (path, text))

    def _read(self) -> None:
        """Let a thread open the next files, if there is room for them."""
        room = AHEAD - len(self._files)
        if self._reading or self._ended or room < AHEAD // 2 or self._client.clogged:
            return
        self._reading = True
        self._asked = room
        loop = asyncio.get_running_loop()
        taken = loop.run_in_executor(self._means.threads, _take, self._entries, room)
        taken.add_done_callback(self._opened)

    def _opened(self, taken: "asyncio.Future[list[Entry]]") -> None:
        """Hand in what a thread has opened."""
        self._reading = False
        try:
            entries = taken.result()
        except (OSError, RuntimeError):  # no descriptors, or the end of the server
            entries = []
            self._ended = True
            self._complaints.append(b"%b: %b" % (self._path, texts.MEMORY))
        if len(entries) < self._asked:
            self._ended = True
        if self._over:
            _drop(entries)
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
        while self._complaints:
            self._say(self._complaints.popleft())
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
        if judgement.outcome is Outcome.CLEAN and self._tree:
            return
        if judgement.reasons & Reason.EXCLUDED and self._multi and self._tree:
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


def _take(entries: Iterator[Entry], count: int) -> list[Entry]:
    """Take the next entries; fewer than asked for only at the end."""
    taken: list[Entry] = []
    try:
        for entry in entries:
            taken.append(entry)
            if len(taken) >= count:
                break
    except OSError:
        _drop(taken)
        raise
    return taken


def _drop(entries: list[Entry]) -> None:
    for entry in entries:
        if isinstance(entry, OpenFile):
            entry.close()
