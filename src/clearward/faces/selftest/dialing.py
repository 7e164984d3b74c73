"""Connections to the address that the person named, with a deadline."""

import errno
import re
import socket
import time
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self

from clearward.core.errors import Refused
from clearward.faces.selftest.chain import NotAble

SECONDS = 60.0  # for everything on one connection
_READ = 65536
_MOST_PORT = 65535
_ADDRESS = re.compile(
    r"(?:tcp:)?(?:\[(?P<six>[0-9A-Fa-f:.%]+)\]|(?P<host>[^:/\[\]\s]+))"
    r"(?::(?P<port>[0-9]{1,5}))?"
)
_LOCAL = re.compile(r"localhost|127(?:\.[0-9]{1,3}){3}|::1")


@dataclass(frozen=True, slots=True)
class Place:
    """Where to connect to.

    Attributes:
        host: name or number; empty for a path.
        port: from 1 to 65535; 0 for a path.
        path: of a socket in the file system; empty for an address.
    """

    host: str = ""
    port: int = 0
    path: str = ""

    @property
    def local(self) -> bool:
        """Whether what is sent stays on this machine."""
        return bool(self.path) or _LOCAL.fullmatch(self.host) is not None

    @property
    def shown(self) -> str:
        """As it stands in a header or a message."""
        if self.path:
            return f"unix:{self.path}"
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{host}:{self.port}"


def place(text: str, port: int) -> Place:
    """Read ``HOST[:PORT]``, ``tcp:HOST:PORT`` or ``unix:PATH``.

    Args:
        text: what the person wrote.
        port: that of the protocol, where none is written.

    Raises:
        Refused: it is none of these.
    """
    if text.startswith("unix:") and len(text) > len("unix:"):
        return Place(path=text.removeprefix("unix:"))
    found = _ADDRESS.fullmatch(text)
    number = int(found["port"] or port) if found else 0
    if found is None or not 0 < number <= _MOST_PORT:
        raise Refused(f"{text!r} is no address such as 127.0.0.1:3310 or unix:/run/x")
    return Place(found["six"] or found["host"], number)


class Line:
    """One connection. Use it in a `with` block.

    Args:
        where: to connect to.
        seconds: for all that happens on it.

    Raises:
        NotAble: nobody is there.
    """

    def __init__(self, where: Place, seconds: float = SECONDS) -> None:
        self._end = time.monotonic() + seconds
        self._where = where
        self._socket = self._connected()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._socket.close()

    def send(self, data: bytes) -> None:
        """Send everything; who does not listen any more may still have answered."""
        try:
            self._hurry(self._socket)
            self._socket.sendall(data)
        except (BrokenPipeError, ConnectionResetError):
            return
        except OSError as error:
            raise self._broken(error) from error

    def receive(self) -> bytes:
        """Return what has come; empty at the end.

        Raises:
            NotAble: nothing came in time, or the connection broke.
        """
        try:
            self._hurry(self._socket)
            return self._socket.recv(_READ)
        except OSError as error:
            raise self._broken(error) from error

    def _hurry(self, one: socket.socket) -> None:
        left = self._end - time.monotonic()
        if left <= 0:
            raise TimeoutError(errno.ETIMEDOUT, "no answer in time")
        one.settimeout(left)

    def _broken(self, error: OSError) -> NotAble:
        why = error.strerror or "no answer in time"
        return NotAble(f"{self._where.shown}: {why}")

    def _connected(self) -> socket.socket:
        where = self._where
        places: list[tuple[int, Any]] = [(socket.AF_UNIX, where.path)]
        try:
            if not where.path:
                found = socket.getaddrinfo(
                    where.host, where.port, type=socket.SOCK_STREAM
                )
                places = [(each[0], each[4]) for each in found]
        except (OSError, UnicodeError) as error:
            raise NotAble(f"{where.shown}: no such host") from error
        failed = OSError(0, "no address")
        for family, address in places:
            one = socket.socket(family, socket.SOCK_STREAM)
            try:
                self._hurry(one)
                one.connect(address)
            except OSError as error:
                one.close()
                failed = error
            else:
                return one
        raise self._broken(failed)
