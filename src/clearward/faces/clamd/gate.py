"""Hands objects to the desk, and holds back what it has no room for at the moment.

A client is not refused because others were faster: it waits in line. The line is as
long as there are connections with an object each (`Gate.full` tells them when to send
no more), and who stands in it for too long is told that its time is over.
"""

import asyncio
from collections import deque
from collections.abc import Callable
from typing import Protocol

from clearward.core.reasons import Reason
from clearward.core.verdict import Outcome
from clearward.jail.broker import Entry, OpenFile
from clearward.service.desk import Cancellable
from clearward.service.judgement import Judgement

Done = Callable[[Judgement], None]

MOST_WAITING = 1024
PATIENCE = 120.0  # seconds
_AGAIN = 0.01  # seconds


class Desk(Protocol):
    """The part of the desk that is used here."""

    @property
    def has_room(self) -> bool:
        """One more object may wait."""

    def submit(
        self,
        entry: Entry,
        tenant: str,
        done: Done,
        seconds: float | None = None,
        *,
        every: bool = False,
    ) -> Cancellable:
        """Take an object in; raises `Busy` unless there is room."""


class Turn:
    """One object on its way to the desk and back."""

    __slots__ = ("_gate", "begun", "done", "entry", "every", "over", "tenant", "ticket")

    def __init__(
        self, gate: "Gate", entry: Entry, tenant: str, done: Done, *, every: bool
    ) -> None:
        self._gate = gate
        self.entry: Entry | None = entry
        self.tenant = tenant
        self.done = done
        self.every = every
        self.begun = 0.0
        self.ticket: Cancellable | None = None
        self.over = False

    def __call__(self, judgement: Judgement) -> None:
        """Take the answer of the desk."""
        if not self.over:
            self.over = True
            self.done(judgement)
        self._gate.step()

    def cancel(self) -> None:
        """Wait no more: `done` is not called; once is enough."""
        if self.over:
            return
        self.over = True
        if self.ticket is not None:
            self.ticket.cancel()
        else:
            self.drop()

    def drop(self) -> None:
        """Close the object, if it is still here."""
        entry, self.entry = self.entry, None
        if isinstance(entry, OpenFile):
            entry.close()


class Gate:
    """The way to the desk.

    Args:
        desk: where objects are judged.
    """

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._line: deque[Turn] = deque()
        self._timer: asyncio.TimerHandle | None = None

    @property
    def full(self) -> bool:
        """It is time to take no more from clients."""
        return len(self._line) >= MOST_WAITING

    def submit(
        self, entry: Entry, tenant: str, done: Done, *, every: bool = False
    ) -> Turn:
        """Take an object over; it is closed in every case.

        Args:
            entry: the object, or why it could not be opened.
            tenant: whose it is.
            done: is told what came of it, once, and not before this has returned.
            every: name every rule that matches.
        """
        turn = Turn(self, entry, tenant, done, every=every)
        if self._line or not self._hand(turn):
            turn.begun = asyncio.get_running_loop().time()
            self._line.append(turn)
            self._again()
        return turn

    def step(self) -> None:
        """Hand on what waits, as far as there is room."""
        while self._line:
            turn = self._line[0]
            if not turn.over and not self._hand(turn):
                return
            self._line.popleft()

    def close(self) -> None:
        """Hand on nothing more; what waits is dropped and gets no answer."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        while self._line:
            self._line.popleft().cancel()

    def _hand(self, turn: Turn) -> bool:
        """Give an object to the desk; False if that has to be tried again."""
        entry = turn.entry
        if entry is None:
            return True
        if not self._desk.has_room:
            return False
        turn.entry = None
        turn.ticket = self._desk.submit(entry, turn.tenant, turn, every=turn.every)
        return True

    def _again(self) -> None:
        if self._timer is None and self._line:
            loop = asyncio.get_running_loop()
            self._timer = loop.call_later(_AGAIN, self._tick)

    def _tick(self) -> None:
        """Look whether there is room, and who has waited for too long."""
        self._timer = None
        self.step()
        now = asyncio.get_running_loop().time()
        while self._line and now - self._line[0].begun > PATIENCE:
            turn = self._line.popleft()
            turn.drop()
            turn(Judgement(Outcome.UNSCANNED, (), Reason.TIME_LIMIT))
        self._again()
