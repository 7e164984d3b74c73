"""One HTTP request and its answer, over a connection of its own.

h11 knows the protocol; here is only what it is asked and what comes back. There is no
TLS yet: the only door of this program that may use it is still to be built, so that an
``https`` address is refused and not tried without.
"""

import base64
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import h11

from clearward.core.errors import Refused
from clearward.faces.selftest.chain import NotAble
from clearward.faces.selftest.dialing import Line, Place, place

MOST_ANSWER = 1 << 20  # bytes of an answer that are kept
_HTTP = 80


@dataclass(frozen=True, slots=True)
class Address:
    """An ``http`` address.

    Attributes:
        place: whom to connect to.
        path: without a slash at the end; empty for the root.
    """

    place: Place
    path: str

    @property
    def shown(self) -> str:
        """The address as it is written."""
        return f"http://{self.place.shown}{self.path}"


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


def address(url: str) -> Address:
    """Read an address.

    Raises:
        Refused: it is none, or not of ``http``.
    """
    try:
        parts = urlsplit(url)
        port = parts.port or _HTTP
        host = parts.hostname or ""
    except ValueError as error:
        raise Refused(f"{url!r} is no address") from error
    if parts.scheme == "https":
        raise Refused(
            f"{url!r}: https cannot be used yet; name the server behind it with http"
        )
    if parts.scheme != "http" or not host or parts.query or parts.username:
        raise Refused(f"{url!r} is no address such as http://127.0.0.1:8080/path")
    host = f"[{host}]" if ":" in host else host
    return Address(place(host, port), parts.path.rstrip("/"))


def basic(user: str, password: str) -> dict[str, str]:
    """Return the header for a name and a password (RFC 7617)."""
    pair = base64.b64encode(f"{user}:{password}".encode()).decode("ascii")
    return {"Authorization": f"Basic {pair}"}


def exchange(where: Place, request: Request) -> Answer:
    """Send a request and return the answer.

    Raises:
        NotAble: nobody is there, or what came is no answer.
    """
    try:
        with Line(where) as line:
            return _exchange(line, request)
    except (h11.LocalProtocolError, UnicodeError) as error:
        raise NotAble(f"{where.shown}: {request.target!r} cannot be asked") from error
    except h11.RemoteProtocolError as error:
        raise NotAble(f"{where.shown}: what came is no answer of HTTP") from error


def _exchange(line: Line, request: Request) -> Answer:
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


def _answer(line: Line, connection: h11.Connection) -> Answer:
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


def _events(line: Line, connection: h11.Connection) -> Iterator[h11.Event]:
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
