"""What clamdscan asks of the server itself, and how it comes to one."""

import re
import time
from collections.abc import Iterator
from dataclasses import dataclass

from clearward.core.errors import ClearwardError
from clearward.faces.clamav.link import Link, NoLink, Server
from clearward.faces.clamav.output import Output
from clearward.faces.clamav.wire import Unclear

VERSION = "ClamAV 1.4.6"  # said where no server says its own
TIMED_OUT, WRONG_PING = 21, 34
_WAITING = 10.0  # seconds for an answer
_PING = re.compile(r"([0-9]{1,9})(?::([0-9]{1,9}))?")


TROUBLE = (NoLink, Unclear, OSError)


def trouble(error: Exception) -> str:
    """Say what went wrong between us and a server; `error` is one of `TROUBLE`."""
    if isinstance(error, OSError):
        return f"Communication error: {error.strerror}"
    return str(error)


class BadPing(ClearwardError):
    """The value of ``--ping`` is none; the message is the original's."""


@dataclass(frozen=True, slots=True)
class Patience:
    """How often and how fast to try.

    Attributes:
        attempts: at least one is made.
        interval: seconds between two.
    """

    attempts: int = 30
    interval: int = 1


def patience(value: str | None) -> Patience:
    """Read ``A[:I]``.

    Raises:
        BadPing: it is something else.
    """
    if value is None:
        return Patience()
    found = _PING.fullmatch(value)
    if found is None:
        attempts = value.partition(":")[0]
        wrong = "interval_str" if attempts.isdigit() else "attempt_str"
        raise BadPing(f"{wrong} would go past end of buffer")
    return Patience(int(found[1]), int(found[2] or 1))


def answers(
    servers: tuple[Server, ...], patient: Patience, output: Output, *, verbose: bool
) -> bool:
    """Say whether a server answers PING, sooner or later."""
    for left in range(max(patient.attempts, 1) - 1, -1, -1):
        if asked(servers, b"PING", output) == b"PONG":
            return True
        if left:
            if verbose:
                many = "s" * (patient.interval != 1)
                again = f"will PING again in {patient.interval} second{many}"
                output.line(f"Could not connect, {again}")
            time.sleep(patient.interval)
    return False


def asked(servers: tuple[Server, ...], words: bytes, output: Output) -> bytes:
    """Return the answer to a command, or nothing; what went wrong is said."""
    if not servers:
        output.fail("No LocalSocket and no TCPSocket in the configuration file")
    for server in servers:
        try:
            with Link(server, _WAITING) as link:
                link.command(words)
                return link.line()
        except TROUBLE as error:
            output.fail(trouble(error))
    return b""


def linked(servers: tuple[Server, ...]) -> Link:
    """Connect to the first server that can be reached.

    Raises:
        NoLink: none can be.
    """
    failed = NoLink("No LocalSocket and no TCPSocket in the configuration file")
    for server in servers:
        try:
            return Link(server)
        except NoLink as error:
            failed = error
    raise failed


def lines(servers: tuple[Server, ...], words: bytes) -> Iterator[bytes]:
    """Send a command on a connection of its own, and yield the replies.

    Raises:
        NoLink: no server can be reached.
        OSError: the connection broke.
        Unclear: the server said what is no reply.
    """
    with linked(servers) as link:
        link.command(words)
        yield from link.lines()
