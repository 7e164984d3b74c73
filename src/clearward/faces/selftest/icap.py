"""Ask an ICAP server about a response that carries the sample, as a proxy does.

Source: RFC 3507; RESPMOD in section 4.9, bodies in chunks in 4.4.3.
"""

import re
from dataclasses import dataclass

from clearward.core.errors import Refused
from clearward.faces.selftest.chain import Fate, NotAble, Seen
from clearward.faces.selftest.dialing import Line, Place, place
from clearward.faces.selftest.samples import Sample

PORT = 1344
MOST_ANSWER = 1 << 20  # bytes
_STATUS = re.compile(rb"ICAP/1\.[01] ([0-9]{3})[ \r]")
_INNER = re.compile(rb"^HTTP/1\.[01] ([0-9]{3})[ \r]", re.MULTILINE)
_FOUND = re.compile(
    rb"^(?:x-infection-found|x-virus-id):", re.IGNORECASE | re.MULTILINE
)
_SERVICE = re.compile(r"[A-Za-z0-9_.~?=&-]+")
_UNCHANGED, _CHANGED, _FORBIDDEN = 204, 200, 400


@dataclass(frozen=True, slots=True)
class Icap:
    """One service.

    Attributes:
        where: its server.
        service: such as ``"avscan"``.
    """

    where: Place
    service: str
    name: str = "icap"

    @property
    def target(self) -> str:
        """The address, with the service."""
        return f"{self.where.shown}/{self.service}"

    def send(self, sample: Sample) -> Seen:
        """Ask about a response."""
        answer = b""
        with Line(self.where) as line:
            line.send(request(self.where.shown, self.service, sample.content))
            while len(answer) < MOST_ANSWER and (data := line.receive()):
                answer += data
        return judged(answer, sample.content)


def icap(text: str) -> Icap:
    """Read ``ADDRESS[/SERVICE]``.

    Raises:
        Refused: it is none.
    """
    where, slash, service = text.removeprefix("icap://").partition("/")
    if text.startswith("unix:"):
        where, slash, service = text, "", ""
    service = service or "avscan"
    if slash and not _SERVICE.fullmatch(service):
        raise Refused(f"{service!r} is no name of an ICAP service")
    return Icap(place(where, PORT), service)


def request(host: str, service: str, content: bytes) -> bytes:
    """Return a RESPMOD request for a response with some content."""
    asked = b"GET /file.txt HTTP/1.1\r\nHost: selftest.invalid\r\n\r\n"
    answered = (
        b"HTTP/1.1 200 OK\r\nContent-Type: application/octet-stream\r\n"
        b"Content-Length: %d\r\n\r\n" % len(content)
    )
    body = len(asked) + len(answered)
    head = (
        f"RESPMOD icap://{host}/{service} ICAP/1.0\r\nHost: {host}\r\n"
        "Allow: 204\r\nConnection: close\r\n"
        f"Encapsulated: req-hdr=0, res-hdr={len(asked)}, res-body={body}\r\n\r\n"
    )
    chunk = b"%x\r\n%b\r\n0\r\n\r\n" % (len(content), content)
    return head.encode("ascii", errors="backslashreplace") + asked + answered + chunk


def judged(answer: bytes, content: bytes) -> Seen:
    """Read an answer to a request with some content.

    Raises:
        NotAble: it is none.
    """
    status = _STATUS.match(answer)
    if status is None:
        raise NotAble("what came is no answer of ICAP")
    code = int(status[1])
    head, _, inner = answer.partition(b"\r\n\r\n")
    said = [f"icap: {code}"]
    found = _FOUND.search(head)
    if found:
        said.append(head[found.start() :].split(b"\r\n")[0].decode("latin-1"))
    within = _INNER.search(inner)
    if within:
        said.append(f"in it: HTTP {int(within[1])}")
    if code == _UNCHANGED:
        return Seen(Fate.PASSED, tuple(said))
    if code != _CHANGED or within is None:
        return Seen(Fate.UNCLEAR, tuple(said))
    if content in inner:
        return Seen(Fate.PASSED, tuple(said))
    blocked = bool(found) or int(within[1]) >= _FORBIDDEN
    return Seen(Fate.BLOCKED if blocked else Fate.UNCLEAR, tuple(said))
