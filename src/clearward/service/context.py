"""What every face of a server is given."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from socket import socket
from typing import Protocol

from clearward.core.limits import MIB
from clearward.service.body import Storage
from clearward.service.desk import Desk
from clearward.service.listening import Allowed
from clearward.service.logs import Log
from clearward.service.metrics import Metrics


@dataclass(frozen=True, slots=True)
class Service:
    """What faces share.

    Attributes:
        desk: takes objects in.
        storage: keeps them while they are received.
        allowed: says who may talk to a face.
        log: takes a few words and fields of its vocabulary.
        metrics: is told of every connection and every answer.
        max_object: bytes of the largest object that ICAP and HTTP take.
        stop: ends the whole server.
    """

    desk: Desk
    storage: Storage
    allowed: Allowed
    log: Log
    metrics: Metrics
    max_object: int = 100 * MIB
    stop: Callable[[], None] = lambda: None


class Server(Protocol):
    """One face that listens."""

    async def start(self, listeners: Sequence[socket]) -> None:
        """Take connections; it returns as soon as they are taken."""

    async def close(self, grace: float) -> None:
        """Take no more, and let those that are there end.

        Args:
            grace: seconds after which they are cut.
        """
