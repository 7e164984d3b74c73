"""What can be said to the outside: where, why, and a request made of constants.

A request has no place for a header of the caller's: all that a request carries besides
its target is the same from every machine. There is no cookie, no condition and no
identifier that could be forgotten here. The one thing that tells who asks is a `Key`,
which a publisher has been given by a source; the door takes it for `import` alone.
"""

import hashlib
import re
from dataclasses import dataclass, field
from enum import StrEnum
from ipaddress import IPv6Address
from urllib.parse import urlsplit

from typing_extensions import override

from clearward.core.errors import Refused

_PORTS = {"http": 80, "https": 443}
_MOST_PORT = 65535
_NAME = re.compile(r"(?!-)[A-Za-z0-9_-]{1,63}(?:\.(?!-)[A-Za-z0-9_-]{1,63})*\.?")
_MOST_NAME = 253  # characters of a host's name (RFC 1035, section 2.3.4)
_TARGET = re.compile(r"/[A-Za-z0-9._~!$&'()*+,;=:@/%?-]*")  # RFC 3986, section 3.3
_MOST_TARGET = 2048
_KEY = re.compile(r"[A-Za-z0-9._~-]{16,512}")  # RFC 3986, section 2.3: as it is
_FIELD = re.compile(r"[A-Za-z][A-Za-z0-9-]{0,63}")
_NO_KEY = re.compile(
    r"(?:accept|accept-encoding|connection|content-.*|cookie|expect|host|if-.*|"
    r"proxy-.*|range|te|trailer|transfer-encoding|upgrade|user-agent)",
    re.IGNORECASE,
)
HERE = "{key}"  # where a key stands in a target; no target has braces
_TYPE = re.compile(r"[a-z]+/[a-z0-9.+-]+(?:; ?[a-z]+=[a-z0-9-]+)?")


class Reason(StrEnum):
    """What a connection is needed for."""

    UPDATE = "update"
    WITNESS = "witness"
    IMPORT = "import"
    NOTIFY = "notify"
    SELFTEST = "selftest"
    LOOKUP = "lookup"


@dataclass(frozen=True, slots=True)
class Destination:
    """One server.

    Attributes:
        scheme: ``http`` or ``https``.
        host: a name or an address, without brackets.
        port: 1 to 65535.

    Raises:
        ValueError: one of them is not of this form.
    """

    scheme: str
    host: str
    port: int

    def __post_init__(self) -> None:
        if self.scheme not in _PORTS or not 0 < self.port <= _MOST_PORT:
            raise ValueError("not a scheme and a port of the web")
        if ":" in self.host:
            IPv6Address(self.host)
            if "%" in self.host:
                raise ValueError("an address with a zone")
        elif len(self.host) > _MOST_NAME or not _NAME.fullmatch(self.host):
            raise ValueError("not the name of a host")

    @override
    def __str__(self) -> str:
        return f"{self._host}:{self.port}"

    @property
    def authority(self) -> str:
        """What the field Host says (RFC 9110, section 7.2)."""
        return self._host if self.port == _PORTS[self.scheme] else str(self)

    @property
    def url(self) -> str:
        """The address of its root, without the last slash."""
        return f"{self.scheme}://{self.authority}"

    @property
    def _host(self) -> str:
        return f"[{self.host}]" if ":" in self.host else self.host


@dataclass(frozen=True, slots=True)
class Place:
    """A folder on a server.

    Attributes:
        destination: the server.
        path: begins and ends with a slash.
    """

    destination: Destination
    path: str = "/"

    @classmethod
    def parse(cls, url: str) -> "Place":
        """Read an address.

        Raises:
            Refused: it is not one of the web, or holds a password, a question or
                anything besides host, port and path.
        """
        wrong = Refused(f"{_shown(url)}: not an address of the web")
        try:
            parts = urlsplit(url)
            usual = _PORTS[parts.scheme]
            port = usual if parts.port is None else parts.port
            found = Destination(parts.scheme, (parts.hostname or "").lower(), port)
        except (ValueError, KeyError) as error:
            raise wrong from error
        path = parts.path if parts.path.endswith("/") else f"{parts.path}/"
        more = parts.username is not None or parts.query or parts.fragment
        if more or not _TARGET.fullmatch(path) or len(path) > _MOST_TARGET:
            raise wrong
        return cls(found, path)

    def target(self, name: str) -> str:
        """Return the target of a file in it, whose name is a path without `..`."""
        return f"{self.path}{name}"


@dataclass(frozen=True, slots=True)
class Key:
    """What a source knows a publisher by; never shown.

    Attributes:
        value: 16 characters at least, since the ledger has its SHA-256.
        header: field of the request that carries it; empty if the target does.

    Raises:
        ValueError: it is not of this form; what it is, is not said.
    """

    value: str = field(repr=False)
    header: str = ""

    def __post_init__(self) -> None:
        if not _KEY.fullmatch(self.value):
            raise ValueError("not 16 to 512 letters, digits and . _ ~ -")
        check_header(self.header)

    @property
    def withheld(self) -> str:
        """What the ledger says in its place."""
        digest = hashlib.sha256(self.value.encode()).hexdigest()
        named = f"{self.header}: {HERE} " if self.header else ""
        return f"{named}(withheld: {len(self.value)} bytes, SHA-256 {digest})"


def check_header(name: str) -> None:
    """Let the name of a field that carries a key through; empty is none.

    Raises:
        ValueError: it is no name, or one that HTTP itself needs.
    """
    if name and (not _FIELD.fullmatch(name) or _NO_KEY.fullmatch(name)):
        raise ValueError("not a header for a key")


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked.

    Attributes:
        method: ``GET`` or ``POST``.
        target: path, with what follows a question mark if need be; it has `HERE` in
            the place of a key that no header carries.
        body: of a POST.
        type: media type of the body.
        key: of a publisher.

    Raises:
        ValueError: it is not of this form.
    """

    method: str
    target: str
    body: bytes = b""
    type: str = ""
    key: Key | None = None

    def __post_init__(self) -> None:
        sent = self.sent
        if len(sent) > _MOST_TARGET or not _TARGET.fullmatch(sent):
            raise ValueError("not a target")
        if self.key and not self.key.header and HERE not in self.target:
            raise ValueError("a key without a place")
        if self.method == "GET":
            if self.body or self.type:
                raise ValueError("a body that nobody expects")
        elif self.method != "POST" or not _TYPE.fullmatch(self.type):
            raise ValueError("not a GET, nor a POST with a type")

    @property
    def line(self) -> str:
        """How the ledger names it; what is withheld stands behind it."""
        said = f"{self.method} {self.target}"
        return f"{said} {self.key.withheld}" if self.key else said

    @property
    def sent(self) -> str:
        """The target as the server gets it, with the key if there is one."""
        if self.key is None or self.key.header:
            return self.target
        return self.target.replace(HERE, self.key.value)


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back.

    Attributes:
        status: of HTTP.
        type: of the body, as the server says it.
        body: whole.
    """

    status: int
    type: str
    body: bytes


def _shown(url: str) -> str:
    """Return what may be shown of an address that is none."""
    return ascii(url[:200])[1:-1]
