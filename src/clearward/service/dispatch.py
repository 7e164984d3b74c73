"""From the queue to workers and back."""

import asyncio
from collections.abc import Callable

from clearward.core.errors import Unavailable
from clearward.core.limits import KIB
from clearward.core.reasons import Reason
from clearward.core.verdict import Outcome
from clearward.jail.pool import Pool
from clearward.jail.wire import Job
from clearward.service.generation import Generation
from clearward.service.in_force import Counts
from clearward.service.judgement import Judgement
from clearward.service.logs import Log
from clearward.service.waiting import Ticket, Waiting

SMALL = 64 * KIB  # bytes; several such objects go to a worker at once
_AT_ONCE = 4
_TICK = 0.04  # seconds between two looks at the clock while workers are busy


class Dispatch:
    """Hands what waits to workers, and tells who waits what came of it.

    Args:
        most_waiting: objects that may wait for a worker.
        counts: takes what was done.
        log: is told what goes wrong.
        broken: is called when the jail has gone and nobody hands out work any more.

    Attributes:
        waiting: the queue.
        now: whose rules are in force; None while the jail does not work.
    """

    def __init__(
        self,
        most_waiting: int,
        counts: Counts,
        log: Log,
        broken: Callable[[], None],
    ) -> None:
        self.waiting = Waiting(most_waiting)
        self.now: Generation | None = None
        self._counts = counts
        self._log = log
        self._broken = broken
        self._old: set[Generation] = set()
        self._closing: set[asyncio.Task[None]] = set()
        self._dealing = False
        self._ticking = False

    @property
    def busy(self) -> int:
        """Workers that look at something."""
        return sum(generation.busy for generation in self._generations())

    def put(self, ticket: Ticket) -> None:
        """Let an object wait; it is handed out when the event loop comes to it."""
        ticket.holder = self._withdraw
        self.waiting.put(ticket)
        if not self._dealing:
            self._dealing = True
            asyncio.get_running_loop().call_soon(self._deal)

    def settle(self, ticket: Ticket, judgement: Judgement) -> None:
        """Tell who waits."""
        ticket.holder = None
        ticket.stop_timer()
        self._counts.outcomes[judgement.outcome.value] += 1
        if judgement.excluded:
            self._counts.excluded += 1
            names = [one.name for one in judgement.excluded]
            outcome = judgement.outcome.value
            self._log.info("match left out", rules=names, outcome=outcome)
        try:
            ticket.done(judgement)
        except Exception as error:  # noqa: BLE001 - one client's trouble is not another's
            self._log.error("answer failed", exc_info=error)

    def give_up(self, ticket: Ticket, reason: Reason) -> None:
        """Tell who waits that an object was not looked at, or not to the end."""
        now = asyncio.get_running_loop().time()
        size = ticket.file.size
        seconds = now - ticket.begun
        judgement = Judgement(Outcome.UNSCANNED, (), reason, size, 0, seconds)
        self.settle(ticket, judgement)

    def change(self, generation: Generation) -> None:
        """Put other rules in force; what is looked at now is finished under the old."""
        generation.exclusions.tell(
            lambda damage: self._log.error("exclusions not in force", why=damage)
        )
        old, self.now = self.now, generation
        if old is not None:
            self._old.add(old)
            self._retire()
        self._deal()

    async def close(self) -> None:
        """Answer everything as unscanned, and end the jail."""
        generations = self._generations()
        self.now = None
        self._old.clear()
        for ticket in self.waiting.all():
            ticket.file.close()
            self.give_up(ticket, Reason.WORKER_DIED)
        for generation in generations:
            self._stop(generation)
        await asyncio.gather(*self._closing)

    def collect(self, generation: Generation, pool: Pool) -> None:
        """Take what the workers of a pool have answered."""
        now = asyncio.get_running_loop().time()
        try:
            for scanned in pool.turn():
                ticket = generation.tickets.pop(id(scanned.entry))
                if scanned.death:
                    self._counts.deaths += 1
                    self._log.warning("worker died", why=scanned.death)
                self.settle(ticket, generation.judge(ticket, scanned, now))
        except Unavailable as error:
            self._fail(generation, error)
        self._deal()

    def _deal(self) -> None:
        self._dealing = False
        while self.now is not None and len(self.waiting):
            if not any(self._serve(turn) for turn in self.waiting.turns()):
                break
        self._retire()
        if not self._ticking and self.busy:
            self._ticking = True
            asyncio.get_running_loop().call_later(_TICK, self._tick)

    def _serve(self, turn: tuple[str, Job]) -> bool:
        """Hand the next objects of one tenant to a worker; False if none has room."""
        if self.now is None:
            return False
        share = -(-self.waiting.count(turn) // max(1, self._counts.jobs))
        batch = self.waiting.look(turn, min(share, _AT_ONCE))
        if any(ticket.file.size > SMALL for ticket in batch):
            del batch[1:]
        try:
            if not self.now.hand(batch):
                return False
        except Unavailable as error:
            self._fail(self.now, error)
            return False
        self.waiting.took(turn, len(batch))
        return True

    def _tick(self) -> None:
        self._ticking = False
        for generation in self._generations():
            for pool in generation.pools():
                self.collect(generation, pool)
        self._deal()

    def _withdraw(self, ticket: Ticket) -> None:
        self.waiting.remove(ticket)
        ticket.file.close()

    def _generations(self) -> list[Generation]:
        return [*self._old, *([self.now] if self.now is not None else [])]

    def _retire(self) -> None:
        """End old rules that nobody waits for any more."""
        for generation in [one for one in self._old if not one.tickets]:
            self._old.discard(generation)
            self._stop(generation)

    def _fail(self, generation: Generation, error: Unavailable) -> None:
        """Its jail has gone: what it had in hand is unscanned."""
        self._log.error("jail ended", why=str(error))
        self._old.discard(generation)
        in_force = self.now is generation
        if in_force:
            self.now = None
        self._stop(generation)
        if in_force:
            self._broken()

    def _stop(self, generation: Generation) -> None:
        generation.stop()
        tickets = list(generation.tickets.values())
        generation.tickets.clear()
        task = asyncio.get_running_loop().create_task(generation.close())
        self._closing.add(task)
        task.add_done_callback(self._closing.discard)
        for ticket in tickets:
            self.give_up(ticket, Reason.WORKER_DIED)
