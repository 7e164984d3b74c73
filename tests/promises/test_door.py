"""Nothing leaves that the ledger does not tell of, whatever is killed when.

Each promise is also tried with its check taken out: then the test has to see it.
"""

import socket
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from egress.test_tls import sealed
from support.doors import ASKED, ask, door, ended, here, plain, told
from support.scripted import Talk, scripted
from support.stepping import QUIET, calls, killed_at, needs_stepping
from typing_extensions import override

from clearward.core.errors import ClearwardError, Refused, Unavailable
from clearward.egress.door import Connection, Door, TooMuch
from clearward.egress.ledger import Ledger
from clearward.egress.policy import Policy
from clearward.egress.request import Reason, Request
from clearward.egress.tls import Trust
from clearward.egress.wire import TooSlow

SECOND = Request("GET", "/metadata/2.snapshot.json")
STOP = b"that is all"
MOST = 400  # calls of one action
BUT = QUIET | {"getpid", "gettid", "clock_gettime", "rt_sigprocmask", "getuid"}


class Late(Ledger):
    """The check taken out: it writes down what was asked when all is over."""

    @override
    def open(
        self,
        reason: str,
        destination: str,
        requests: Sequence[str] = (),
        bodies: Sequence[str] = (),
    ) -> int:
        self.owed = (reason, destination, requests, bodies)
        return 1

    @override
    def ask(
        self, seq: int, requests: Sequence[str], bodies: Sequence[str] = ()
    ) -> None:
        pass

    @override
    def close(
        self, seq: int, sent: int, received: int, answers: Sequence[str] = ()
    ) -> None:
        super().open(*self.owed)
        super().close(seq, sent, received, answers)


@contextmanager
def listening(came: list[bytes]) -> Iterator[int]:
    """A server that answers everything; at the end all that was sent has come."""
    server = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        while True:
            taken, _ = server.accept()
            with taken, suppress(OSError):
                taken.settimeout(20)
                while data := taken.recv(65536):
                    if data == STOP:
                        return
                    came.append(data)
                    taken.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield server.getsockname()[1]
    finally:
        # Connections are served in turn: behind this one nothing is left.
        with socket.create_connection(server.getsockname()) as last:
            last.sendall(STOP)
        thread.join(20)
        server.close()
        assert not thread.is_alive()


def untold(
    home: Path, at: int, kind: Callable[[str], Ledger]
) -> tuple[bool, list[str]]:
    """Kill a process at a call; return whether it was, and what the ledger missed."""
    came: list[bytes] = []
    with listening(came) as port:

        def action() -> None:
            made = Door(kind(str(home)), Policy.of({Reason.UPDATE: [here(port)]}))
            ask(made, port, ASKED, SECOND)

        killed = killed_at(action, at, BUT)
    asked = [data.split(b" HTTP/")[0].decode() for data in came]
    written = [line for one in told(home) for line in one.requests]
    return killed, [line for line in asked if line not in written]


def missed(tmp_path: Path, kind: Callable[[str], Ledger], step: int = 1) -> list[str]:
    """Kill at every call; return what left without a record."""
    found: list[str] = []
    for at in range(0, MOST, step):
        killed, lines = untold(tmp_path / str(at), at, kind)
        found += lines
        if not killed:
            assert at > 20
            return found
    raise AssertionError("it does not end")


def test_killed_at_any_call_what_left_is_written_down(tmp_path: Path) -> None:
    needs_stepping()
    assert missed(tmp_path, Ledger) == []


def test_a_ledger_that_writes_later_is_caught(tmp_path: Path) -> None:
    needs_stepping()
    assert missed(tmp_path, Late) != []


def refused(action: Callable[[], object]) -> Callable[[], None]:
    def run() -> None:
        with suppress(Refused):
            action()

    return run


def test_without_a_policy_no_socket_is_made(tmp_path: Path) -> None:
    needs_stepping()
    with scripted(plain) as (port, talks):
        shut = Door(Ledger(str(tmp_path / "shut")), Policy())
        opened = door(tmp_path / "open", port)
        made = calls(refused(lambda: ask(shut, port, ASKED)))
        assert not {"socket", "connect", "sendto"} & set(made)
        assert not talks
        assert {"socket", "connect", "sendto"} <= set(
            calls(refused(lambda: ask(opened, port, ASKED)))
        )
    assert not (tmp_path / "shut").exists()


def dripping(talk: Talk) -> None:
    talk.hear()
    talk.say(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
    for _ in range(200):
        talk.say(b"x")
        time.sleep(0.05)  # the server is slow on purpose


def endless(talk: Talk) -> None:
    talk.hear()
    talk.say(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
    while True:
        talk.say(b"400\r\n" + b"x" * 1024 + b"\r\n")


def endless_head(talk: Talk) -> None:
    talk.hear()
    talk.say(b"HTTP/1.1 200 OK\r\n")
    while True:
        talk.say(b"X-More: " + b"x" * 1024 + b"\r\n")


def use(to: Connection) -> None:
    to.ask(ASKED, most=5000)


@pytest.mark.parametrize(
    ("script", "error", "most"),
    [
        pytest.param(dripping, TooSlow, 5_000_000, id="slow"),
        pytest.param(endless, TooMuch, 5000, id="endless body"),
        pytest.param(endless_head, Unavailable, 5000, id="endless head"),
    ],
)
def test_a_bad_server_is_left_and_told(
    tmp_path: Path,
    script: Callable[[Talk], None],
    error: type[ClearwardError],
    most: int,
) -> None:
    start = time.monotonic()
    with scripted(script) as (port, _):
        made = door(tmp_path, port)
        with (
            pytest.raises(error),
            made.connection(here(port), Reason.UPDATE, seconds=1.0) as to,
        ):
            to.ask(ASKED, most=most)
    assert time.monotonic() - start < 9  # all 200 bytes would take 10 s
    assert ended(told(tmp_path)[0]).received < 20_000_000


def test_a_wrong_certificate_gets_no_request(tmp_path: Path) -> None:
    context, roots = sealed(tmp_path)
    for trust, heads in ((Trust(), 0), (Trust(roots), 1)):
        home = tmp_path / str(heads)
        with scripted(plain, tls=context) as (port, talks):
            made = door(home, port, trust=trust)
            with (
                suppress(Unavailable),
                made.connection(here(port, "https"), Reason.UPDATE, seconds=10) as to,
            ):
                use(to)
        assert sum(len(talk.heads) for talk in talks) == heads
        assert len(told(home)) == 1
