"""What is tried: to leave unasked, to need a way out, to leave unrecorded."""

import os
import socket
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial

from clearward.core.errors import Refused, Unavailable
from clearward.egress.connections import connections
from clearward.egress.door import Door
from clearward.egress.ledger import Ledger
from clearward.egress.policy import Policy
from clearward.egress.record import Closed
from clearward.egress.request import Destination, Reason, Request
from clearward.faces.prove.counters import Counts, on_the_wire
from clearward.faces.prove.lab import FAR, PORT, Lab
from clearward.faces.prove.publisher import Publisher, update
from clearward.faces.prove.running import Home

SIZES = (0, 10, 1_000, 100_000, 3_000_000)
_MOST = 1 << 26
_PATIENCE = 5.0  # seconds that the last packets of a connection may take
_SOON = 0.02
_TRIES = 20
_PEER = Destination("http", str(FAR.address.ip), PORT)
_DISCARD = 9  # a port that nobody listens on

_EICAR = b"".join((b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$", b"EICAR-STANDARD-", b"ANTIVIRUS"))
FOUND = _EICAR + b"-TEST-FILE!$H+H*"  # put together here, so that this file is not it


@dataclass(frozen=True, slots=True)
class Tried:
    """One attempt.

    Attributes:
        attempt: a word for it.
        result: what came of it.
        blocked: it did not get what it was after.
    """

    attempt: str
    result: str
    blocked: bool


@dataclass(frozen=True, slots=True)
class Told:
    """What the ledger says of some connections.

    Attributes:
        sent: bytes given to sockets.
        received: bytes taken from them.
        connections: how many there were.
    """

    sent: int
    received: int
    connections: int


@dataclass(frozen=True, slots=True)
class Work:
    """Something that people do with a home.

    Attributes:
        name: a word for it.
        do: does it, and says what came of it.
        expected: what has to come of it.
    """

    name: str
    do: Callable[[], int | bytes]
    expected: int | bytes


def works(home: Home) -> tuple[Work, ...]:
    """What is done without anything being asked to leave."""
    image = os.path.join(home.folder, "made.cwr")
    rule = os.path.join(home.folder, "mine.yar")
    with open(rule, "w", encoding="ascii") as file:
        file.write("rule mine { condition: false }\n")

    def command(name: str, status: int, *words: str) -> Work:
        return Work(name, lambda: home.run(*words), status)

    answer = b"stream: Eicar-Test-Signature FOUND\0"
    return (
        command("scan", 1, "scan", "--json", "--require-level", "D", home.files),
        Work("serve", lambda: home.serve(FOUND)[-6:], answer[-6:]),
        command("rules-list", 0, "rules", "list"),
        command("rules-compile", 0, "rules", "compile", rule, "-o", image),
        command("rules-exclude", 0, "rules", "exclude", "mine", "--for", "1d"),
        command("quarantine", 0, "quarantine", "list"),
        command("ledger", 0, "ledger", "verify"),
    )


def leaving(lab: Lab, home: Home) -> Iterator[Tried]:
    """See whether anything leaves when nothing is configured, though it could."""
    for work in works(home):
        before, elsewhere = lab.counts(), lab.elsewhere()
        work.do()
        after = lab.counts().since(before)
        count = after.sent + lab.elsewhere() - elsewhere
        yield Tried(f"leave-{work.name}", f"{count} bytes", after.nothing and not count)


def needing(lab: Lab, home: Home) -> Iterator[Tried]:
    """See whether anything needs a way out; there is none meanwhile."""
    with lab.cut():
        for work in works(home):
            came = work.do()
            works_so = came == work.expected
            said = "works without" if works_so else f"does not work: {came!r}"
            yield Tried(f"need-route-{work.name}", said, works_so)


def unrecorded(lab: Lab, home: Home) -> Iterator[Tried]:
    """Compare what the ledger says of connections with what the kernel counted."""
    _see_what_no_ledger_tells(lab)
    for size in SIZES:
        one = f"/size/{size}"
        yield _compared(lab, home, f"unrecorded-{size}", partial(fetch, home, [one]))
    several = [f"/size/{size}" for size in SIZES]
    yield _compared(lab, home, "unrecorded-several", partial(fetch, home, several))


def unrecorded_updates(lab: Lab, home: Home, publisher: Publisher) -> Iterator[Tried]:
    """The same of updates, with nothing new and with something."""
    check = partial(update, home, publisher)
    check()
    yield _compared(lab, home, "unrecorded-check", check)
    yield _compared(lab, home, "unrecorded-update", partial(_renew, home, publisher))


def fetch(home: Home, targets: Sequence[str]) -> None:
    """Ask the peer for some things, on one connection through the door."""
    door = Door(Ledger(home.path), Policy.of({Reason.UPDATE: [_PEER]}))
    with door.connection(_PEER, Reason.UPDATE, seconds=60) as connection:
        for target in targets:
            connection.ask(Request("GET", target), most=_MOST)


def _renew(home: Home, publisher: Publisher) -> None:
    """Update to a release that was not there before."""
    publisher.release(time.time_ns())
    update(home, publisher)


def _compared(lab: Lab, home: Home, name: str, leave: Callable[[], object]) -> Tried:
    """Let something leave; where TCP had to mend something, again."""
    for _ in range(_TRIES):
        mended, seen = lab.irregular(), len(_closed(home))
        before = lab.counts()
        leave()
        told = _sum(_closed(home)[seen:])
        wire = _settled(lab, before, told)
        result = f"ledger {told.sent}+{told.received}, kernel {_payload(wire, told)}"
        tried = Tried(name, result, _agree(wire, told))
        if lab.irregular() == mended:
            return tried
    return Tried(name, "the line loses too much", blocked=False)


def _settled(lab: Lab, before: Counts, told: Told) -> Counts:
    """Return what was carried, once the last packets are through as well."""
    until = time.monotonic() + _PATIENCE
    while True:
        wire = lab.counts().since(before)
        if _agree(wire, told) or time.monotonic() > until:
            return wire
        time.sleep(_SOON)


def _agree(wire: Counts, told: Told) -> bool:
    """Say whether kernel and ledger tell the same, to the byte and both ways."""
    return wire.sent_packets > 0 and _payload(wire, told) == (
        f"{told.sent}+{told.received}"
    )


def _payload(wire: Counts, told: Told) -> str:
    """What was sent and received of what the kernel has counted."""
    opened = told.connections
    sent = wire.sent - on_the_wire(0, wire.sent_packets, opened)
    received = wire.received - on_the_wire(0, wire.received_packets, opened)
    return f"{sent}+{received}"


def _closed(home: Home) -> list[Closed]:
    """The ends of all connections in the ledger."""
    told = connections(Ledger(home.path).path).connections
    return [one.closed for one in told if one.closed is not None]


def _sum(closed: Sequence[Closed]) -> Told:
    sent = sum(one.sent for one in closed)
    return Told(sent, sum(one.received for one in closed), len(closed))


def _see_what_no_ledger_tells(lab: Lab) -> None:
    """Send something past the door, and see that the kernel tells of it.

    Raises:
        Refused: it does not, so nothing could be shown.
    """
    before = lab.counts()
    until = time.monotonic() + _PATIENCE
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as link:
        while lab.counts().since(before).sent == 0:
            if time.monotonic() > until:
                raise Refused("prove --egress: this kernel does not count what leaves")
            with suppress(OSError):  # a line that has just been made loses the first
                link.sendto(b"past the door", (str(FAR.address.ip), _DISCARD))
            time.sleep(_SOON)
    _wait_until_quiet(lab)


def _wait_until_quiet(lab: Lab) -> None:
    """Wait until nothing is on its way any more.

    Raises:
        Unavailable: that does not happen.
    """
    until = time.monotonic() + _PATIENCE
    counts, since = lab.counts(), time.monotonic()
    while time.monotonic() - since < 10 * _SOON:
        now = lab.counts()
        if now != counts:
            counts, since = now, time.monotonic()
        if time.monotonic() > until:
            raise Unavailable("the line of the lab does not get quiet")
        time.sleep(_SOON)
