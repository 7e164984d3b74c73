"""The workers of one zygote, as the broker sees them."""

from collections import deque
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field

from clearward.jail.broker import OpenFile
from clearward.jail.control import OLDEST
from clearward.jail.sharing import Share
from clearward.jail.spawn import Forked, Zygote
from clearward.jail.wire import Hostile


@dataclass(slots=True)
class Lane:
    """A zygote and what waits for its workers.

    Attributes:
        start: gives the zygote, loaded and ready, when the lane is first needed.
        begin: does of `start`, before it, what takes no waiting; returns a descriptor
            that is readable as soon as the rest takes none. None if it takes none.
        begun: what `begin` returned; None before.
        zygote: what `start` gave.
        again: files that have to be sent, for the first time in this lane or again.
        apart: what has to be sent by itself: shares, and what shares did not decide.
        loaded: numbers of the rules that its zygote has loaded since.
    """

    start: Callable[[], Zygote]
    zygote: Zygote | None = None
    again: deque[OpenFile] = field(default_factory=deque)
    apart: deque[OpenFile | Share] = field(default_factory=deque)
    loaded: set[int] = field(default_factory=set)
    begin: Callable[[], int] | None = None
    begun: int | None = None

    @property
    def wants(self) -> bool:
        """Something has to be sent to its workers."""
        return bool(self.again or self.apart)

    def take(self, file: OpenFile) -> None:
        """Keep a file that a worker of another lane could not scan."""
        (self.again if file.before is None else self.apart).append(file)

    def take_back(self, files: Iterable[OpenFile | Share]) -> None:
        """Keep what a worker had in hand, for others."""
        for file in files:
            if file.gone:
                continue
            if isinstance(file, OpenFile) and file.before is None:
                self.again.append(file)
            else:
                file.again = True
                self.apart.append(file)

    def fork(self) -> Forked:
        """Fork a worker in this lane."""
        if self.zygote is None:
            self.zygote = self.start()
        return self.zygote.fork()


@dataclass(slots=True)
class Worker:
    """A worker and what it has in hand.

    Attributes:
        waiting: files without an answer, in the order in which they were sent.
        begun: when it got its first file.
        since: when the last answer came, or the first of `waiting` was sent.
        longer: it has begun the first of `waiting`, and all before that are answered.
        sent: files it ever got, which is the identifier of the next one.
        retired: it gets no more.
        knows: numbers of the rules that had been loaded on demand when it was forked.
        tenant: whose files it looks at; None before the first.
        slow: it is at the first of `waiting` for so long that it gets no more.
    """

    lane: Lane
    forked: Forked
    waiting: deque[OpenFile | Share] = field(default_factory=deque)
    begun: float | None = None
    since: float = 0.0
    longer: bool = False
    sent: int = 0
    retired: bool = False
    knows: frozenset[int] = frozenset()
    tenant: str | None = None
    slow: bool = False

    def load(self, partition: int) -> None:
        """Load rules that it lacks, unless that was done since it was forked.

        Raises:
            Hostile: there are no such rules, or it has them.
            Unavailable: they cannot be loaded.
        """
        if partition in self.knows:  # or files could go round for ever
            raise Hostile("rules that it has")
        lane = self.lane
        assert lane.zygote is not None  # noqa: S101 - it forked this worker
        if partition not in lane.loaded and not lane.zygote.load_more(partition):
            raise Hostile("rules that do not exist")
        lane.loaded.add(partition)

    def never_got(self, batch: Collection[OpenFile | Share]) -> None:
        """Keep what a dead worker was sent last for others: it is not to blame."""
        for _ in batch:
            self.waiting.pop()
        self.sent -= len(batch)
        self.lane.take_back(batch)
        self.retired = True

    def keep_one(self) -> None:
        """Let others have what waits behind a file that takes long."""
        self.slow = True
        for place in range(1, len(self.waiting)):
            file = self.waiting[place]
            if isinstance(file, OpenFile) and not file.gone:
                self.waiting[place] = file.stand_in()
                self.lane.take_back((file,))

    def is_old(self, now: float) -> bool:
        """Say whether it is time that another took its place."""
        return self.begun is not None and now - self.begun > OLDEST

    @property
    def first(self) -> int:
        """Identifier of the first of `waiting`."""
        return self.sent - len(self.waiting)
