"""One HTTP request and its answer, over a connection of its own.

h11 knows the protocol; here is only what it is asked and what comes back. What goes to
an ``https`` address goes through the door and is told by the ledger.
"""

import base64
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import h11

from clearward.core.errors import Refused
from clearward.egress.door import Door
from clearward.faces.selftest.chain import NotAble
from clearward.faces.selftest.dialing import Line, Place, place
from clearward.faces.selftest.sealing import Talk, door_to, sealed

MOST_ANSWER = 1 << 20  # bytes of an answer that are kept
_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True)
class Address:
    """An address of the web.

    Attributes:
        place: whom to connect to.
        path: without a slash at the end; empty for the root.
        door: what ``https`` leaves through; None for ``http``.
    """

    place: Place
    path: str
    door: Door | None = None

    @property
    def shown(self) -> str:
        """The address as it is written."""
        scheme = "http" if self.door is None else "https"
        return f"{scheme}://{self.place.shown}{self.path}"

    @property
    def private(self) -> bool:
        """Whether nobody on the way can read what is sent."""
        return self.door is not None or self.place.local

    def ask(self, request: "Request") -> "Answer":
        """Send a request and return the answer.

        Raises:
            NotAble: nobody is there or proves who it is, or what came is no answer.
        """
        if self.door is None:
            return exchange(self.place, request)
        named = f"{request.method} {request.target}"
        with (
            _told(self.place, request),
            sealed(self.door, self.place, named, request.body) as line,
        ):
            return _exchange(line, request)


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked.

    Attributes:
        method: such as ``"PUT"``.
        target: path or, for a proxy, the whole address.
        host: for the header of that name.
        headers: others.
        body: its bytes.
    """

    method: str
    target: str
    host: str
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back.

    Attributes:
        status: from 200 to 599.
        headers: in lower case.
        body: at most `MOST_ANSWER` bytes of it.
        whole: the body came to its end.
    """

    status: int
    headers: dict[str, str]
    body: bytes
    whole: bool = True


def address(url: str, *, https: bool = True) -> Address:
    """Read an address.

    Args:
        url: what the person wrote.
        https: whether that can be asked, too.

    Raises:
        Refused: it is none.
    """
    try:
        parts = urlsplit(url)
        port = parts.port or _PORTS.get(parts.scheme, 0)
        host = parts.hostname or ""
    except ValueError as error:
        raise Refused(f"{url!r} is no address") from error
    if parts.scheme == "https" and not https:
        raise Refused(f"{url!r}: https cannot be used here; name one with http")
    if not port or not host or parts.query or parts.username:
        raise Refused(f"{url!r} is no address such as http://127.0.0.1:8080/path")
    where = place(f"[{host}]" if ":" in host else host, port)
    door = door_to(where) if parts.scheme == "https" else None
    return Address(where, parts.path.rstrip("/"), door)


def basic(user: str, password: str) -> dict[str, str]:
    """Return the header for a name and a password (RFC 7617)."""
    pair = base64.b64encode(f"{user}:{password}".encode()).decode("ascii")
    return {"Authorization": f"Basic {pair}"}


def exchange(where: Place, request: Request) -> Answer:
    """Send a request and return the answer.

    Raises:
        NotAble: nobody is there, or what came is no answer.
    """
    with _told(where, request), Line(where) as line:
        return _exchange(line, request)


@contextmanager
def _told(where: Place, request: Request) -> Iterator[None]:
    """Say of an error of the protocol whose it is."""
    try:
        yield
    except (h11.LocalProtocolError, UnicodeError) as error:
        raise NotAble(f"{where.shown}: {request.target!r} cannot be asked") from error
    except h11.RemoteProtocolError as error:
        raise NotAble(f"{where.shown}: what came is no answer of HTTP") from error


def _exchange(line: Talk, request: Request) -> Answer:
    connection = h11.Connection(h11.CLIENT)
    headers = {
        "Host": request.host,
        "User-Agent": "clearward",
        "Content-Length": str(len(request.body)),
        "Connection": "close",
        **request.headers,
    }
    asked = h11.Request(
        method=request.method, target=request.target, headers=[*headers.items()]
    )
    out = connection.send(asked) or b""
    out += connection.send(h11.Data(data=request.body)) or b""
    line.send(out + (connection.send(h11.EndOfMessage()) or b""))
    return _answer(line, connection)


def _answer(line: Talk, connection: h11.Connection) -> Answer:
    """Read an answer; a body that breaks off or breaks the rules is not whole."""
    head: h11.Response | None = None
    body = bytearray()
    whole = False
    for event in _events(line, connection):
        if isinstance(event, h11.Response):
            head = event
        elif isinstance(event, h11.Data):
            body += event.data
        whole = isinstance(event, h11.EndOfMessage)
        if len(body) > MOST_ANSWER:
            break
    if head is None:
        raise NotAble("the connection was closed without an answer")
    names = {
        key.decode("latin-1"): value.decode("latin-1") for key, value in head.headers
    }
    return Answer(head.status_code, names, bytes(body[:MOST_ANSWER]), whole)


def _events(line: Talk, connection: h11.Connection) -> Iterator[h11.Event]:
    """Yield what comes, up to the end or to what breaks the rules of a body."""
    begun = False
    while True:
        try:
            event = connection.next_event()
        except h11.RemoteProtocolError:
            if begun:
                return
            raise
        if isinstance(event, h11.Event):
            begun |= isinstance(event, h11.Response)
            yield event
            if isinstance(event, h11.EndOfMessage | h11.ConnectionClosed):
                return
        else:
            connection.receive_data(line.receive())
