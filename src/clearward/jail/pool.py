"""A pool of workers: hands out batches of files, takes back one verdict each.

Every file that goes in comes out exactly once. Workers answer in order, but keep the
answers to clean files back for a moment. So when one dies or runs past the deadline,
the first file without an answer is at fault only if the worker had said that it began
it; otherwise all that it had in hand go to another worker, which answers each by
itself. Only a file that is at fault is reported, and every other one is scanned.
A large container may be shared among workers, see `sharing`.
"""

import select
import socket
import time
from collections.abc import Iterator, Sequence
from itertools import repeat

from clearward.core.errors import Unavailable
from clearward.core.reasons import Reason
from clearward.core.verdict import Outcome, Verdict
from clearward.jail import wire
from clearward.jail.batch import next_batch, send_batch
from clearward.jail.broker import Before, Entry, OpenFile
from clearward.jail.checking import Allowed, check
from clearward.jail.crew import AHEAD, Crew
from clearward.jail.lane import Lane, Worker
from clearward.jail.scanned import Scanned
from clearward.jail.sharing import (
    ANYWAY,
    MOST_SHARES,
    Share,
    Shared,
    may_be_shared,
    with_before,
)
from clearward.jail.wire import Answer, Code, Hostile, Job, Run

RENEW = 20_000  # files after which a worker is replaced
GRACE = 2.0  # seconds a worker gets beyond the limit to say so itself
_MOST_LOST = 10  # idle workers that may be found dead, one after the other
_LONGEST_WAIT = 3600.0  # seconds; poll(2) takes no more than 24 days
_PLAIN = Verdict()


