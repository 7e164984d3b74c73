"""A door of a home, through which a server of the test is asked."""

import os
import time
from pathlib import Path

from clearward.egress.check import verify
from clearward.egress.connections import Connection as Record
from clearward.egress.connections import connections
from clearward.egress.door import Door
from clearward.egress.ledger import Ledger
from clearward.egress.policy import Policy
from clearward.egress.record import Closed
from clearward.egress.request import Answer, Destination, Reason, Request
from clearward.egress.tls import Trust
from clearward.egress.wire import Clock
from support.scripted import Talk

ASKED = Request("GET", "/metadata/timestamp.json")
HEAD = (
    b"GET /metadata/timestamp.json HTTP/1.1\r\nHost: 127.0.0.1:%d\r\n"
    b"User-Agent: clearward\r\nAccept-Encoding: identity"
)


def here(port: int, scheme: str = "http") -> Destination:
    return Destination(scheme, "127.0.0.1", port)


def door(
    home: Path,
    port: int,
    trust: Trust | None = None,
    clock: Clock = time.monotonic,
) -> Door:
    allowed = {Reason.UPDATE: [here(port), here(port, "https")]}
    allowed[Reason.WITNESS] = allowed[Reason.UPDATE]
    return Door(Ledger(str(home)), Policy.of(allowed), trust, clock)


def ask(made: Door, port: int, *requests: Request, most: int = 99) -> list[Answer]:
    reason = Reason.WITNESS if requests[0].body else Reason.UPDATE
    with made.connection(here(port), reason, seconds=10) as to:
        return [to.ask(request, most=most) for request in requests]


def told(home: Path) -> list[Record]:
    path = os.path.join(home, "ledger")
    if not os.path.exists(path):
        return []
    assert not verify(path).wrong
    return connections(path).connections


def ended(record: Record) -> Closed:
    assert record.closed is not None
    return record.closed


def plain(talk: Talk) -> None:
    talk.hear()
    talk.answer(b"body", "200 OK", "Content-Type: text/plain")


def twice(talk: Talk) -> None:
    plain(talk)
    plain(talk)
