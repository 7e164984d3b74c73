"""Deal files out to workers: whom a file goes to, and how many at a time."""

import time
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass

from clearward.core.errors import Unavailable
from clearward.jail.batch import send_batch
from clearward.jail.broker import OpenFile
from clearward.jail.crew import AHEAD, Crew
from clearward.jail.lane import Lane, Worker
from clearward.jail.sharing import Share, may_be_shared
from clearward.jail.wire import BATCH, Job

RENEW = 20_000  # files after which a worker is replaced
_MOST_LOST = 10  # idle workers that may be found dead, one after the other


@dataclass(slots=True)
class Dealer:
    """Gives workers what they are to look at.

    Attributes:
        lanes: of the pool.
        crew: its workers.
        job: what is asked for.
        shares: workers may say that a file can be shared.
        lost: idle workers found dead since the last answer.
    """

    lanes: tuple[Lane, ...]
    crew: Crew
    job: Job
    shares: bool
    lost: int = 0

    def ready(self, tenant: str = "") -> Worker | None:
        """A worker for new files, unless too many that are open wait for a lane."""
        waiting = sum(len(lane.again) + len(lane.apart) for lane in self.lanes)
        if waiting >= AHEAD:
            return None
        # The last can do what the others can: once it runs, nothing is handed on.
        last = self.lanes[-1]
        lane = self.lanes[0] if last.zygote is None else last
        return self.crew.hungry(lane, tenant)

    def send_again(self) -> None:
        """Send what others had in hand, or could not do."""
        idle = not self.crew.busy()
        wanted = [lane for lane in self.lanes if lane.wants]
        for lane in wanted:
            if not self.crew.may_fork(lane, wait=idle):
                continue
            if lane is self.lanes[-1]:
                self.crew.hand_over(self.lanes[:-1], lane)
            while lane.apart and (worker := self._for(lane, lane.apart)) is not None:
                alone = lane.apart.popleft()
                if not alone.gone:
                    self.send(worker, [alone])
            while lane.again and (worker := self._for(lane, lane.again)) is not None:
                batch = _of_one_tenant(lane.again)
                for file in batch:
                    file.again = True
                self.send(worker, batch)

    def send(self, worker: Worker, batch: Sequence[OpenFile | Share]) -> None:
        """Send some files to a worker.

        Args:
            worker: one that has room.
            batch: of one tenant.

        Raises:
            Unavailable: one worker after the other is found dead.
        """
        first = worker.sent
        if not worker.waiting:
            worker.since = time.monotonic()
            worker.begun = worker.begun or worker.since
        worker.waiting.extend(batch)
        worker.sent += len(batch)
        worker.retired = worker.sent >= RENEW
        try:
            shares = self.shares and may_be_shared(batch[0])
            channel = worker.forked.channel
            job = self.job_of(batch[0])
            send_batch(channel, job, first, batch, shares=shares)
        except ConnectionError:
            worker.never_got(batch)
            if not worker.waiting:
                self.crew.remove(worker)
                self.lost += 1
            if self.lost > _MOST_LOST:
                raise Unavailable("workers end before they begin") from None

    def job_of(self, file: OpenFile | Share) -> Job:
        """What is asked for about a file; one that is asked for again comes alone."""
        return Job.EVERY if file.every and self.job is Job.SCAN else self.job

    def give_up(self, worker: Worker) -> str:
        """End a worker, and keep what it had in hand for others."""
        worker.lane.take_back(worker.waiting)
        worker.waiting.clear()
        return self.crew.remove(worker)

    def _for(
        self, lane: Lane, files: deque[OpenFile] | deque[OpenFile | Share]
    ) -> Worker | None:
        return self.crew.hungry(lane, files[0].tenant)


def _of_one_tenant(files: deque[OpenFile]) -> list[OpenFile]:
    """Take the next files that may go to one worker, at most as many as one request."""
    batch = [files.popleft()]
    while files and len(batch) < BATCH and files[0].tenant == batch[0].tenant:
        batch.append(files.popleft())
    return batch
