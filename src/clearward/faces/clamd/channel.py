"""The socket of one client: reading when there is something, writing what is owed.

A server that closes while its client still sends destroys the answer on its way: the
client gets a reset instead. So whoever is told something before he has sent all is
told that nothing more comes (the other direction stays open), and what he still sends
is read and thrown away, as long as he goes on. Nextcloud's client takes a connection
that ends within a file for a fault, and sends the rest of the file as a stream of its
own: what that is found to be would be said of the whole file.

Source: tcp(7); RFC 1122, section 4.2.2.13, on closing with unread data.
"""

import asyncio
import os
import socket
from abc import ABC, abstractmethod
from contextlib import suppress

from clearward.core.limits import KIB
from clearward.faces.clamd import passed

NEVER = float("inf")
MOST_UNSENT = 64 * KIB  # bytes of answers, before the client has to read some
MOST_DRAINED = 1 << 40  # bytes: more than any file, and not for ever


class Channel(ABC):
    """One connection's socket.

    Args:
        loop: that runs.
        sock: accepted; does not block.
        patience: seconds between two pieces of what is thrown away.

    Attributes:
        open: its socket is not closed yet.
        deadline: on the event loop's clock; whoever is not done by then is cut.
        sock: the client's.
        unix: it is a Unix socket.
        drained: bytes that were thrown away, once some are; -1 before.
        ending: the client was told that nothing more comes.
    """

    __slots__ = (
        *("_loop", "_patience", "_unsent", "_watched", "deadline", "drained"),
        *("ending", "open", "sock", "unix"),
    )

    def __init__(
        self, loop: asyncio.AbstractEventLoop, sock: socket.socket, patience: float
    ) -> None:
        self._loop = loop
        self._patience = patience
        self._unsent = b""
        self._watched = False
        self.deadline = NEVER
        self.drained = -1
        self.ending = False
        self.open = True
        self.sock = sock
        self.unix = sock.family == socket.AF_UNIX

    @property
    def clogged(self) -> bool:
        """The client reads more slowly than it is answered."""
        return len(self._unsent) > MOST_UNSENT

    @property
    def sent(self) -> bool:
        """Everything that was said is on its way."""
        return not self._unsent

    def watch(self) -> None:
        """Be told when there is something to read."""
        if not self._watched and self.open:
            self._watched = True
            self._loop.add_reader(self.sock.fileno(), self.readable)

    def unwatch(self) -> None:
        """Read nothing for now."""
        if self._watched:
            self._watched = False
            self._loop.remove_reader(self.sock.fileno())

    def send(self, data: bytes) -> None:
        """Send an answer, now or as soon as the client reads."""
        if not self.open:
            return
        if self._unsent:
            self._unsent += data
            return
        try:
            count = self.sock.send(data)
        except (BlockingIOError, InterruptedError):
            count = 0
        except OSError:
            self.leave()
            return
        if count < len(data):
            self._unsent = data[count:]
            self._loop.add_writer(self.sock.fileno(), self._writable)
            self.blocked()

    def read(self, buffer: memoryview) -> tuple[int, int] | None:
        """Read one packet.

        Returns:
            How many bytes, 0 at the end, and a descriptor or -1; None if there is
            nothing yet, or nobody any more.
        """
        try:
            if self.unix:
                return passed.receive(self.sock, buffer)
            return self.sock.recv_into(buffer), -1
        except (BlockingIOError, InterruptedError):
            self.watch()
        except OSError:
            self.leave()
        return None

    def throw_away(self, count: int) -> None:
        """Count what came in and is not used; too much of it ends the connection."""
        self.drained = max(self.drained, 0) + count
        self.deadline = self._loop.time() + self._patience
        if self.drained > MOST_DRAINED:
            self.leave()

    def drain(self) -> None:
        """Say that nothing more comes, and wait for the client to notice."""
        if self.ending:
            return
        self.ending = True
        self.drained = max(self.drained, 0)
        self.deadline = self._loop.time() + self._patience
        with suppress(OSError):
            self.sock.shutdown(socket.SHUT_WR)
        self.watch()

    def close(self) -> None:
        """Close the socket; once is enough."""
        if self.open:
            self.unwatch()
            if self._unsent:
                self._loop.remove_writer(self.sock.fileno())
                self._unsent = b""
            self.open = False
            self.sock.close()

    @property
    @abstractmethod
    def busy(self) -> bool:
        """It is owed something, or has not read it yet."""

    @abstractmethod
    def keep_watch(self) -> None:
        """See from now on whether the client leaves before it has its answer."""

    @abstractmethod
    def look(self) -> None:
        """See whether a client that sends nothing more has gone."""

    @abstractmethod
    def expired(self) -> None:
        """Its time is over."""

    @abstractmethod
    def readable(self) -> None:
        """There is something to read."""

    @abstractmethod
    def blocked(self) -> None:
        """The client does not read what it is sent."""

    @abstractmethod
    def written(self) -> None:
        """The client has read some of what it was sent."""

    @abstractmethod
    def leave(self) -> None:
        """Forget everything and close the socket; once is enough."""

    def _writable(self) -> None:
        try:
            count = self.sock.send(self._unsent)
        except (BlockingIOError, InterruptedError):
            return
        except OSError:
            self.leave()
            return
        self._unsent = self._unsent[count:]
        if not self._unsent:
            self._loop.remove_writer(self.sock.fileno())
        self.written()


def close_passed(descriptor: int) -> None:
    """Close a descriptor that came and was not asked for, if there is one."""
    if descriptor >= 0:
        os.close(descriptor)
