"""A repository on a web server, fetched through the one door.

Requests are made of names in the repository and of nothing else. Which ones are made
follows from what is published and what is installed: never from a scanned file.
"""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from copy import copy
from typing import Self
from urllib.parse import quote

from clearward.core.errors import Refused
from clearward.egress.door import Connection, Door, NotThere, TooMuch
from clearward.egress.ledger import Ledger
from clearward.egress.policy import Policy
from clearward.egress.request import Place, Reason, Request
from clearward.egress.tls import Trust
from clearward.installing.carrier import Files, Missing, TooLong

_PLAIN = "%/:@!$&'()*+,;=~-._"  # in the path of an address, besides letters and digits
_LARGE = 1 << 20  # bytes of a file that gets time of its own
_RATE = 50_000  # bytes a second, at least
_MOST = 1 << 32  # bytes that time is given for


class WebCarrier:
    """Asks a server for files. Use it in a `with` block.

    Args:
        address: that the names stand below.
        ledger: of what leaves.
        seconds: until all is over but large files, each of which has as much again,
            and a second for every 50 kB.
        trust: whose word counts for the names of servers.

    Attributes:
        door: what is asked leaves through it.

    Raises:
        Refused: this is no address.
    """

    def __init__(
        self,
        address: str,
        ledger: Ledger,
        seconds: float,
        trust: Trust | None = None,
    ) -> None:
        self._place = Place.parse(address)
        named = Policy.of({Reason.UPDATE: [self._place.destination]})
        self.door = Door(ledger, named, trust)
        self._seconds = seconds
        self._stack = ExitStack()

    def __enter__(self) -> Self:
        self._connection = self._open(self._stack, self._seconds)
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def read(self, name: str, most: int) -> bytes:
        """Return a whole file."""
        return b"".join(self.stream(name, most))

    def stream(self, name: str, most: int) -> Iterator[bytes]:
        """Yield a file in pieces."""
        with ExitStack() as stack:
            connection = self._connection
            if most > _LARGE:
                connection = self._open(stack, self._time(most))
            try:
                yield from connection.fetch(self._request(name), most=most)
            except NotThere as error:
                raise Missing(name, error.status) from error
            except TooMuch as error:
                raise TooLong(f"{name}: longer than {most:,} bytes") from error

    @contextmanager
    def many(self, most: int) -> Iterator[Files]:
        """Give a connection of its own for many files, with time for all of them."""
        with ExitStack() as stack:
            own = copy(self)
            own._connection = self._open(stack, self._time(most))  # noqa: SLF001
            yield own

    def _time(self, most: int) -> float:
        return self._seconds + min(most, _MOST) / _RATE

    def _request(self, name: str) -> Request:
        try:
            return Request("GET", self._place.target(quote(name, safe=_PLAIN)))
        except ValueError as error:
            raise Refused(f"{name!r}: this cannot be asked for") from error

    def _open(self, stack: ExitStack, seconds: float) -> Connection:
        door = self.door.connection(
            self._place.destination, Reason.UPDATE, seconds=seconds
        )
        return stack.enter_context(door)
