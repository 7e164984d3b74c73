"""One request and its answer, in HTTP/1.1 over a wire.

Every request has the same fields in the same order, so that nothing tells one machine
from another; only a publisher's key comes behind them. Heads are bounded by h11, bodies
by whoever asks; a body that ends before its length or its last chunk is an error.

Source: RFC 9112.
"""

from collections.abc import Iterator

import h11

from clearward.core.errors import Refused, Unavailable
from clearward.egress.request import Destination, Request
from clearward.egress.tls import Carrier
from clearward.egress.wire import TooSlow

AGENT = "clearward"
_MOST_HEAD = 1 << 15  # bytes
_MOST_NOTICES = 8  # answers of the kind 1xx


class TooMuch(Refused):
    """A body is longer than anybody expects."""


class NotThere(Refused):
    """A server answers that it has no such thing, or does not give it.

    Attributes:
        status: of HTTP.
    """

    def __init__(self, said: str, status: int) -> None:
        super().__init__(said)
        self.status = status


class Elsewhere(Refused):
    """A server sends us on to where we do not follow.

    Attributes:
        destination: the server that it names.
        target: what is to be asked there.
    """

    def __init__(self, said: str, destination: Destination, target: str) -> None:
        super().__init__(said)
        self.destination = destination
        self.target = target


class Gone(Unavailable):
    """The other side ended the connection before it answered anything."""


class Exchange:
    """The conversation on one connection.

    Args:
        carrier: of the bytes.
        destination: of it.

    Attributes:
        status: of the answer in hand.
    """

    def __init__(self, carrier: Carrier, destination: Destination) -> None:
        self._carrier = carrier
        self._destination = destination
        self._h11 = h11.Connection(h11.CLIENT, max_incomplete_event_size=_MOST_HEAD)
        self._answered = False
        self._fields: dict[bytes, bytes] = {}
        self.status = 0

    def send(self, request: Request) -> None:
        """Send a request.

        Raises:
            Gone: the other side is.
            Unavailable: it is too slow.
        """
        fields = [
            ("Host", self._destination.authority),
            ("User-Agent", AGENT),
            ("Accept-Encoding", "identity"),
        ]
        if request.method == "POST":
            fields.append(("Content-Type", request.type))
            fields.append(("Content-Length", str(len(request.body))))
        if request.key and request.key.header:
            fields.append((request.key.header, request.key.value))
        head = h11.Request(method=request.method, target=request.sent, headers=fields)
        data = self._h11.send(head) or b""
        if request.body:
            data += self._h11.send(h11.Data(request.body)) or b""
        data += self._h11.send(h11.EndOfMessage()) or b""
        self._answered = False
        try:
            self._carrier.write(data)
        except TooSlow:
            raise
        except Unavailable as error:
            raise Gone(str(error)) from error

    def head(self) -> None:
        """Read the head of the answer.

        Raises:
            Gone: there is none.
            Unavailable: it is not HTTP, too slow, or cut short.
        """
        for _ in range(_MOST_NOTICES):
            event = self._next()
            if isinstance(event, h11.Response):
                self.status = event.status_code
                self._fields = dict(event.headers)
                coding = self.field("content-encoding").lower()
                if coding not in ("", "identity"):
                    raise self._broken("it compresses, which was not asked for")
                return
        raise self._broken("it gives no answer")

    def field(self, name: str) -> str:
        """Return a field of the answer, by its name in small letters."""
        return self._fields.get(name.encode(), b"").decode("ascii", "replace")

    def body(self, most: int) -> Iterator[bytes]:
        """Give the body.

        Raises:
            TooMuch: it has more than `most` bytes.
            Unavailable: it is cut short, or too slow.
        """
        length = self.field("content-length")
        if length.isdecimal() and int(length) > most:
            raise self._more(most)
        taken = 0
        while True:
            event = self._next()
            if isinstance(event, h11.EndOfMessage):
                return
            if isinstance(event, h11.Data):
                taken += len(event.data)
                if taken > most:
                    raise self._more(most)
                yield bytes(event.data)

    def again(self) -> bool:
        """Say whether the connection can be used for another request; make it ready."""
        if (self._h11.our_state, self._h11.their_state) != (h11.DONE, h11.DONE):
            return False
        self._h11.start_next_cycle()
        return True

    def _next(self) -> h11.Event:
        """Return what the other side says next."""
        while True:
            try:
                event = self._h11.next_event()
                if event is h11.NEED_DATA:
                    data = self._read()
                    self._h11.receive_data(data)
                    continue
            except h11.RemoteProtocolError as error:
                raise self._broken(f"bad HTTP: {error}") from error
            if isinstance(event, h11.Event) and event != h11.ConnectionClosed():
                return event
            raise self._broken("it ended the connection")

    def _read(self) -> bytes:
        try:
            data = self._carrier.read()
        except TooSlow:
            raise
        except Unavailable as error:
            if self._answered:
                raise
            raise Gone(str(error)) from error
        if not data and not self._answered:
            raise Gone(f"{self._destination}: it ended the connection")
        self._answered = True
        return data

    def _broken(self, said: str) -> Unavailable:
        return Unavailable(f"{self._destination}: {said}")

    def _more(self, most: int) -> TooMuch:
        return TooMuch(f"{self._destination}: an answer of more than {most} bytes")
