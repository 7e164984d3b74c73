"""Where files of a set are read from: a folder, or a server through the one door.

A server is asked for whole files by their names and for nothing else; the only thing
that a request can say is which bucket.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from clearward.core.errors import Refused
from clearward.egress.door import Door
from clearward.egress.ledger import Ledger
from clearward.egress.policy import Policy
from clearward.egress.request import Place, Reason, Request
from clearward.faces.cli.run_ledger_witness import cosign_after
from clearward.stores.home import home
from clearward.stores.reputation import read

Read = Callable[[str, int], bytes]  # the name of a file, and how long it is at most


def is_address(where: str) -> bool:
    """Say whether this names a server, and no folder."""
    return where.startswith(("http://", "https://"))


@contextmanager
def place(where: str, *, seconds: float) -> Iterator[Read]:
    """Give what reads files of a set.

    Args:
        where: a folder, or the address of one.
        seconds: until all has to be fetched.

    Raises:
        Refused: it is not there, or longer than said.
        Unavailable: the server cannot be reached, or is too slow.
    """
    if not is_address(where):
        yield lambda name, most: _whole(read(where, name, most=most + 1), name, most)
        return
    found = Place.parse(where)
    policy = Policy.of({Reason.LOOKUP: [found.destination]})
    door = Door(Ledger(home()), policy)
    try:
        with door.connection(found.destination, Reason.LOOKUP, seconds=seconds) as to:

            def fetch(name: str, most: int) -> bytes:
                request = Request("GET", found.target(name))
                return b"".join(to.fetch(request, most=most))

            yield fetch
    finally:
        cosign_after(door)


def _whole(data: bytes, name: str, most: int) -> bytes:
    if len(data) > most:
        raise Refused(f"{name}: is longer than {most:,} bytes")
    return data
