"""Ask for a source, and follow where its server sends us on.

    github.com -> release-assets.githubusercontent.com

Only a publisher follows, only to servers that the list names for this source, and each
step goes through the door as if it were the first: policy, ledger, wire. What is named
by a name has to have public addresses; an address inside the site has to be named as
such. A key goes to the source's own server and nowhere else: if a server sends us on
with it in the address, the source is refused.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import unquote

from clearward.core.errors import Refused
from clearward.egress.door import Door, Elsewhere
from clearward.egress.request import Destination, Key, Reason, Request

STEPS = 3  # servers, or places on one, that we are sent on to


@dataclass(frozen=True, slots=True)
class Following:
    """Asks for sources.

    Attributes:
        door: its policy names the servers of the source, and no others.
        own: the source's own server.
        most: bytes of what comes.
        seconds: for all of it.
    """

    door: Door
    own: Destination
    most: int
    seconds: float

    def fetch(self, request: Request) -> Iterator[bytes]:
        """Give what comes, in pieces.

        Args:
            request: to the source's own server.

        Raises:
            Refused: the server does not give it, gives more than it should, or sends us
                on where we do not go.
            Unavailable: a server cannot be reached, or is too slow.
        """
        until = self.door.clock() + self.seconds
        destination, asked = self.own, request
        for _ in range(STEPS + 1):
            try:
                yield from self._one(destination, asked, until)
            except Elsewhere as error:
                self._check(destination, error, request.key)
                destination = error.destination
                # Who was elsewhere has no key any more, not even for its own server.
                asked = _next(
                    error.target, asked.key if destination == self.own else None
                )
            else:
                return
        raise Refused(f"{self.own}: it sends us on more than {STEPS} times")

    def _one(
        self, destination: Destination, asked: Request, until: float
    ) -> Iterator[bytes]:
        """Ask one server, once."""
        with self.door.connection(
            destination,
            Reason.IMPORT,
            seconds=until - self.door.clock(),
            moves=0,
            public=destination != self.own and not _is_address(destination.host),
        ) as connection:
            yield from connection.fetch(asked, most=self.most)

    def _check(self, here: Destination, error: Elsewhere, key: Key | None) -> None:
        """Let a step through.

        Raises:
            Refused: it is none that we take.
        """
        there = error.destination
        if key and key.value.lower() in unquote(f"{there.host}{error.target}").lower():
            raise Refused(f"{here}: it sends us on with the key in the address")
        if here.scheme == "https" and there.scheme != "https":
            raise Refused(f"{here}: it sends us on to {there.url}, which is not sealed")
        try:
            self.door.policy.check(Reason.IMPORT, there)
        except Refused:
            raise error from None


def _next(target: str, key: Key | None) -> Request:
    """Return what is asked at a step; a key that stands in a target is not repeated."""
    return Request("GET", target, key=key if key and key.header else None)


def _is_address(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True
