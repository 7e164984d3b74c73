"""What is said to each event: at once where that can be known, else after a question.

A process waits for every line of this. So what was remembered costs one look at the
file's state, and nothing here opens a file, waits, or writes to a disk.
"""

import os
import stat
from collections.abc import Callable
from dataclasses import dataclass
from time import monotonic, time_ns

from clearward.faces.guard.board import SLOTS, Board, Number
from clearward.faces.guard.exclusion import Exclusion
from clearward.faces.guard.memory import (
    File,
    Known,
    Memory,
    State,
    has_no_writer,
    identify,
    is_settled,
)
from clearward.faces.guard.protocol import Answer, Ask, Learn, Settings
from clearward.jail import fanotify
from clearward.jail.fanotify import ALLOW, ASKING, CLOSE_WRITE, DENY, Event, How


@dataclass(slots=True)
class Held:
    """A remembered file whose times are not to be trusted.

    It may have been changed and closed just now, and that may stand behind it in the
    queue: so its opener is let in after a look at the rest of the queue.
    """

    event: Event
    which: File
    state: State


@dataclass(slots=True)
class Waiting:
    """An event that the daemon was asked about."""

    file: int
    which: File
    state: State
    settled: bool
    slot: int
    due: float


class Keeper:
    """Answers events.

    Args:
        group: descriptor of the fanotify group.
        board: shared memory.
        settings: what was chosen.
        ask: sends a question and a descriptor to the daemon; False if it cannot.

    Attributes:
        unheard: nobody answers questions, so none are asked.
        alone: the daemon has ended.
        trusted: devices of file systems whose times move with every change.
    """

    def __init__(
        self,
        group: int,
        board: Board,
        settings: Settings,
        ask: Callable[[Ask, int], bool],
    ) -> None:
        self.unheard = False
        self.alone = False
        self.trusted: set[int] = set()
        self._group = group
        self._board = board
        self._ask = ask
        self._deadline = settings.deadline
        self._policy = ALLOW if settings.allow else DENY
        self._said = {
            Known.CLEAN: ALLOW,
            Known.FOUND: DENY,
            Known.UNSCANNED: ALLOW if settings.allow_unscanned else DENY,
        }
        self._exclusion = Exclusion(settings)
        self._remembered = settings.remembered
        self._begin()

    def begin_again(self) -> None:
        """Start in the place of another gate: answer by the policy what it left."""
        for file in self._board.outstanding():
            fanotify.answer(self._group, file, self._policy)
        self._begin()

    def forget(self) -> None:
        """Forget every file, also what is being judged: other rules are in force."""
        self._memory.forget()
        for waiting in (*self._waiting.values(), *self._late.values()):
            waiting.settled = False

    def take(self) -> None:
        """Take a batch of events, and answer those that can be answered at once."""
        held: list[Held] = []
        while True:
            batch, drained = self._board.read(self._group)
            events = list(fanotify.events(batch))
            # Who was seen to have written is forgotten before anybody is let in.
            for event in events:
                if event.mask & CLOSE_WRITE:
                    self._written(event.file)
            for each in held:
                self._let_in(each, drained=drained)
            held = []
            for event in events:
                if event.mask & ASKING:
                    self._board.count(Number.EVENTS)
                    self._decide(event, held)
            if not held:
                return

    def answered(self, answer: Answer) -> None:
        """Take an answer of the daemon."""
        waiting = self._waiting.pop(answer.number, None)
        if waiting is not None:
            self._say(waiting.file, self._said[answer.known])
            self._let_go(waiting)
        else:
            waiting = self._late.pop(answer.number, None)
        if waiting is None:
            return
        if answer.keep and (waiting.settled or answer.known is Known.FOUND):
            self._memory.keep(waiting.which, waiting.state, answer.known)
        if answer.known is Known.FOUND:
            self._watch(waiting.file)
        os.close(waiting.file)

    def learned(self, learn: Learn, file: int) -> None:
        """Remember what the daemon found unasked; let its opens be asked about."""
        self._memory.keep(learn.file, learn.state, learn.known)
        self._watch(file)

    def late(self) -> list[int]:
        """Answer by the policy what has waited too long; return the questions."""
        now = monotonic()
        numbers = []
        for number, waiting in self._waiting.items():
            if waiting.due > now:
                break
            numbers.append(number)
        for number in numbers:
            waiting = self._waiting.pop(number)
            self._say(waiting.file, self._policy)
            self._let_go(waiting)
            self._board.count(Number.LATE)
            # The answer may still come, and be worth remembering.
            self._late[number] = waiting
            if len(self._late) > SLOTS:
                os.close(self._late.pop(next(iter(self._late))).file)
        return numbers

    def next_due(self) -> float | None:
        """When `late` has something to do, in monotonic seconds."""
        for waiting in self._waiting.values():
            return waiting.due
        return None

    def release(self) -> None:
        """Answer by the policy everything that waits."""
        for waiting in self._waiting.values():
            self._say(waiting.file, self._policy)
            self._let_go(waiting)
            os.close(waiting.file)
        self._waiting.clear()

    def _begin(self) -> None:
        self._memory = Memory(self._remembered)
        self._waiting: dict[int, Waiting] = {}  # in the order of their deadlines
        self._late: dict[int, Waiting] = {}
        self._free = list(range(SLOTS))

    def _decide(self, event: Event, held: list[Held]) -> None:
        """Answer an event, ask about it, or hold it until the queue was looked at."""
        try:
            status = os.fstat(event.file)
        except OSError:  # a server is gone
            self._end(event, self._policy)
            return
        if not (stat.S_ISREG(status.st_mode) and status.st_size):
            self._end(event, ALLOW)
            return
        which, state = identify(status)
        known = self._memory.recall(which, state)
        if known is Known.CLEAN and which.device not in self.trusted:
            if has_no_writer(event.file):
                held.append(Held(event, which, state))
                return
            known = None
        if known is None:
            self._inquire(event, which, state)
            return
        self._board.count(Number.REMEMBERED)
        said = self._said[known]
        if said == DENY and self._exclusion.covers(event.file, event.process):
            said = ALLOW
        self._end(event, said)

    def _let_in(self, held: Held, *, drained: bool) -> None:
        """Answer what was held, unless it was written to, or the queue goes on."""
        if drained and self._memory.recall(held.which, held.state) is Known.CLEAN:
            self._board.count(Number.REMEMBERED)
            self._end(held.event, ALLOW)
        else:
            self._inquire(held.event, held.which, held.state)

    def _inquire(self, event: Event, which: File, state: State) -> None:
        """Ask the daemon about a file, unless its opener is excluded."""
        if self._exclusion.covers(event.file, event.process):
            self._board.count(Number.EXCLUDED)
            self._end(event, ALLOW)
            return
        if self.alone and self._exclusion.may_begin(event.file, event.process):
            self._end(event, ALLOW)
            return
        if self.unheard or not self._free:
            self._board.count(Number.UNASKED)
            self._end(event, self._policy)
            return
        settled = is_settled(event.file, state, time_ns())
        number = self._board.numbers[Number.LAST_ID] + 1
        self._board.numbers[Number.LAST_ID] = number
        slot = self._free.pop()
        self._board.keep(slot, event.file)
        due = monotonic() + self._deadline
        waiting = Waiting(event.file, which, state, settled, slot, due)
        if self._ask(Ask(number, event.mask, event.process, settled), event.file):
            self._board.count(Number.ASKED)
            self._waiting[number] = waiting
            return
        self._board.count(Number.UNASKED)
        self._end(event, self._policy)
        self._let_go(waiting)

    def _written(self, file: int) -> None:
        """Forget a file that was written, also if it is being judged."""
        try:
            which, _ = identify(os.fstat(file))
        except OSError:
            return
        finally:
            os.close(file)
        self._memory.written(which)
        for asked in (self._waiting, self._late):
            for waiting in asked.values():
                if waiting.which == which:
                    waiting.settled = False

    def _watch(self, file: int) -> None:
        """Be asked about every open of one file, whatever else is watched."""
        try:
            fanotify.mark(self._group, How.ADD, fanotify.OPEN_PERM, file)
        except OSError:  # too many marks: then it is denied where opens are watched
            return

    def _end(self, event: Event, said: int) -> None:
        self._say(event.file, said)
        os.close(event.file)

    def _say(self, file: int, said: int) -> None:
        if said == DENY:
            self._board.count(Number.DENIED)
        fanotify.answer(self._group, file, said)

    def _let_go(self, waiting: Waiting) -> None:
        self._board.drop(waiting.slot)
        self._free.append(waiting.slot)
