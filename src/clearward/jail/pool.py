"""A pool of workers: hands out batches of files, takes back one verdict each.

Every file that goes in comes out exactly once. Workers answer in order, but keep the
answers to clean files back for a moment. So when one dies or runs past the deadline,
the first file without an answer is at fault only if the worker had said that it began
it; otherwise all that it had in hand go to another worker, which answers each by
itself. Only a file that is at fault is reported, and every other one is scanned.
"""

import os
import select
import signal
import socket
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import repeat

from clearward.core.errors import Unavailable
from clearward.core.reasons import Reason
from clearward.core.verdict import Verdict
from clearward.jail import explanation, wire
from clearward.jail.batch import next_batch, send_batch
from clearward.jail.broker import Entry, OpenFile
from clearward.jail.lane import Lane, Worker
from clearward.jail.spawn import ending
from clearward.jail.wire import Answer, Hostile, Job, Run

AHEAD = 4 * wire.BATCH  # files a worker has in hand before it gets no more
RENEW = 20_000  # files after which a worker is replaced
GRACE = 2.0  # seconds a worker gets beyond the limit to say so itself
_MOST_LOST = 10  # idle workers that may be found dead, one after the other
_LONGEST_WAIT = 3600.0  # seconds; poll(2) takes no more than 24 days
_PLAIN = Verdict()


