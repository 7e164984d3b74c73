"""The daemon's side of guard: starts the gate, has files judged, answers.

Nobody waits for this process itself: the gate answers by the policy what is not
answered here in time. See `gate.py`.
"""

import asyncio
import errno
import os
import socket
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from time import monotonic

from clearward.core.errors import ClearwardError, Unavailable
from clearward.core.reasons import Reason
from clearward.core.verdict import Outcome
from clearward.faces.guard import protocol
from clearward.faces.guard.board import Board, Number, new_board
from clearward.faces.guard.judging import Judging, Result
from clearward.faces.guard.memory import Known, identify
from clearward.faces.guard.opener import Opener, access, opener, path_of
from clearward.faces.guard.protocol import MOST, Answer, Ask, Learn, Mark, Settings
from clearward.faces.guard.seen import Access, Seen, Side, Trouble, What
from clearward.faces.guard.starting import start_gate
from clearward.jail import fanotify

_BEAT = 0.2  # seconds
_START = 20.0  # seconds for the gate to say hello
_SETTLE = 1.0  # seconds
_FEW = 64  # messages at a time, then others have their turn

_KNOWN = {
    Outcome.CLEAN: Known.CLEAN,
    Outcome.FOUND: Known.FOUND,
    Outcome.UNSCANNED: Known.UNSCANNED,
}


@dataclass(slots=True)
class Question:
    """Something that the gate asked."""

    ask: Ask
    path: bytes
    begun: float
    by: Opener | None = None
    late: bool = False

    @property
    def access(self) -> Access:
        """Who did what to which file."""
        by = self.by or opener(self.ask.process)
        return access(self.path, What.of(self.ask.mask), by)

    @property
    def seconds(self) -> float:
        """Since it was asked."""
        return monotonic() - self.begun


