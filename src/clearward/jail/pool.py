"""A pool of workers: hands out batches of files, takes back one verdict each.

Every file that goes in comes out exactly once. Workers answer in order, so when one
dies or runs past the deadline the file at fault is the first without an answer; it
alone is reported, and the rest of the batch goes to a fresh worker.
"""

import os
import select
import signal
import socket
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace

from clearward.core.errors import Unavailable
from clearward.core.reasons import Reason
from clearward.core.verdict import Verdict
from clearward.jail import explanation, wire
from clearward.jail.batch import next_batch, send_batch
from clearward.jail.broker import Entry, OpenFile
from clearward.jail.spawn import Forked, Zygote, ending
from clearward.jail.wire import Answer, Hostile, Job

AHEAD = 2 * wire.BATCH  # files a worker has in hand before it gets no more
RENEW = 20_000  # files after which a worker is replaced
GRACE = 2.0  # seconds a worker gets beyond the limit to say so itself
_MOST_LOST = 10  # idle workers that may be found dead, one after the other
_LONGEST_WAIT = 3600.0  # seconds; poll(2) takes no more than 24 days
_NUMBERS = 1 << 32


@dataclass(slots=True)
class Scanned:
    """One file and what was found out about it.

    Not frozen, since one is made for every file.

    Attributes:
        entry: the file, closed by now, or what could not be opened.
        verdict: the answer.
        seconds: between the answer before it and this one, in its worker.
        explanation: the bytes of the wide answer; empty unless asked for.
        death: how its worker ended, if it did.
    """

    entry: Entry
    verdict: Verdict
    seconds: float = 0.0
    explanation: bytes = b""
    death: str = ""


@dataclass(slots=True)
class Lane:
    """A zygote and what waits for its workers.

    Attributes:
        start: gives the zygote, loaded and ready, when the lane is first needed.
        zygote: what `start` gave.
        again: files that have to be sent, for the first time in this lane or again.
    """

    start: Callable[[], Zygote]
    zygote: Zygote | None = None
    again: deque[OpenFile] = field(default_factory=deque)

    def fork(self) -> Forked:
        """Fork a worker in this lane."""
        if self.zygote is None:
            self.zygote = self.start()
        return self.zygote.fork()


@dataclass(slots=True)
class _Worker:
    lane: Lane
    forked: Forked
    waiting: deque[tuple[int, OpenFile]] = field(default_factory=deque)
    since: float = 0.0  # when the first of `waiting` became the first
    served: int = 0


