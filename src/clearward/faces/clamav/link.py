"""A connection to clamd, or to what speaks like it.

It goes where the settings of the person who runs the command say: a socket in the file
system, or an address. What the server says early is heard while something is still
being sent: a server that refuses a stream answers at once, and one that waits for us to
read would else wait forever.
"""

import os
import select
import socket
from collections import deque
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self

from clearward.core.errors import ClearwardError
from clearward.faces.clamav.wire import CHUNK, Replies, chunk, command

_READ = 64 * 1024
_CONNECTING = 30.0  # seconds


class NoLink(ClearwardError):
    """The server cannot be reached; the message says which and why."""


@dataclass(frozen=True, slots=True)
class Server:
    """Where a server listens.

    Attributes:
        path: of its socket; empty for an address.
        host: name or number; empty for a path.
        port: from 1 to 65535; 0 for a path.
    """

    path: str = ""
    host: str = ""
    port: int = 0

    @property
    def called(self) -> str:
        """As it is named in a message."""
        return f"LocalSocket {self.path}" if self.path else self.host


class Link:
    """One connection. Use it in a `with` block.

    Args:
        server: where to connect to.
        seconds: longest wait for an answer; None waits as long as a scan takes.

    Raises:
        NoLink: it cannot be reached.
    """

    def __init__(self, server: Server, seconds: float | None = None) -> None:
        self._socket = _connected(server)
        self._socket.settimeout(0)
        self._seconds = seconds
        self._replies = Replies()
        self._lines: deque[bytes] = deque()
        self._ended = False

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
        """Send everything, and hear what is said meanwhile.

        Raises:
            OSError: the server does not listen any more; it may have said why.
        """
        left = memoryview(data)
        while left:
            self._wait(writing=True)
            with suppress(BlockingIOError):
                left = left[self._socket.send(left, socket.MSG_NOSIGNAL) :]

    def command(self, words: bytes) -> None:
        """Send a command."""
        self.send(command(words))

    def descriptor(self, descriptor: int) -> None:
        """Send an open file, to a server on this machine.

        Raises:
            OSError: as `send`.
        """
        while True:
            self._wait(writing=True)
            with suppress(BlockingIOError):
                socket.send_fds(
                    self._socket, [b"\0"], [descriptor], socket.MSG_NOSIGNAL
                )
                return

    def stream(self, descriptor: int, *, heed: bool) -> None:
        """Send what a descriptor holds, from where it stands.

        Args:
            descriptor: open for reading.
            heed: stop where the server has said something: it refused the stream.

        Raises:
            OSError: it cannot be read, or as `send`.
        """
        while not (heed and (self._lines or self._ended)):
            data = os.read(descriptor, CHUNK)
            self.send(chunk(data))
            if not data:
                return

    def lines(self) -> Iterator[bytes]:
        """Yield what the server says until it closes the connection.

        Raises:
            OSError: the connection broke, or nothing came in time.
            Unclear: what came is no line.
        """
        while True:
            while self._lines:
                yield self._lines.popleft()
            if self._ended:
                rest = self._replies.rest()
                if rest:
                    yield rest.removesuffix(b"\n")
                return
            self._wait(writing=False)

    def line(self) -> bytes:
        """Return the next thing that the server says; empty if it closed instead."""
        return next(self.lines(), b"")

    def _wait(self, *, writing: bool) -> None:
        """Wait until something can be done, and take what came."""
        reading = [] if self._ended else [self._socket]
        asked = [self._socket] if writing else []
        readable, ready, _ = select.select(reading, asked, [], self._seconds)
        if readable:
            self._take()
        elif not ready:
            raise TimeoutError(110, "no answer in time")

    def _take(self) -> None:
        try:
            data = self._socket.recv(_READ)
        except BlockingIOError:
            return
        self._ended = not data
        self._lines += self._replies.receive(data)


def _connected(server: Server) -> socket.socket:
    places: list[tuple[int, Any]] = [(socket.AF_UNIX, server.path)]
    if not server.path:
        try:
            found = socket.getaddrinfo(
                server.host, server.port, type=socket.SOCK_STREAM
            )
        except (OSError, UnicodeError) as error:
            why = getattr(error, "strerror", None) or "not a name"
            raise NoLink(f"Could not lookup {server.host}: {why}") from error
        places = [(each[0], each[4]) for each in found]
    why = "no address"
    for family, address in places:
        made = socket.socket(family, socket.SOCK_STREAM)
        made.settimeout(_CONNECTING)
        try:
            made.connect(address)
        except (OSError, ValueError) as error:
            made.close()
            why = getattr(error, "strerror", None) or str(error)
        else:
            return made
    raise NoLink(f"Could not connect to clamd on {server.called}: {why}")
