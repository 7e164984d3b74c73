"""Settle what became of files: answered, to be shared, or too much for a worker."""

import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import repeat

from clearward.core.reasons import NONE, Reason
from clearward.core.verdict import Outcome, Verdict
from clearward.jail.broker import Before, OpenFile
from clearward.jail.dealing import Dealer
from clearward.jail.excluding import Excluding
from clearward.jail.lane import Lane, Worker
from clearward.jail.scanned import Scanned
from clearward.jail.sharing import ANYWAY, MOST_SHARES, Share, Shared, with_before
from clearward.jail.wire import Answer, Code, Job, Run

_PLAIN = Verdict()


@dataclass(slots=True)
class Settler:
    """Takes files from workers, with what is known of them then.

    Attributes:
        lanes: of the pool.
        dealer: gives what has to be sent once more.
        jobs: most workers at a time in one lane.
        excluding: takes out of verdicts what the user has excluded.
    """

    lanes: tuple[Lane, ...]
    dealer: Dealer
    jobs: int
    excluding: Excluding

    def answered(self, worker: Worker, answer: Answer | Run) -> Iterator[Scanned]:
        """Take files from a worker that has answered for them."""
        self.dealer.lost = 0
        seconds = time.monotonic() - worker.since
        worker.since += seconds
        worker.slow = False
        waiting = worker.waiting
        if isinstance(answer, Run):
            worker.longer = answer.longer
            for _ in repeat(None, answer.count):
                plain = waiting.popleft()
                if plain.gone:
                    continue
                assert isinstance(plain, OpenFile)  # noqa: S101 - as was checked
                changed = plain.close()
                verdict = Verdict(reasons=changed) if changed else _PLAIN
                yield Scanned(plain, verdict, seconds / answer.count)
            return
        worker.longer = False
        file = waiting.popleft()
        if file.gone:
            return
        if isinstance(file, Share):
            yield from self._finish_share(worker, file.whole, answer, seconds)
        elif answer.instead is Code.SHARES:
            self._share(worker, file)
        elif answer.verdict is None:
            self.lanes[-1].take(file)
        else:
            yield from self._finish(worker, file, answer, seconds)

    def _finish(
        self, worker: Worker, file: OpenFile, answer: Answer, seconds: float
    ) -> Iterator[Scanned]:
        """Take out what is excluded; what was the only match is looked at again."""
        assert answer.verdict is not None  # noqa: S101 - as the caller has seen
        before, every = file.before, self.dealer.job_of(file) is not Job.SCAN
        verdict = with_before(answer.verdict, NONE, before)
        left = self.excluding.leave(file, verdict, every=every)
        if left.again:
            spent = seconds + (before.seconds if before is not None else 0.0)
            file.every, file.before = True, Before(spent, verdict.rules)
            worker.lane.apart.append(file)
            return
        rest = self._as_asked(left.verdict)
        verdict = with_before(rest, file.close(), None)
        told = left.excluded
        yield Scanned(file, verdict, seconds, answer.explanation, excluded=told)

    def _as_asked(self, verdict: Verdict) -> Verdict:
        """Name one match alone where no more were asked for."""
        if self.dealer.job is not Job.SCAN or len(verdict.rules) <= 1:
            return verdict
        return replace(verdict, rules=verdict.rules[:1], rules_cut=False)

    def _share(self, worker: Worker, file: OpenFile) -> None:
        """Let several workers look at a file, if there is room."""
        if file.size >= ANYWAY or self.dealer.crew.has_idle(worker.lane, worker):
            shared = Shared(file, min(self.jobs, MOST_SHARES))
            worker.lane.apart.extend(shared.shares())
        else:
            file.before = Before()
            worker.lane.apart.append(file)

    def _finish_share(
        self, worker: Worker, whole: Shared, answer: Answer, seconds: float
    ) -> Iterator[Scanned]:
        """Add what a share came to, or let one worker scan the file."""
        verdict = answer.verdict
        if verdict is None or verdict.outcome is not Outcome.CLEAN:
            heavy = answer.instead is Code.HEAVY
            file = whole.as_a_whole(seconds, verdict.rules if verdict else ())
            if heavy:  # and there it may be shared
                file.before = None
                self.lanes[-1].again.append(file)
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
        for worker in self.dealer.crew.busy():
            file = worker.waiting[0]
            if worker.longer and isinstance(file, Share) and file.whole is whole:
                worker.waiting.popleft()
                self.dealer.give_up(worker)

    def died(self, worker: Worker, reason: Reason) -> Iterator[Scanned]:
        """Remove a worker that something in its hands was too much for."""
        waiting, now = worker.waiting, time.monotonic()
        blamed = waiting.popleft() if worker.longer or waiting[0].again else None
        death = self.dealer.give_up(worker)
        seconds = now - worker.since
        if blamed is None or blamed.gone:
            return
        if isinstance(blamed, OpenFile):
            verdict = with_before(Verdict(reasons=reason, parts=0), NONE, blamed.before)
            # There are reasons, so whatever is taken out it does not become clean.
            left = self.excluding.leave(blamed, verdict, every=True)
            verdict = with_before(left.verdict, blamed.close(), None)
            told = left.excluded
            yield Scanned(blamed, verdict, seconds, death=death, excluded=told)
        else:
            verdict = Verdict(reasons=reason | blamed.close(), parts=0)
            yield Scanned(blamed.whole.file, verdict, seconds, death=death)
            self._let_go(blamed.whole)
