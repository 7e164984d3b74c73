"""A connection under TLS, through the door and told by the ledger."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Protocol

from clearward.core.errors import Refused, Unavailable
from clearward.egress.door import Door
from clearward.egress.ledger import Ledger
from clearward.egress.policy import Policy
from clearward.egress.request import Destination, Reason
from clearward.egress.tls import Carrier
from clearward.faces.selftest.chain import NotAble
from clearward.faces.selftest.dialing import SECONDS, Place
from clearward.stores.home import home


class Talk(Protocol):
    """What a request is sent on and its answer comes from."""

    def send(self, data: bytes) -> None:
        """Send everything; who does not listen any more may still have answered."""

    def receive(self) -> bytes:
        """Return what has come; empty at the end."""


@dataclass(frozen=True, slots=True)
class _Sealed:
    carrier: Carrier

    def send(self, data: bytes) -> None:
        with suppress(Unavailable):
            self.carrier.write(data)

    def receive(self) -> bytes:
        return self.carrier.read()


def door_to(where: Place) -> Door:
    """Return a door that leads to one server and nowhere else.

    Raises:
        Refused: it has no name that a certificate could have.
    """
    return Door(Ledger(home()), Policy.of({Reason.SELFTEST: [_destination(where)]}))


@contextmanager
def sealed(door: Door, where: Place, line: str, body: bytes) -> Iterator[Talk]:
    """Connect for one request.

    Args:
        door: as `door_to` makes it.
        where: the server.
        line: method and target, as the ledger has them.
        body: of the request.

    Raises:
        NotAble: nobody is there or proves who it is, or the ledger cannot be written.
    """
    try:
        with door.talk(_destination(where), line, body, seconds=SECONDS) as carrier:
            yield _Sealed(carrier)
    except (Refused, Unavailable) as error:
        raise NotAble(str(error)) from error


def _destination(where: Place) -> Destination:
    try:
        return Destination("https", where.host, where.port)
    except ValueError as error:
        raise Refused(f"{where.shown}: {error}") from error