class Pool:
    """Workers of one or more zygotes.

    Args:
        lanes: the first takes every file; a file that it cannot do without libraries
            it lacks goes on to the second.
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
        self._workers: dict[int, _Worker] = {}
        self._next = 0
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
                worker.waiting.popleft()[1].close()
            with suppress(Unavailable):  # then it has died with its zygote
                self._remove(worker)

    def _ready(self) -> _Worker | None:
        """A worker for new files, unless too many that are open wait for a lane."""
        crowded = sum(len(lane.again) for lane in self._lanes) >= AHEAD
        return None if crowded else self._hungry(self._lanes[0])

    def _send_again(self) -> None:
        for lane in self._lanes:
            while lane.again and (worker := self._hungry(lane)) is not None:
                count = min(len(lane.again), wire.BATCH)
                self._send(worker, [lane.again.popleft() for _ in range(count)])

    def _hungry(self, lane: Lane) -> _Worker | None:
        """A worker that can take another batch, forked if need be."""
        least: _Worker | None = None
        count = 0
        for worker in list(self._workers.values()):
            if worker.lane is not lane:
                continue
            if worker.served >= RENEW and not worker.waiting:
                self._remove(worker)
                continue
            count += 1
            fewer = least is None or len(worker.waiting) < len(least.waiting)
            if worker.served < RENEW and fewer:
                least = worker
        if (least is None or least.waiting) and count < self._jobs:
            return self._add_worker(lane)
        if least is not None and len(least.waiting) <= AHEAD - wire.BATCH:
            return least
        return None

    def _send(self, worker: _Worker, batch: list[OpenFile]) -> None:
        first = self._next if self._next + len(batch) <= _NUMBERS else 0
        self._next = first + len(batch)
        if not worker.waiting:
            worker.since = time.monotonic()
        worker.waiting.extend(enumerate(batch, start=first))
        worker.served += len(batch)
        try:
            send_batch(worker.forked.channel, self._job, first, batch)
        except ConnectionError:
            self._take_back(worker, batch)

    def _take_back(self, worker: _Worker, batch: list[OpenFile]) -> None:
        """Keep files that a dead worker never got: none of them can be to blame."""
        for _ in batch:
            worker.waiting.pop()
        worker.lane.again.extend(batch)
        worker.served = RENEW  # it gets no more
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
            worker = self._workers[number]
            yield from self._answers(worker)
        now = time.monotonic()
        for worker in waiting:
            if worker.waiting and now - worker.since > self._patience:
                yield self._dead(worker, Reason.TIME_LIMIT)

    def _answers(self, worker: _Worker) -> Iterator[Scanned]:
        """Read every answer that has arrived from one worker."""
        channel = worker.forked.channel
        while True:
            try:
                message = channel.recv(self._most, socket.MSG_DONTWAIT)
                answer = wire.decode_answer(message, self._job, self._rule_count)
                self._check(worker, answer)
            except BlockingIOError:
                return
            except ConnectionResetError:
                continue  # said once, before the answers, if it left a request unread
            except (OSError, Hostile):  # it died, or it has been taken over
                if worker.waiting:
                    yield self._dead(worker, Reason.WORKER_DIED)
                else:
                    self._remove(worker)
                return
            scanned = self._finish(worker, answer)
            if scanned is not None:
                yield scanned

    def _check(self, worker: _Worker, answer: Answer) -> None:
        """Raise `Hostile` for an answer that this worker cannot give now."""
        if not worker.waiting or answer.identifier != worker.waiting[0][0]:
            raise Hostile("an answer that nobody waits for")
        if answer.verdict is None and worker.lane is self._lanes[-1]:
            raise Hostile("a file that needs what is not there")
        if answer.explanation:
            explanation.decode(answer.explanation, self._rule_count)

    def _finish(self, worker: _Worker, answer: Answer) -> Scanned | None:
        _, file = worker.waiting.popleft()
        self._lost = 0
        now = time.monotonic()
        seconds = now - worker.since
        worker.since = now
        if answer.verdict is None:
            self._lanes[-1].again.append(file)
            return None
        verdict = answer.verdict
        changed = file.close()
        if changed:
            verdict = replace(verdict, reasons=verdict.reasons | changed)
        return Scanned(file, verdict, seconds, answer.explanation)

    def _dead(self, worker: _Worker, reason: Reason) -> Scanned:
        """Remove a worker whose first waiting file was too much for it."""
        _, file = worker.waiting.popleft()
        seconds = time.monotonic() - worker.since
        worker.lane.again.extend(file for _, file in worker.waiting)
        worker.waiting.clear()
        verdict = Verdict(reasons=reason | file.close(), parts=0)
        death = self._remove(worker)
        return Scanned(file, verdict, seconds, death=death)

    def _add_worker(self, lane: Lane) -> _Worker:
        worker = _Worker(lane, lane.fork())
        number = worker.forked.channel.fileno()
        self._workers[number] = worker
        self._poll.register(number, select.POLLIN)
        return worker

    def _remove(self, worker: _Worker) -> str:
        """End a worker; return how it ended."""
        number = worker.forked.channel.fileno()
        del self._workers[number]
        self._poll.unregister(number)
        worker.forked.channel.close()
        with suppress(OSError):
            os.kill(worker.forked.process, signal.SIGKILL)
        assert worker.lane.zygote is not None  # noqa: S101 - it forked this worker
        return ending(worker.lane.zygote.reap(worker.forked.process))
