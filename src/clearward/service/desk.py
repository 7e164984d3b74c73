"""The desk: takes objects in from every face, and gives each a judgement.

One pool of workers serves all. What waits for a worker waits here, in a bounded queue
that takes from each tenant in turn, so that it can be cancelled at once, goes to new
rules as soon as there are some, and is not lost with a worker.
"""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import suppress
from dataclasses import replace
from typing import Protocol

from clearward.core.errors import ClearwardError, Refused, Unavailable
from clearward.core.reasons import Reason
from clearward.core.verdict import Outcome
from clearward.jail.broker import Entry, Unopened
from clearward.jail.known import Known, Passed
from clearward.jail.wire import Job
from clearward.service.dispatch import Dispatch
from clearward.service.generation import Generation
from clearward.service.in_force import Counts, InForce
from clearward.service.judgement import Judgement
from clearward.service.logs import Log
from clearward.service.waiting import Done, Ticket
from clearward.wiring import Scanner

_AGAIN = 1.0  # seconds before a jail that has gone is started once more


class Busy(ClearwardError):
    """As many objects wait as may; it can be tried again soon."""


class Cancellable(Protocol):
    """Something that somebody waits for."""

    def cancel(self) -> None:
        """Wait no more; once is enough."""


class Desk:
    """Takes objects in. Everything is called from the event loop's thread.

    Args:
        make: makes a scanner for serving (`ScanChoice.serving`), entered.
        jobs: workers it has, while none of them is slow.
        log: is told of reloads and of what goes wrong.
        most_waiting: objects that may wait for a worker.

    Attributes:
        reloading: rules are being loaded.
        reloaded: is called when that has ended, whatever came of it, and when they had
            to be loaded since the jail was gone.
    """

    def __init__(
        self,
        make: Callable[[], Awaitable[Scanner]],
        *,
        jobs: int,
        log: Log,
        most_waiting: int = 1024,
    ) -> None:
        self._make = make
        self._log = log
        self._counts = Counts(jobs=jobs)
        self._dispatch = Dispatch(most_waiting, self._counts, log, self._revive)
        self._tasks: set[asyncio.Task[None]] = set()
        self._once_more = False
        self._closed = False
        self.reloading = False
        self.reloaded: Callable[[], object] = lambda: None

    async def start(self) -> None:
        """Load rules.

        Raises:
            Refused: they cannot be used.
            Unavailable: the jail cannot be started.
        """
        self._dispatch.change(Generation(await self._make(), self._dispatch.collect))

    async def close(self) -> None:
        """Answer what waits as unscanned, and end the jail."""
        self._closed = True
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._dispatch.close()

    @property
    def ready(self) -> bool:
        """Rules are in force, and the jail works."""
        return self._dispatch.now is not None

    @property
    def has_room(self) -> bool:
        """One more object may wait: `submit` does not raise `Busy`."""
        return not (self._dispatch.waiting.full or self._closed)

    @property
    def in_force(self) -> InForce:
        """The rules in force.

        Raises:
            Unavailable: the jail has gone, and is being started again.
        """
        now = self._dispatch.now
        if now is None:
            raise Unavailable("the jail is being started")
        excluded = now.exclusions.now()
        if not excluded:
            return now.in_force
        return replace(now.in_force, excluded=tuple(sorted(excluded.items())))

    @property
    def level(self) -> str:
        """The level of protection that was measured; empty while there is none."""
        return self._dispatch.now.level if self._dispatch.now else ""

    @property
    def counts(self) -> Counts:
        """What was done, and is being done."""
        self._counts.waiting = len(self._dispatch.waiting)
        self._counts.busy = self._dispatch.busy
        if self._dispatch.now is not None:
            exclusions = self._dispatch.now.exclusions
            self._counts.exclusions = len(exclusions.now())
            self._counts.damage = exclusions.damage
        return self._counts

    @property
    def exclusions_stamp(self) -> object:
        """Another value after every change of what is excluded; None while not ready.

        Whoever remembers what was found asks for it once in a while.
        """
        now = self._dispatch.now
        return None if now is None else now.exclusions.look()

    def submit(
        self,
        entry: Entry,
        tenant: str,
        done: Done,
        seconds: float | None = None,
        *,
        every: bool = False,
    ) -> Cancellable:
        """Take an object in; it is closed here in every case.

        Args:
            entry: the object, or why it could not be opened.
            tenant: whose it is.
            done: is told what came of it, once, and not before this has returned.
            seconds: after which it is unscanned for want of time.
            every: name every rule that matches, not only the first.

        Raises:
            Busy: too many wait.
        """
        loop = asyncio.get_running_loop()
        if isinstance(entry, Unopened):
            self._counts.outcomes[Outcome.UNSCANNED.value] += 1
            told = Judgement(Outcome.UNSCANNED, (), entry.reason, entry.size)
            return loop.call_soon(done, told)
        repeated = self.recall(entry.digest, tenant, entry.size)
        if repeated is not None:
            entry.close()
            return loop.call_soon(done, repeated)
        if not self.has_room:
            entry.close()
            raise Busy("too many objects wait for a worker")
        entry.tenant = tenant
        job = Job.EVERY if every else Job.SCAN
        ticket = Ticket(entry, tenant, job, done, loop.time())
        if seconds is not None:
            ticket.timer = loop.call_later(seconds, self._expire, ticket).cancel
        self._dispatch.put(ticket)
        return ticket

    async def judge(
        self,
        entry: Entry,
        tenant: str,
        seconds: float | None = None,
        *,
        every: bool = False,
    ) -> Judgement:
        """Like `submit`, and wait; who cancels this cancels the ticket.

        Raises:
            Busy: too many wait.
        """
        answer: asyncio.Future[Judgement] = asyncio.get_running_loop().create_future()
        ticket = self.submit(entry, tenant, answer.set_result, seconds, every=every)
        try:
            return await answer
        finally:
            ticket.cancel()

    def recall(self, digest: bytes, tenant: str, size: int) -> Judgement | None:
        """What is said of an object without looking at it; None if nothing is.

        Whoever asks before there is a descriptor spares making one.

        Args:
            digest: SHA-256 of all of it; empty if it is not known.
            tenant: whose it is.
            size: bytes.
        """
        now = self._dispatch.now
        if now is None or not digest:
            return None
        parts = now.repeated.recall(tenant, digest)
        if parts is None:
            return None
        self._pass_by(1)
        return Judgement(Outcome.CLEAN, size=size, parts=parts, cached=True)

    def known(self) -> Known | None:
        """What a walk passes files by with that are clean and have not changed.

        It is for one thread, and whoever asks closes it. None while there are no rules.
        """
        if self._dispatch.now is None:
            return None
        loop = asyncio.get_running_loop()

        def tell(passed: Passed) -> None:
            with suppress(RuntimeError):  # the loop has ended
                loop.call_soon_threadsafe(self._pass_by, len(passed.names))

        return self._dispatch.now.remembered.for_walk(tell)

    def reload(self) -> None:
        """Begin to load the rules anew; if that is being done, once more after it."""
        if self.reloading:
            self._once_more = True
        elif not self._closed:
            self.reloading = True
            self._spawn(self._reload())

    def _pass_by(self, count: int) -> None:
        self._counts.outcomes[Outcome.CLEAN.value] += count
        self._counts.cached += count

    def _expire(self, ticket: Ticket) -> None:
        ticket.cancel()
        self._dispatch.give_up(ticket, Reason.TIME_LIMIT)

    async def _reload(self) -> None:
        try:
            scanner = await self._make()
        except (Refused, Unavailable) as error:
            self._counts.failed_reloads += 1
            self._log.error("rules not loaded", why=str(error))
        else:
            self._dispatch.change(Generation(scanner, self._dispatch.collect))
            self._counts.reloads += 1
            self._log.info("rules loaded", count=self.in_force.count)
        finally:
            self.reloading = False
            self.reloaded()
        if self._once_more:
            self._once_more = False
            self.reload()

    def _revive(self) -> None:
        """Start a jail in the place of one that has gone, as often as it takes."""
        if not self._closed:
            self._spawn(self._start_again())

    async def _start_again(self) -> None:
        while not self.ready and not self._closed:
            try:
                await self.start()
            except (Refused, Unavailable) as error:
                self._log.error("jail not started", why=str(error))
                await asyncio.sleep(_AGAIN)
            else:
                self.reloaded()  # the sources may be others by now

    def _spawn(self, work: Coroutine[None, None, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