class GateKeeping:
    """A gate, and the answers to its questions. Use it from the event loop's thread.

    Args:
        judging: finds out about files.
        settings: of the gate.
        tell: is told what is worth telling.
        spent: is told of every scan that somebody waited for, and its seconds.

    Attributes:
        process: number of the gate's process.
        board: shared with the gate.
        lost: is done when there is no gate any more, though nobody ended it.
    """

    board: Board
    lost: asyncio.Future[None]

    def __init__(
        self,
        judging: Judging,
        settings: Settings,
        tell: Callable[[Seen | Trouble], None],
        spent: Callable[[Access, float], None],
    ) -> None:
        self._judging = judging
        self._settings = settings
        self._tell = tell
        self._spent = spent
        self._asked: dict[int, Question] = {}
        self._marks: dict[int, asyncio.Future[int]] = {}
        self._trusted: set[int] = set()
        self.process = 0
        self._gates = 0
        self._ended = False

    async def start(self) -> None:
        """Start the gate; nothing is watched yet.

        Raises:
            Unavailable: a right, or this in the kernel, is missing.
        """
        self._loop = asyncio.get_running_loop()
        self._said_hello = self._loop.create_future()
        self.lost = self._loop.create_future()
        group = fanotify.asking_group()
        board = new_board()
        try:
            self.board = Board(board)
            self._beat()
            self._channel = start_gate(group, board, self._settings)
        finally:
            os.close(group)
            os.close(board)
        self._loop.add_reader(self._channel, self._hear)
        try:
            await asyncio.wait_for(self._said_hello, _START)
        except TimeoutError as error:
            raise Unavailable("guard could not be started: no gate") from error

    async def mark(self, place: int, how: int, mask: int, *, trusted: bool) -> int:
        """Watch the mount or file system of an open folder; return errno, or 0."""
        number = self._new_mark()
        if trusted:
            self._trusted.add(os.fstat(place).st_dev)
        if not self._send(Mark(number, how, mask, trusted), place):
            return errno.EPIPE
        try:
            return await asyncio.wait_for(self._marks[number], _START)
        except TimeoutError:  # a gate that ended has taken the message along
            return errno.ETIME

    async def settle(self) -> None:
        """Wait until the gate has done what it was told so far."""
        number = self._new_mark()
        if self._send(protocol.Ping(number)):
            await asyncio.wait((self._marks[number], self.lost), timeout=_SETTLE)

    def learn(self, file: int, known: Known) -> None:
        """Let the gate remember what was found unasked; `file` is its descriptor."""
        which, state = identify(os.fstat(file))
        self._send(Learn(known, which, state), file)

    def forget(self) -> None:
        """Let the gate forget every file: other rules are in force."""
        self._send(protocol.Forget())

    def close(self) -> None:
        """End the gate; everybody is let through."""
        self._ended = True
        self._send(protocol.End())
        self._loop.remove_reader(self._channel)
        self._channel.close()

    def _new_mark(self) -> int:
        number = len(self._marks) + 1
        self._marks[number] = self._loop.create_future()
        return number

    def _beat(self) -> None:
        if not self._ended:
            self.board.beat(Number.DAEMON_BEAT)
            self._loop.call_later(_BEAT, self._beat)

    def _hear(self) -> None:
        for _ in range(_FEW):
            try:
                data, files, _, _ = socket.recv_fds(self._channel, MOST, 1)
            except BlockingIOError:
                return
            except ConnectionError:
                data, files = b"", []
            if not data:
                self._lose()
                return
            self._take(protocol.decode(data), files)

    def _take(self, message: protocol.Message, files: list[int]) -> None:
        match message:
            case Ask():
                self._judge(message, files)
            case protocol.Late():
                self._note_late(message.number)
            case protocol.Marked():
                self._note_marked(message)
            case protocol.Hello():
                self._greet(message.process)
            case _:
                raise ClearwardError("a message that no gate sends")

    def _note_marked(self, marked: protocol.Marked) -> None:
        future = self._marks[marked.number]
        if not future.done():
            future.set_result(marked.error)

    def _judge(self, ask: Ask, files: list[int]) -> None:
        if not files:  # there was no descriptor left for it
            self._send(Answer(ask.number, Known.UNSCANNED, keep=False))
            return
        question = Question(ask, path_of(files[0]), monotonic())
        self._asked[ask.number] = question
        told = partial(self._judged, ask.number)
        self._judging.judge(files[0], question.path, told, settled=ask.settled)
        # A worker is at it by now; who asked still waits, so procfs knows it.
        question.by = opener(ask.process)

    def _judged(self, number: int, result: Result) -> None:
        outcome = result.outcome
        self._send(Answer(number, _KNOWN[outcome], result.lasts))
        question = self._asked.pop(number)
        seconds = question.seconds
        who = question.access
        self._spent(who, seconds)
        excluded = result.excluded
        if outcome is Outcome.CLEAN and not excluded:
            return
        side = Side.NONE if question.late else self._side(outcome)
        rules, reasons, size = result.rules, result.reasons, result.size
        self._tell(Seen(who, outcome, side, rules, reasons, size, seconds, excluded))

    def _side(self, outcome: Outcome) -> Side:
        if outcome is Outcome.CLEAN:
            return Side.ALLOW
        if outcome is Outcome.UNSCANNED and self._settings.allow_unscanned:
            return Side.ALLOW
        return Side.DENY

    def _note_late(self, number: int) -> None:
        """Tell that the policy has answered. What comes later can be remembered."""
        question = self._asked.get(number)
        if question is None:  # both answers were on their way
            return
        question.late = True
        side = Side.ALLOW if self._settings.allow else Side.DENY
        self._tell(
            Seen(
                question.access,
                Outcome.UNSCANNED,
                side,
                reasons=Reason.TIME_LIMIT,
                seconds=question.seconds,
            )
        )

    def _greet(self, process: int) -> None:
        """A gate has begun: the first one, or a standby in the place of another."""
        self.process = process
        self._gates += 1
        if self._gates == 1:
            self._said_hello.set_result(None)
            return
        for device in self._trusted:
            self._send(protocol.Trust(device))
        self._tell(
            Trouble("gate", "the gate had ended, and its standby has taken its place")
        )

    def _lose(self) -> None:
        """Gate and standby are gone, so nobody waits and nothing is watched."""
        self._loop.remove_reader(self._channel)
        if not self._ended and not self.lost.done():
            self._tell(Trouble("lost", "the gate and its standby were ended"))
            self.lost.set_result(None)

    def _send(self, message: protocol.Message, *files: int) -> bool:
        """Send without waiting; what does not fit any more meets its deadline."""
        with suppress(OSError):
            socket.send_fds(self._channel, [protocol.encode(message)], files)
            return True
        return False
