"""The workers of all lanes: how many there are, and which of them has room."""

import os
import select
import signal
from contextlib import suppress

from clearward.jail.lane import Lane, Worker
from clearward.jail.spawn import ending
from clearward.jail.wire import BATCH

AHEAD = 4 * BATCH  # files a worker has in hand before it gets no more


class Crew:
    """Forks workers where there is need, and ends them.

    Args:
        jobs: most workers at a time in one lane.
        poll: tells when one of them says something.

    Attributes:
        workers: by the number of the descriptor of their channel.
    """

    def __init__(self, jobs: int, poll: select.poll) -> None:
        self._jobs = jobs
        self._poll = poll
        self.workers: dict[int, Worker] = {}

    def busy(self) -> list[Worker]:
        """Those that have something in hand."""
        return [worker for worker in self.workers.values() if worker.waiting]

    def hungry(self, lane: Lane) -> Worker | None:
        """A worker that can take another batch, forked if need be."""
        least: Worker | None = None
        count = 0
        for worker in list(self.workers.values()):
            if worker.lane is not lane:
                continue
            if worker.retired and not worker.waiting:
                self.remove(worker)
                continue
            count += 1
            fewer = least is None or len(worker.waiting) < len(least.waiting)
            if fewer and not worker.retired:
                least = worker
        if (least is None or least.waiting) and count < self._jobs:
            return self.add(lane)
        if least is not None and len(least.waiting) <= AHEAD - BATCH:
            return least
        return None

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
        self._poll.register(number, select.POLLIN)
        return worker

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
