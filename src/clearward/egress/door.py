"""The one place that opens a connection to the outside.

    policy -> ledger -> wire

What is about to be asked is written down and on the disk before the first byte leaves;
if it cannot be, nothing leaves. The end of each connection is written down with the
bytes that its socket sent and received, whatever happened in between.
"""

import hashlib
import ssl
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import cached_property
from urllib.parse import urljoin, urlsplit

from clearward.core.errors import Refused, Unavailable
from clearward.egress import payloads
from clearward.egress.exchange import Elsewhere, Exchange, Gone, NotThere, TooMuch
from clearward.egress.ledger import Ledger
from clearward.egress.policy import Policy
from clearward.egress.request import Answer, Destination, Place, Reason, Request
from clearward.egress.tls import Carrier, Sealed, Trust
from clearward.egress.wire import Clock, Wire

__all__ = ["Connection", "Door", "Elsewhere", "NotThere", "TooMuch"]

_OK = 200
_MOVED = frozenset({301, 302, 303, 307, 308})
_MOST_MOVES = 5


@dataclass(slots=True, eq=False)
class _Open:
    """A connection that is in use.

    Attributes:
        seq: its number in the ledger.
        bodies: SHA-256 of the answers.
    """

    seq: int
    bodies: list[str] = field(default_factory=list)
    wire: Wire | None = None
    exchange: Exchange | None = None

    def end(self, ledger: Ledger) -> None:
        """End it, and write down what was sent and received."""
        sent = received = 0
        if self.wire is not None:
            self.wire.close()
            sent, received = self.wire.sent, self.wire.received
        ledger.close(self.seq, sent, received, self.bodies)


class Door:
    """What requests leave through.

    Args:
        ledger: of the home.
        policy: what may leave.
        trust: whose word counts for the names of servers.
        clock: seconds that only grow.

    Attributes:
        used: something was written to the ledger, so it has a new head.
    """

    def __init__(
        self,
        ledger: Ledger,
        policy: Policy,
        trust: Trust | None = None,
        clock: Clock = time.monotonic,
    ) -> None:
        self._trust = trust or Trust()
        self.ledger = ledger
        self.policy = policy
        self.clock = clock
        self.used = False

    @cached_property
    def context(self) -> ssl.SSLContext:
        """What sessions of TLS are made with."""
        return self._trust.context()

    @contextmanager
    def connection(
        self,
        destination: Destination,
        reason: Reason,
        *,
        seconds: float,
        moves: int = _MOST_MOVES,
        public: bool = False,
    ) -> Iterator["Connection"]:
        """Ask a server.

        Args:
            destination: of it.
            reason: what for.
            seconds: until all of it has to be over.
            moves: how often it may send us on to itself.
            public: every address of it has to be one of the whole internet.

        Raises:
            Refused: the policy does not allow it.
        """
        self.policy.check(reason, destination)
        going = _Going(destination, reason, self.clock() + seconds, moves, public)
        made = Connection(self, going)
        try:
            yield made
        finally:
            made.close()

    @contextmanager
    def talk(
        self, destination: Destination, line: str, body: bytes, *, seconds: float
    ) -> Iterator[Carrier]:
        """Ask a server for a self-test, which speaks as the site's own clients do.

        Such a request may carry the password that a person has given for it, so it is
        not a `Request`; it is for nothing else.

        Args:
            destination: of it.
            line: how the ledger names the request: method and target.
            body: that is sent behind it.
            seconds: until all of it has to be over.

        Raises:
            Refused: the policy or the ledger does not let it leave.
            Unavailable: the server cannot be reached, or does not prove who it is.
        """
        self.policy.check(Reason.SELFTEST, destination)
        until = self.clock() + seconds
        bodies = [payloads.told(self.ledger.path, body)] if body else []
        reason = Reason.SELFTEST.value
        self.used = True
        one = _Open(self.ledger.open(reason, str(destination), [line], bodies))
        try:
            one.wire = Wire(destination, until, self.clock)
            yield self.carrier(one.wire, destination)
        finally:
            one.end(self.ledger)

    def carrier(self, wire: Wire, destination: Destination) -> Carrier:
        """Return what speaks over a wire, sealed if the destination says so."""
        if destination.scheme == "https":
            return Sealed(wire, destination, self.context)
        return wire


@dataclass(frozen=True, slots=True)
class _Going:
    """Where a connection goes, and how; see `Door.connection`."""

    destination: Destination
    reason: Reason
    until: float
    moves: int
    public: bool


