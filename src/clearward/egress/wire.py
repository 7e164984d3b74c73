"""A connection whose bytes are counted and whose end is certain.

The counts are of bytes that the socket was given and gave, under TLS those of its
records: what the kernel counts as payload, so that both can be compared.
"""

import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from clearward.core.errors import Refused, Unavailable
from clearward.egress.addresses import is_public
from clearward.egress.request import Destination

PIECE = 1 << 16  # bytes that are read at once

Clock = Callable[[], float]


class TooSlow(Unavailable):
    """There is no time left."""


class Wire:
    """One connection.

    Args:
        destination: where to; its name is looked up once.
        until: when all of it has to be over, by `clock`.
        clock: seconds that only grow.
        public: every address of it has to be one of the whole internet.

    Attributes:
        sent: bytes.
        received: bytes.

    Raises:
        Refused: an address of it is not public, and has to be.
        Unavailable: it cannot be made in time.
    """

    def __init__(
        self,
        destination: Destination,
        until: float,
        clock: Clock = time.monotonic,
        *,
        public: bool = False,
    ) -> None:
        self.destination = destination
        self._public = public
        self.sent = 0
        self.received = 0
        self._until = until
        self._clock = clock
        with self._told():
            self._socket = self._connected()

    def write(self, data: bytes) -> None:
        """Send all of it.

        Raises:
            TooSlow: there is no time left.
            Unavailable: the other side is gone.
        """
        rest = memoryview(data)
        with self._told():
            while rest:
                self._socket.settimeout(self._left())
                count = self._socket.send(rest)
                self.sent += count
                rest = rest[count:]

    def read(self) -> bytes:
        """Return what comes next; nothing at the end.

        Raises:
            TooSlow: there is no time left.
            Unavailable: the other side is gone.
        """
        with self._told():
            self._socket.settimeout(self._left())
            data = self._socket.recv(PIECE)
        self.received += len(data)
        return data

    def close(self) -> None:
        """End it."""
        self._socket.close()

    def _connected(self) -> socket.socket:
        """Try one address behind the other; each has its share of the time."""
        found = socket.getaddrinfo(
            self.destination.host, self.destination.port, type=socket.SOCK_STREAM
        )
        for *_, address in found if self._public else ():
            if not is_public(str(address[0])):
                said = f"its address {address[0]} is not public, and was not named"
                raise Refused(f"{self.destination}: {said}")
        failed = OSError("it has no address")
        for number, (family, kind, protocol, _, address) in enumerate(found):
            made = socket.socket(family, kind, protocol)
            try:
                made.settimeout(self._left() / (len(found) - number))
                made.connect(address)
                made.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            except OSError as error:
                made.close()
                failed = error
            except BaseException:
                made.close()
                raise
            else:
                return made
        raise failed

    def _left(self) -> float:
        """Return how many seconds there are."""
        left = self._until - self._clock()
        if left <= 0:
            raise TimeoutError
        return left

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except TimeoutError as error:
            raise TooSlow(f"{self.destination}: too slow") from error
        except (OSError, UnicodeError) as error:
            said = getattr(error, "strerror", None) or str(error)
            raise Unavailable(f"{self.destination}: {said}") from error
