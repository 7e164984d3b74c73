"""What waits for a worker, so that nobody's many objects keep another's one waiting."""

from collections import OrderedDict, deque
from collections.abc import Callable

from clearward.jail.broker import OpenFile
from clearward.jail.wire import Job
from clearward.service.judgement import Judgement

Done = Callable[[Judgement], None]


class Ticket:
    """One object that somebody waits for.

    Args:
        file: the object, open.
        tenant: whose it is.
        job: what is asked for.
        done: is told what came of it.
        now: seconds, on the event loop's clock.

    Attributes:
        holder: what has it in hand, to be told when nobody waits any more; None when
            nobody does.
    """

    __slots__ = ("begun", "done", "file", "holder", "job", "tenant", "timer")

    def __init__(
        self, file: OpenFile, tenant: str, job: Job, done: Done, now: float
    ) -> None:
        self.file = file
        self.tenant = tenant
        self.job = job
        self.done = done
        self.begun = now
        self.holder: Callable[[Ticket], None] | None = None
        self.timer: Callable[[], None] | None = None

    def cancel(self) -> None:
        """Wait no more: `done` is not called; once is enough.

        A worker that looks at the object is free within 0.1 s.
        """
        self.stop_timer()
        holder, self.holder = self.holder, None
        if holder is not None:
            holder(self)

    def stop_timer(self) -> None:
        """Let its deadline pass."""
        if self.timer is not None:
            self.timer()
            self.timer = None


class Waiting:
    """A queue that takes from each tenant in turn.

    Args:
        most: objects that may wait at a time.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._tenants: OrderedDict[tuple[str, Job], deque[Ticket]] = OrderedDict()
        self._count = 0

    def __len__(self) -> int:
        return self._count

    @property
    def full(self) -> bool:
        """No more may wait."""
        return self._count >= self._most

    def put(self, ticket: Ticket) -> None:
        """Let one more wait."""
        self._tenants.setdefault((ticket.tenant, ticket.job), deque()).append(ticket)
        self._count += 1

    def turns(self) -> list[tuple[str, Job]]:
        """Whose turn it is, the first one first; `take` for each that can be served."""
        return list(self._tenants)

    def count(self, turn: tuple[str, Job]) -> int:
        """How many of one tenant wait."""
        return len(self._tenants.get(turn, ()))

    def look(self, turn: tuple[str, Job], most: int) -> list[Ticket]:
        """The next of one tenant, which stay in the queue."""
        queue = self._tenants[turn]
        return [queue[place] for place in range(min(most, len(queue)))]

    def took(self, turn: tuple[str, Job], count: int) -> None:
        """Take out what was looked at; that tenant has its next turn last."""
        queue = self._tenants.pop(turn)
        for _ in range(count):
            queue.popleft()
        self._count -= count
        if queue:
            self._tenants[turn] = queue

    def remove(self, ticket: Ticket) -> None:
        """Take out one that nobody waits for."""
        turn = (ticket.tenant, ticket.job)
        queue = self._tenants[turn]
        queue.remove(ticket)
        self._count -= 1
        if not queue:
            del self._tenants[turn]

    def all(self) -> list[Ticket]:
        """Take out everything."""
        tickets = [ticket for queue in self._tenants.values() for ticket in queue]
        self._tenants.clear()
        self._count = 0
        return tickets
