"""The workers of all lanes: how many there are, and which of them has room."""

import os
import select
import signal
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass

from clearward.core.errors import Unavailable
from clearward.core.limits import KIB, MIB
from clearward.jail.lane import Lane, Worker
from clearward.jail.spawn import ending
from clearward.jail.wire import BATCH

AHEAD = 4 * BATCH  # files a worker has in hand before it gets no more
AHEAD_BYTES = 8 * MIB  # of them; else large files would all be dealt out at the start
OVERHEAD = 16 * KIB  # bytes that can be looked at in the time that any file takes


@dataclass(frozen=True, slots=True)
class Load:
    """How much a worker has in hand before it gets no more.

    Attributes:
        files: how many, before one more request.
        size: bytes of them, with `OVERHEAD` for each.
        slow: workers more than usual, while some are slow.
    """

    files: int
    size: int
    slow: int = 0


# Of a tree all files are wanted, in whatever order. For each file that a server is
# asked about somebody waits, so a worker has little beyond what it looks at.
TREES = Load(AHEAD - BATCH, AHEAD_BYTES)
SINGLY = Load(5, 128 * KIB, slow=6)


class Crew:
    """Forks workers where there is need, and ends them.

    Args:
        jobs: most workers at a time in one lane.
        poll: tells when one of them says something.
        most: how much each has in hand.

    Attributes:
        workers: by the number of the descriptor of their channel.
    """

    def __init__(self, jobs: int, poll: select.epoll, most: Load) -> None:
        self._jobs = jobs
        self._poll = poll
        self._most = most
        self.workers: dict[int, Worker] = {}

    def busy(self) -> list[Worker]:
        """Those that have something in hand."""
        return [worker for worker in self.workers.values() if worker.waiting]

    def hungry(self, lane: Lane, tenant: str = "") -> Worker | None:
        """A worker that can take another batch, forked if need be.

        It is the one with the least in hand, by bytes: files are of very unequal size,
        and when there are no more, all workers should end together. What it remembers
        of a tenant's files is never there when it looks at another's.

        Args:
            lane: in which it is.
            tenant: whose the files are.
        """
        usual, slow = self._in_lane(lane)
        # While some are slow there may be more, or nobody else would be served.
        count = len(usual) + max(0, len(slow) - self._most.slow)
        room = count < self._jobs
        least, load = self._least(usual, tenant)
        if least is None or least.waiting:
            if not room and (stranger := _idle_stranger(usual, tenant)) is not None:
                self.remove(stranger)
                room = True
            if room:
                least, load = self.add(lane), 0
        if least is None or load >= self._most.size:
            return None
        least.tenant = tenant
        return least

    def _least(self, workers: list[Worker], tenant: str) -> tuple[Worker | None, int]:
        """Of those with room the one with the least in hand, and how much that is."""
        least: Worker | None = None
        load = 0
        for worker in workers:
            if worker.retired or worker.tenant not in (None, tenant):
                continue
            if len(worker.waiting) <= self._most.files:
                held = sum(file.size + OVERHEAD for file in worker.waiting)
                if least is None or held < load:
                    least, load = worker, held
        return least, load

    def _in_lane(self, lane: Lane) -> tuple[list[Worker], list[Worker]]:
        """The workers of a lane, and apart those that are slow; idle old ones end."""
        usual: list[Worker] = []
        slow: list[Worker] = []
        for worker in list(self.workers.values()):
            if worker.lane is not lane:
                continue
            if worker.retired and not worker.waiting:
                self.remove(worker)
            else:
                (slow if worker.slow else usual).append(worker)
        return usual, slow

    def may_fork(self, lane: Lane, *, wait: bool) -> bool:
        """Say whether the zygote of a lane is ready; else let it get ready meanwhile.

        Args:
            lane: that something has to be sent in.
            wait: there is nothing else to do until it is ready.
        """
        if lane.zygote is not None or lane.begin is None:
            return True
        if lane.begun is None:
            lane.begun = lane.begin()
            self._poll.register(lane.begun, select.EPOLLIN)
        if not wait and not _readable(lane.begun):
            return False
        self._poll.unregister(lane.begun)
        lane.zygote = lane.start()
        return True

    def hand_over(self, lanes: Iterable[Lane], last: Lane) -> None:
        """Let a lane that can do all that others can take over what these have.

        Part of it would be handed on in any case, once it was looked at in vain. What
        may have taken long already is left where it is.
        """
        for worker in list(self.workers.values()):
            at = worker.waiting[0].size if worker.waiting else 0
            if worker.lane is not last and at <= self._most.size:
                last.take_back(worker.waiting)
                worker.waiting.clear()
                self.remove(worker)
        for lane in lanes:
            last.take_back((*lane.again, *lane.apart))
            lane.again.clear()
            lane.apart.clear()

    def has_idle(self, lane: Lane, but: Worker) -> bool:
        """Say whether a lane has, or may have, another worker with nothing in hand."""
        others = [
            worker
            for worker in self.workers.values()
            if worker.lane is lane and worker is not but
        ]
        return len(others) + 1 < self._jobs or any(not one.waiting for one in others)

    def add(self, lane: Lane) -> Worker:
        """Fork a worker."""
        worker = Worker(lane, lane.fork(), knows=frozenset(lane.loaded))
        number = worker.forked.channel.fileno()
        self.workers[number] = worker
        self._poll.register(number, select.EPOLLIN)
        return worker

    def close(self) -> None:
        """Let every worker end, and close what it has in hand."""
        for worker in list(self.workers.values()):
            while worker.waiting:
                worker.waiting.popleft().close()
            with suppress(Unavailable):  # then it has died with its zygote
                self.remove(worker)

    def remove(self, worker: Worker) -> str:
        """End a worker; return how it ended. What it had in hand is left to others."""
        number = worker.forked.channel.fileno()
        del self.workers[number]
        self._poll.unregister(number)
        worker.forked.channel.close()
        with suppress(OSError):
            os.kill(worker.forked.process, signal.SIGKILL)
        assert worker.lane.zygote is not None  # noqa: S101 - it forked this worker
        return ending(worker.lane.zygote.reap(worker.forked.process))


def _readable(descriptor: int) -> bool:
    poll = select.poll()
    poll.register(descriptor, select.POLLIN)
    return bool(poll.poll(0))


def _idle_stranger(workers: Iterable[Worker], tenant: str) -> Worker | None:
    """One with nothing in hand that has looked at the files of another tenant."""
    strangers = (one for one in workers if one.tenant not in (None, tenant))
    return next((one for one in strangers if not one.waiting), None)
