"""Rules that were loaded together, and the workers that look for them.

While new rules are loaded the old ones stay in force, and what they have in hand then
is finished under them.
"""

import asyncio
from collections.abc import Callable, Sequence
from datetime import UTC, datetime

from clearward.jail.pool import Pool
from clearward.jail.scanned import Scanned
from clearward.jail.wire import Job
from clearward.service.in_force import InForce, describe
from clearward.service.judgement import Judgement
from clearward.service.remembered import Remembered
from clearward.service.repeated import Repeated
from clearward.service.waiting import Ticket
from clearward.stores.exclusions.in_force import InForce as InForceNow
from clearward.stores.home import home
from clearward.stores.verdicts.memory import VerdictMemory
from clearward.stores.verdicts.period import period
from clearward.stores.verdicts.place import Place
from clearward.wiring import Scanner

Ready = Callable[["Generation", Pool], None]


class Generation:
    """One scanner in the service of a desk.

    Args:
        scanner: entered.
        ready: is called from the event loop when one of its pools has an answer.

    Attributes:
        in_force: what its rules are.
        tickets: what it has in hand, by the identity of the file.
        remembered: which files are clean under these rules.
        repeated: which small objects are.
    """

    def __init__(self, scanner: Scanner, ready: Ready) -> None:
        self._scanner = scanner
        space, lasts = scanner.fingerprint(), period(home())
        self.remembered = Remembered(lambda: VerdictMemory(Place(home()), space, lasts))
        self.repeated = Repeated(lasts)
        self._ready = ready
        self._pools: dict[Job, Pool] = {}
        self.in_force: InForce = describe(scanner, datetime.now(UTC))
        self.tickets: dict[int, Ticket] = {}
        self._add(Job.SCAN, scanner.pool)

    @property
    def level(self) -> str:
        """The level of protection that was measured."""
        return self._scanner.protection.level

    @property
    def busy(self) -> int:
        """Workers that look at something."""
        return sum(pool.busy for pool in self._pools.values())

    def pools(self) -> list[Pool]:
        """All there are."""
        return list(self._pools.values())

    def hand(self, tickets: Sequence[Ticket]) -> bool:
        """Give some objects of one tenant to a worker; False if none has room.

        Raises:
            Unavailable: the jail has gone.
        """
        job = tickets[0].job
        if job not in self._pools:
            self._add(job, self._scanner.make_pool(job))
        if not self._pools[job].hand([ticket.file for ticket in tickets]):
            return False
        for ticket in tickets:
            self.tickets[id(ticket.file)] = ticket
            ticket.holder = self._drop
        return True

    def judge(self, ticket: Ticket, scanned: Scanned, now: float) -> Judgement:
        """What a verdict says, in names."""
        verdict = scanned.verdict
        digest = ticket.file.digest
        if digest and scanned.may_be_remembered:
            self.repeated.keep(ticket.tenant, digest, verdict.parts)
        self.remembered.learn(scanned)
        return Judgement(
            verdict.outcome,
            tuple(self._scanner.rules[number] for number in verdict.rules),
            verdict.reasons,
            ticket.file.size,
            verdict.parts,
            now - ticket.begun,
            excluded=scanned.excluded,
        )

    @property
    def exclusions(self) -> InForceNow:
        """What the user has excluded."""
        return self._scanner.exclusions

    def stop(self) -> None:
        """Look at nothing more."""
        loop = asyncio.get_running_loop()
        for pool in self._pools.values():
            loop.remove_reader(pool.fileno())
        self._pools.clear()

    async def close(self) -> None:
        """End its workers and its zygote; `stop` was called."""
        await asyncio.to_thread(self._scanner.__exit__, None, None, None)
        await asyncio.to_thread(self.remembered.close)

    def _add(self, job: Job, pool: Pool) -> None:
        self._pools[job] = pool
        loop = asyncio.get_running_loop()
        loop.add_reader(pool.fileno(), self._ready, self, pool)

    def _drop(self, ticket: Ticket) -> None:
        del self.tickets[id(ticket.file)]
        self._pools[ticket.job].drop(ticket.file)