@dataclass(slots=True)
class Scanned:
    """One file and what was found out about it.

    Not frozen, since one is made for every file.

    Attributes:
        entry: the file, closed by now, or what could not be opened.
        verdict: the answer.
        seconds: between the answer before it and this one, in its worker; for a run
            of files with one answer, their share of that.
        explanation: the bytes of the wide answer; empty unless asked for.
        death: how its worker ended, if it did.
    """

    entry: Entry
    verdict: Verdict
    seconds: float = 0.0
    explanation: bytes = b""
    death: str = ""


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
        # One byte more than allowed shows that an answer is too long.
        self._most = 1 + (wire.ANSWER_SIZE if job is Job.SCAN else wire.MOST_ANSWER)
        self._patience = seconds + GRACE
        self._workers: dict[int, Worker] = {}
        self._lost = 0
        self._poll = select.poll()

    def first_process(self) -> int:
        """The process number of a worker; one is forked if there is none."""
        if not self._workers:
            self._add_worker(self._lanes[0])
        return next(iter(self._workers.values())).forked.process

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
            if any(worker.waiting for worker in self._workers.values()):
                yield from self._receive()
            elif not more and not any(lane.again for lane in self._lanes):
                return

    def close(self) -> None:
        """Let every worker end, and close what is in hand. The zygotes stay."""
        for lane in self._lanes:
            while lane.again:
                lane.again.popleft().close()
        for worker in list(self._workers.values()):
            while worker.waiting:
                worker.waiting.popleft().close()
            with suppress(Unavailable):  # then it has died with its zygote
                self._remove(worker)

    def _ready(self) -> Worker | None:
        """A worker for new files, unless too many that are open wait for a lane."""
        crowded = sum(len(lane.again) for lane in self._lanes) >= AHEAD
        return None if crowded else self._hungry(self._lanes[0])

    def _send_again(self) -> None:
        for lane in self._lanes:
            while lane.again and (worker := self._hungry(lane)) is not None:
                count = min(len(lane.again), wire.BATCH)
                batch = [lane.again.popleft() for _ in range(count)]
                for file in batch:
                    file.again = True
                self._send(worker, batch)

    def _hungry(self, lane: Lane) -> Worker | None:
        """A worker that can take another batch, forked if need be."""
        least: Worker | None = None
        count = 0
        for worker in list(self._workers.values()):
            if worker.lane is not lane:
                continue
            if worker.retired and not worker.waiting:
                self._remove(worker)
                continue
            count += 1
            fewer = least is None or len(worker.waiting) < len(least.waiting)
            if fewer and not worker.retired:
                least = worker
        if (least is None or least.waiting) and count < self._jobs:
            return self._add_worker(lane)
        if least is not None and len(least.waiting) <= AHEAD - wire.BATCH:
            return least
        return None

    def _send(self, worker: Worker, batch: list[OpenFile]) -> None:
        first = worker.sent
        if not worker.waiting:
            worker.since = time.monotonic()
        worker.waiting.extend(batch)
        worker.sent += len(batch)
        worker.retired = worker.sent >= RENEW
        try:
            send_batch(worker.forked.channel, self._job, first, batch)
        except ConnectionError:
            self._take_back(worker, batch)

    def _take_back(self, worker: Worker, batch: list[OpenFile]) -> None:
        """Keep files that a dead worker never got: none of them can be to blame."""
        for _ in batch:
            worker.waiting.pop()
        worker.sent -= len(batch)
        worker.lane.again.extend(batch)
        worker.retired = True
        if not worker.waiting:
            self._remove(worker)
            self._lost += 1
        if self._lost > _MOST_LOST:
            raise Unavailable("workers end before they begin")

    def _receive(self) -> Iterator[Scanned]:
        """Wait for answers or the next deadline; yield what came of it."""
        waiting = [worker for worker in self._workers.values() if worker.waiting]
        now = time.monotonic()
        patience = min(worker.since for worker in waiting) + self._patience - now
        patience = min(max(patience, 0), _LONGEST_WAIT)
        for number, _ in self._poll.poll(patience * 1000 + 1):
            yield from self._answers(self._workers[number])
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
                self._check(worker, answer)
            except BlockingIOError:
                return
            except ConnectionResetError:
                continue  # said once, before the answers, if it left a request unread
            except (OSError, Hostile):  # it died, or it has been taken over
                if worker.waiting:
                    yield from self._dead(worker, Reason.WORKER_DIED)
                else:
                    self._remove(worker)
                return
            if not worker.waiting:  # it has lacked rules, and is gone
                return
            yield from self._finish(worker, answer)

    def _check(self, worker: Worker, answer: Answer | Run) -> None:
        """Raise `Hostile` for an answer that this worker cannot give now."""
        if isinstance(answer, Run):
            least = answer.count + answer.longer
            if answer.first != worker.first or not 0 < least <= len(worker.waiting):
                raise Hostile("a run of files that nobody waits for")
            if worker.longer:  # or it could put off its time limit for ever
                raise Hostile("a run in place of an answer")
            return
        if not worker.waiting or answer.identifier != worker.first:
            raise Hostile("an answer that nobody waits for")
        if answer.unloaded is not None:
            self._load(worker, answer.unloaded)
        elif answer.verdict is None and worker.lane is self._lanes[-1]:
            raise Hostile("a file that needs what is not there")
        if answer.explanation:
            explanation.decode(answer.explanation, self._rule_count)

    def _load(self, worker: Worker, partition: int) -> None:
        """Load rules that a worker lacks; new ones, which have them, take its files."""
        began = time.monotonic()
        worker.load(partition)
        worker.hand_back()
        self._remove(worker)
        for other in self._workers.values():  # the wait was no file's doing
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
                file = waiting.popleft()
                changed = file.close()
                verdict = Verdict(reasons=changed) if changed else _PLAIN
                yield Scanned(file, verdict, seconds / answer.count)
            return
        worker.longer = False
        file = waiting.popleft()
        if answer.verdict is None:
            self._lanes[-1].again.append(file)
            return
        verdict = answer.verdict
        if changed := file.close():
            verdict = replace(verdict, reasons=verdict.reasons | changed)
        yield Scanned(file, verdict, seconds, answer.explanation)

    def _dead(self, worker: Worker, reason: Reason) -> Iterator[Scanned]:
        """Remove a worker that something in its hands was too much for."""
        waiting = worker.waiting
        blamed = waiting.popleft() if worker.longer or waiting[0].again else None
        worker.hand_back()
        death = self._remove(worker)
        if blamed is not None:
            seconds = time.monotonic() - worker.since
            verdict = Verdict(reasons=reason | blamed.close(), parts=0)
            yield Scanned(blamed, verdict, seconds, death=death)

    def _add_worker(self, lane: Lane) -> Worker:
        worker = Worker(lane, lane.fork(), knows=frozenset(lane.loaded))
        number = worker.forked.channel.fileno()
        self._workers[number] = worker
        self._poll.register(number, select.POLLIN)
        return worker

    def _remove(self, worker: Worker) -> str:
        """End a worker; return how it ended."""
        number = worker.forked.channel.fileno()
        del self._workers[number]
        self._poll.unregister(number)
        worker.forked.channel.close()
        with suppress(OSError):
            os.kill(worker.forked.process, signal.SIGKILL)
        assert worker.lane.zygote is not None  # noqa: S101 - it forked this worker
        return ending(worker.lane.zygote.reap(worker.forked.process))
