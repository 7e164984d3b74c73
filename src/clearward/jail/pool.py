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

from clearward.core.reasons import Reason
from clearward.core.verdict import Verdict
from clearward.jail import wire
from clearward.jail.batch import next_batch
from clearward.jail.broker import Entry, OpenFile
from clearward.jail.checking import Allowed, check
from clearward.jail.crew import TREES, Crew, Load
from clearward.jail.dealing import Dealer
from clearward.jail.excluding import Excluding
from clearward.jail.lane import Lane, Worker
from clearward.jail.scanned import Scanned
from clearward.jail.settling import Settler
from clearward.jail.sharing import Share
from clearward.jail.wire import Answer, Hostile, Job

GRACE = 2.0  # seconds a worker gets beyond the limit to say so itself
_LONGEST_WAIT = 3600.0  # seconds; epoll_wait(2) takes no more than 24 days
_SOON = 0.04  # seconds a worker may look at what is gone: ending it takes time as well
_SLOW = 0.25  # seconds after which others take what waits behind a file
# One byte more than allowed shows that an answer is too long.
_MOST_NARROW = 1 + wire.ANSWER_SIZE
_MOST_WIDE = 1 + wire.MOST_ANSWER


class Pool:
    """Workers of one or more zygotes.

    Args:
        lanes: the first takes every file; a file that it cannot do without libraries
            it lacks goes on to the second. What needs more rules stays in its lane.
        rule_count: rules in the name table.
        jobs: most workers at a time in one lane.
        job: what to ask for.
        seconds: time limit for one file.
        load: how much each worker has in hand.
        excluding: takes out of verdicts what the user has excluded.
    """

    def __init__(
        self,
        lanes: tuple[Lane, ...],
        rule_count: int,
        *,
        jobs: int,
        job: Job,
        seconds: float,
        load: Load = TREES,
        excluding: Excluding | None = None,
    ) -> None:
        self._lanes = lanes
        self._rule_count = rule_count
        self._jobs = jobs
        self._job = job
        # What is explained comes in the order in which one worker meets it.
        self._shares = jobs > 1 and job is not Job.EXPLAIN
        self._patience = seconds + GRACE
        self._poll = select.epoll()
        self._crew = Crew(jobs, self._poll, load)
        self._dealer = Dealer(lanes, self._crew, job, self._shares)
        self._settler = Settler(lanes, self._dealer, jobs, excluding or Excluding())

    def fileno(self) -> int:
        """The descriptor that is readable once some worker has said something."""
        return self._poll.fileno()

    def first_process(self) -> int:
        """The process number of a worker; one is forked if there is none."""
        if not self._crew.workers:
            self._crew.add(self._lanes[0])
        return next(iter(self._crew.workers.values())).forked.process

    def fill(self) -> None:
        """Fork as many workers as there may be, so that nobody waits for one."""
        while len(self._crew.workers) < self._jobs:
            self._crew.add(self._lanes[0])

    def scan(self, entries: Iterator[Entry]) -> Iterator[Scanned]:
        """Scan what comes; yield the results in the order in which they are known.

        Every entry is closed here and comes out exactly once.
        """
        more = True
        while True:
            while more and (worker := self._dealer.ready()) is not None:
                batch = next_batch(entries)
                more = batch.more
                for entry in batch.others:
                    yield Scanned(entry, Verdict(reasons=entry.reason, parts=0))
                if batch.files:
                    self._dealer.send(worker, batch.files)
            self._dealer.send_again()
            if self._crew.busy():
                yield from self._receive(_LONGEST_WAIT)
            elif not more and not any(lane.wants for lane in self._lanes):
                return

    def hand(self, files: Sequence[OpenFile]) -> bool:
        """Give some files to a worker, if one has room; each comes out of `turn` once.

        Args:
            files: of one tenant, at most as many as one request can carry.

        Returns:
            False if none has room: then they stay the caller's.
        """
        worker = self._dealer.ready(files[0].tenant)
        if worker is None:
            return False
        self._dealer.send(worker, files)
        return True

    def turn(self) -> Iterator[Scanned]:
        """Yield what is known of files that were handed in, without waiting.

        It is called when `fileno` is readable, and every `_SOON` seconds while files
        are in hand.
        """
        if self._crew.busy():
            yield from self._receive(0)
        now = time.monotonic()
        for worker in self._crew.busy():
            if worker.waiting[0].gone and now - worker.since > _SOON:
                self._dealer.give_up(worker)
            elif not worker.slow and now - worker.since > _SLOW:
                worker.keep_one()
        self._dealer.send_again()

    def drop(self, file: OpenFile) -> None:
        """Close a file that was handed in: nobody waits for it, and it never comes out.

        A worker that looks at it is ended if it does not come to an end by itself.
        """
        for lane in self._lanes:
            for queue in (lane.again, lane.apart):
                if any(one is file for one in queue):
                    queue.remove(file)
        for worker in self._crew.busy():
            for place, one in enumerate(worker.waiting):
                if one is file:
                    worker.waiting[place] = file.stand_in()
                elif isinstance(one, Share) and one.whole.file is file:
                    one.whole.over = True
        file.close()

    @property
    def in_hand(self) -> int:
        """Files that were handed in and have not come out."""
        waiting = sum(len(lane.again) + len(lane.apart) for lane in self._lanes)
        return waiting + sum(len(worker.waiting) for worker in self._crew.busy())

    @property
    def busy(self) -> int:
        """Workers that look at something."""
        return len(self._crew.busy())

    def close(self) -> None:
        """Let every worker end, and close what is in hand. The zygotes stay."""
        for lane in self._lanes:
            while lane.wants:
                (lane.again or lane.apart).popleft().close()
        self._crew.close()
        self._poll.close()

    def _receive(self, most: float) -> Iterator[Scanned]:
        """Wait for answers or the next deadline; yield what came of it.

        Args:
            most: seconds to wait.
        """
        waiting = self._crew.busy()
        now = time.monotonic()
        patience = min(worker.since for worker in waiting) + self._patience - now
        for number, _ in self._poll.poll(min(max(patience, 0) + 0.001, most)):
            # One that was looked at before may have ended it: see `_let_go`.
            if (worker := self._crew.workers.get(number)) is not None:
                yield from self._answers(worker)
        now = time.monotonic()
        for worker in waiting:
            if worker.waiting and now - worker.since > self._patience:
                yield from self._settler.died(worker, Reason.TIME_LIMIT)

    def _answers(self, worker: Worker) -> Iterator[Scanned]:
        """Read every answer that has arrived from one worker."""
        while True:
            try:
                job = self._asked(worker)
                most = _MOST_NARROW if job is Job.SCAN else _MOST_WIDE
                message = worker.forked.channel.recv(most, socket.MSG_DONTWAIT)
                answer = wire.decode_answer(message, job, self._rule_count)
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
                    yield from self._settler.died(worker, Reason.WORKER_DIED)
                else:
                    self._crew.remove(worker)
                return
            yield from self._settler.answered(worker, answer)
            if worker.is_old(worker.since):
                self._dealer.give_up(worker)
                return

    def _asked(self, worker: Worker) -> Job:
        """What a worker was asked for that answers now."""
        if not worker.waiting:
            return self._job
        return self._dealer.job_of(worker.waiting[0])

    def _allowed(self, worker: Worker) -> Allowed:
        heavy = worker.lane is not self._lanes[-1]
        return Allowed(self._rule_count, heavy=heavy, shares=self._shares)

    def _load(self, worker: Worker, partition: int) -> None:
        """Load rules that a worker lacks; new ones, which have them, take its files."""
        began = time.monotonic()
        worker.load(partition)
        self._dealer.give_up(worker)
        for other in self._crew.workers.values():  # the wait was no file's doing
            other.since += time.monotonic() - began