class Pool:
    """Workers of one or more zygotes.

    Args:
        lanes: the first takes every file; a file that it cannot do without libraries
            it lacks goes on to the second. What needs more rules stays in its lane.
        rule_count: rules in the name table.
        jobs: most workers at a time in one lane.
        job: what to ask for.
        seconds: time limit for one file.
    """

    def __init__(
        self,
        lanes: tuple[Lane, ...],
        rule_count: int,
        *,
        jobs: int,
        job: Job,
        seconds: float,
    ) -> None:
        self._lanes = lanes
        self._rule_count = rule_count
        self._jobs = jobs
        self._job = job
        # What is explained comes in the order in which one worker meets it.
        self._shares = jobs > 1 and job is not Job.EXPLAIN
        # One byte more than allowed shows that an answer is too long.
        self._most = 1 + (wire.ANSWER_SIZE if job is Job.SCAN else wire.MOST_ANSWER)
        self._patience = seconds + GRACE
        self._lost = 0
        self._poll = select.poll()
        self._crew = Crew(jobs, self._poll)

    def first_process(self) -> int:
        """The process number of a worker; one is forked if there is none."""
        if not self._crew.workers:
            self._crew.add(self._lanes[0])
        return next(iter(self._crew.workers.values())).forked.process

    def scan(self, entries: Iterator[Entry]) -> Iterator[Scanned]:
        """Scan what comes; yield the results in the order in which they are known.

        Every entry is closed here and comes out exactly once.
        """
        more = True
        while True:
            while more and (worker := self._ready()) is not None:
                batch = next_batch(entries)
                more = batch.more
                for entry in batch.others:
                    yield Scanned(entry, Verdict(reasons=entry.reason, parts=0))
                if batch.files:
                    self._send(worker, batch.files)
            self._send_again()
            if self._crew.busy():
                yield from self._receive()
            elif not more and not any(lane.wants for lane in self._lanes):
                return

    def close(self) -> None:
        """Let every worker end, and close what is in hand. The zygotes stay."""
        for lane in self._lanes:
            while lane.wants:
                (lane.again or lane.apart).popleft().close()
        self._crew.close()

    def _ready(self) -> Worker | None:
        """A worker for new files, unless too many that are open wait for a lane."""
        waiting = sum(len(lane.again) + len(lane.apart) for lane in self._lanes)
        if waiting >= AHEAD:
            return None
        # The last can do what the others can: once it runs, nothing is handed on.
        last = self._lanes[-1]
        return self._crew.hungry(self._lanes[0] if last.zygote is None else last)

    def _send_again(self) -> None:
        idle = not self._crew.busy()
        wanted = [lane for lane in self._lanes if lane.wants]
        for lane in wanted:
            if not self._crew.may_fork(lane, wait=idle):
                continue
            if lane is self._lanes[-1]:
                self._crew.hand_over(self._lanes[:-1], lane)
            while lane.apart and (worker := self._crew.hungry(lane)) is not None:
                alone = lane.apart.popleft()
                if isinstance(alone, OpenFile) or not alone.whole.over:
                    self._send(worker, [alone])
            while lane.again and (worker := self._crew.hungry(lane)) is not None:
                count = min(len(lane.again), wire.BATCH)
                batch = [lane.again.popleft() for _ in range(count)]
                for file in batch:
                    file.again = True
                self._send(worker, batch)

    def _send(self, worker: Worker, batch: Sequence[OpenFile | Share]) -> None:
        first = worker.sent
        if not worker.waiting:
            worker.since = time.monotonic()
            worker.begun = worker.begun or worker.since
        worker.waiting.extend(batch)
        worker.sent += len(batch)
        worker.retired = worker.sent >= RENEW
        try:
            shares = self._shares and may_be_shared(batch[0])
            channel = worker.forked.channel
            send_batch(channel, self._job, first, batch, shares=shares)
        except ConnectionError:
            worker.never_got(batch)
            if not worker.waiting:
                self._crew.remove(worker)
                self._lost += 1
            if self._lost > _MOST_LOST:
                raise Unavailable("workers end before they begin") from None

    def _receive(self) -> Iterator[Scanned]:
        """Wait for answers or the next deadline; yield what came of it."""
        waiting = self._crew.busy()
        now = time.monotonic()
        patience = min(worker.since for worker in waiting) + self._patience - now
        patience = min(max(patience, 0), _LONGEST_WAIT)
        for number, _ in self._poll.poll(patience * 1000 + 1):
            # One that was looked at before may have ended it: see `_let_go`.
            if (worker := self._crew.workers.get(number)) is not None:
                yield from self._answers(worker)
        now = time.monotonic()
        for worker in waiting:
            if worker.waiting and now - worker.since > self._patience:
                yield from self._dead(worker, Reason.TIME_LIMIT)

    def _answers(self, worker: Worker) -> Iterator[Scanned]:
        """Read every answer that has arrived from one worker."""
        while True:
            try:
                message = worker.forked.channel.recv(self._most, socket.MSG_DONTWAIT)
                answer = wire.decode_answer(message, self._job, self._rule_count)
                check(worker, answer, self._allowed(worker))
                if isinstance(answer, Answer) and answer.unloaded is not None:
                    self._load(worker, answer.unloaded)
                    return
            except BlockingIOError:
                return
            except ConnectionResetError:
                continue  # said once, before the answers, if it left a request unread
            except (OSError, Hostile):  # it died, or it has been taken over
                if worker.waiting:
                    yield from self._dead(worker, Reason.WORKER_DIED)
                else:
                    self._crew.remove(worker)
                return
            yield from self._finish(worker, answer)
            if worker.is_old(worker.since):
                self._give_up(worker)
                return

    def _allowed(self, worker: Worker) -> Allowed:
        heavy = worker.lane is not self._lanes[-1]
        return Allowed(self._rule_count, heavy=heavy, shares=self._shares)

    def _load(self, worker: Worker, partition: int) -> None:
        """Load rules that a worker lacks; new ones, which have them, take its files."""
        began = time.monotonic()
        worker.load(partition)
        self._give_up(worker)
        for other in self._crew.workers.values():  # the wait was no file's doing
            other.since += time.monotonic() - began

    def _finish(self, worker: Worker, answer: Answer | Run) -> Iterator[Scanned]:
        """Take files from a worker that has answered for them."""
        self._lost = 0
        seconds = time.monotonic() - worker.since
        worker.since += seconds
        waiting = worker.waiting
        if isinstance(answer, Run):
            worker.longer = answer.longer
            for _ in repeat(None, answer.count):
                plain = waiting.popleft()
                assert isinstance(plain, OpenFile)  # noqa: S101 - as was checked
                changed = plain.close()
                verdict = Verdict(reasons=changed) if changed else _PLAIN
                yield Scanned(plain, verdict, seconds / answer.count)
            return
        worker.longer = False
        file = waiting.popleft()
        if isinstance(file, Share):
            yield from self._finish_share(worker, file.whole, answer, seconds)
        elif answer.instead is Code.SHARES:
            self._share(worker, file)
        elif answer.verdict is None:
            self._lanes[-1].take(file)
        else:
            verdict = with_before(answer.verdict, file.close(), file.before)
            yield Scanned(file, verdict, seconds, answer.explanation)

    def _share(self, worker: Worker, file: OpenFile) -> None:
        """Let several workers look at a file, if there is room."""
        if file.size >= ANYWAY or self._crew.has_idle(worker.lane, worker):
            shared = Shared(file, min(self._jobs, MOST_SHARES))
            worker.lane.apart.extend(shared.shares())
        else:
            file.before = Before()
            worker.lane.apart.append(file)

    def _finish_share(
        self, worker: Worker, whole: Shared, answer: Answer, seconds: float
    ) -> Iterator[Scanned]:
        """Add what a share came to, or let one worker scan the file."""
        if whole.over:
            return
        verdict = answer.verdict
        if verdict is None or verdict.outcome is not Outcome.CLEAN:
            heavy = answer.instead is Code.HEAVY
            file = whole.as_a_whole(seconds, verdict.rules if verdict else ())
            if heavy:  # and there it may be shared
                file.before = None
                self._lanes[-1].again.append(file)
            else:
                worker.lane.apart.append(file)
            self._let_go(whole)
            return
        whole.add(verdict, seconds)
        if not whole.left:
            whole.over = True
            changed = whole.file.close()
            yield Scanned(whole.file, whole.verdict(changed), whole.seconds)

    def _let_go(self, whole: Shared) -> None:
        """End workers that are at a share nobody waits for."""
        for worker in self._crew.busy():
            file = worker.waiting[0]
            if worker.longer and isinstance(file, Share) and file.whole is whole:
                worker.waiting.popleft()
                self._give_up(worker)

    def _give_up(self, worker: Worker) -> str:
        """End a worker, and keep what it had in hand for others."""
        worker.lane.take_back(worker.waiting)
        worker.waiting.clear()
        return self._crew.remove(worker)

    def _dead(self, worker: Worker, reason: Reason) -> Iterator[Scanned]:
        """Remove a worker that something in its hands was too much for."""
        waiting, now = worker.waiting, time.monotonic()
        blamed = waiting.popleft() if worker.longer or waiting[0].again else None
        death = self._give_up(worker)
        seconds = now - worker.since
        if isinstance(blamed, OpenFile):
            verdict = Verdict(reasons=reason, parts=0)
            verdict = with_before(verdict, blamed.close(), blamed.before)
            yield Scanned(blamed, verdict, seconds, death=death)
        elif blamed is not None and not blamed.whole.over:
            verdict = Verdict(reasons=reason | blamed.close(), parts=0)
            yield Scanned(blamed.whole.file, verdict, seconds, death=death)
            self._let_go(blamed.whole)
