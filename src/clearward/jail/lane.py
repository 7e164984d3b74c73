"""The workers of one zygote, as the broker sees them."""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

from clearward.jail.broker import OpenFile
from clearward.jail.spawn import Forked, Zygote


@dataclass(slots=True)
class Lane:
    """A zygote and what waits for its workers.

    Attributes:
        start: gives the zygote, loaded and ready, when the lane is first needed.
        zygote: what `start` gave.
        again: files that have to be sent, for the first time in this lane or again.
    """

    start: Callable[[], Zygote]
    zygote: Zygote | None = None
    again: deque[OpenFile] = field(default_factory=deque)

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
        since: when the last answer came, or the first of `waiting` was sent.
        longer: it has begun the first of `waiting`, and all before that are answered.
        sent: files it ever got, which is the identifier of the next one.
        retired: it gets no more.
    """

    lane: Lane
    forked: Forked
    waiting: deque[OpenFile] = field(default_factory=deque)
    since: float = 0.0
    longer: bool = False
    sent: int = 0
    retired: bool = False

    @property
    def first(self) -> int:
        """Identifier of the first of `waiting`."""
        return self.sent - len(self.waiting)