class Connection:
    """Requests to one server, one behind the other; made by `Door.connection`.

    The connection is made by the first request, and again if the server ended it
    between two of them: each is a record of the ledger.
    """

    def __init__(self, door: Door, going: _Going) -> None:
        self._door = door
        self._going = going
        self._destination = going.destination
        self._open: _Open | None = None

    def ask(self, request: Request, *, most: int) -> Answer:
        """Return the whole answer.

        Args:
            request: which.
            most: bytes of its body.

        Raises:
            Refused: the policy or the ledger does not let it leave, or the server
                sends us on to another one.
            TooMuch: the body is longer.
            Unavailable: the server cannot be reached, is too slow, or speaks no HTTP.
        """
        exchange = self._answered(request)
        body = b"".join(self._body(exchange, most))
        return Answer(exchange.status, exchange.field("content-type"), body)

    def fetch(self, request: Request, *, most: int) -> Iterator[bytes]:
        """Give the body of an answer that is there, in pieces.

        Raises:
            NotThere: the server does not give it.
            Refused: as for `ask`.
            TooMuch: likewise.
            Unavailable: likewise.
        """
        exchange = self._answered(request)
        if exchange.status != _OK:
            with suppress(TooMuch, Unavailable):
                for _ in self._body(exchange, 1 << 16):
                    pass
            # What stands behind a question mark may be a server's signature for us.
            asked = f"{request.method} {request.target.partition('?')[0]}"
            said = f"{self._destination}: {asked}: status {exchange.status}"
            raise NotThere(said, exchange.status)
        yield from self._body(exchange, most)

    def close(self) -> None:
        """End it; what was sent and received is written down."""
        one, self._open = self._open, None
        if one is not None:
            one.end(self._door.ledger)

    def _answered(self, request: Request) -> Exchange:
        """Ask, and follow where the server sends us on itself."""
        for _ in range(self._going.moves + 1):
            exchange = self._asked(request)
            if request.method != "GET" or exchange.status not in _MOVED:
                return exchange
            target = self._moved(request, exchange.field("location"))
            for _ in self._body(exchange, 1 << 16):
                pass
            request = Request("GET", target)
        said = f"{self._destination}: it sends us on again and again"
        raise Elsewhere(said, self._destination, request.target)

    def _asked(self, request: Request) -> Exchange:
        """Send a request and read the head of its answer."""
        self._door.policy.check_request(self._going.reason, request)
        if request.key and self._going.reason is not Reason.IMPORT:
            raise Refused(f"{self._destination}: a key is for {Reason.IMPORT} alone")
        bodies = self._told(request.body)
        used = self._open
        if used is not None and used.exchange is not None and used.exchange.again():
            self._door.ledger.ask(used.seq, [request.line], bodies)
            try:
                used.exchange.send(request)
                used.exchange.head()
            except Gone:  # it was closed while nobody asked
                pass
            else:
                return used.exchange
        self.close()
        return self._first(request, bodies)

    def _told(self, body: bytes) -> list[str]:
        """Return what the ledger says of a body, which is kept if that is wanted."""
        return [payloads.told(self._door.ledger.path, body)] if body else []

    def _first(self, request: Request, bodies: list[str]) -> Exchange:
        """Make a connection for a request."""
        seq = self._door.ledger.open(
            self._going.reason.value, str(self._destination), [request.line], bodies
        )
        self._door.used = True
        one = self._open = _Open(seq)
        until, public = self._going.until, self._going.public
        one.wire = Wire(self._destination, until, self._door.clock, public=public)
        carrier = self._door.carrier(one.wire, self._destination)
        one.exchange = Exchange(carrier, self._destination)
        one.exchange.send(request)
        one.exchange.head()
        return one.exchange

    def _body(self, exchange: Exchange, most: int) -> Iterator[bytes]:
        digest = hashlib.sha256()
        try:
            for piece in exchange.body(most):
                digest.update(piece)
                yield piece
        finally:
            if self._open is not None:
                self._open.bodies.append(digest.hexdigest())

    def _moved(self, request: Request, location: str) -> str:
        """Return the target that a server names instead."""
        here = f"{self._destination.url}{request.target}"
        try:
            parts = urlsplit(urljoin(here, location))
            root = Place.parse(f"{parts.scheme}://{parts.netloc}/")
            target = f"{parts.path or '/'}{'?' if parts.query else ''}{parts.query}"
            Request("GET", target)
        except (ValueError, Refused) as error:
            raise Refused(f"{self._destination}: it sends us on to nowhere") from error
        if root.destination != self._destination:
            said = f"{self._destination}: it sends us on to {root.destination.url}, "
            said += "which was not named; if that is right, name it"
            raise Elsewhere(said, root.destination, target)
        return target
