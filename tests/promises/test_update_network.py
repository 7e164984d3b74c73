"""What a server sees of an update, and what it can do to one."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import (
    BaseHTTPRequestHandler,
    SimpleHTTPRequestHandler,
    ThreadingHTTPServer,
)
from pathlib import Path
from typing import ClassVar

import pytest
from support.alarm import no_longer_than
from support.command import Ran, clearward
from support.repositories import Repositories, mark
from support.updating import Machine, witnesses
from typing_extensions import override

from clearward.egress.ledger import Ledger
from clearward.installing.refusal import Code
from clearward.installing.web import WebCarrier


@pytest.fixture
def publisher(tmp_path: Path) -> Repositories:
    made = Repositories(tmp_path / "one", witnesses=witnesses(), quorum=2)
    made.add("One")
    return made


class Mirror(SimpleHTTPRequestHandler):
    """A plain web server, which keeps the very bytes of each request."""

    protocol_version = "HTTP/1.1"
    came: ClassVar[list[str]] = []

    @override
    def do_GET(self) -> None:
        self.came.append(f"{self.requestline}\n{self.headers}")
        super().do_GET()

    @override
    def log_message(self, format: str, *args: object) -> None:
        pass


@contextmanager
def listening(handler: object) -> Iterator[str]:
    """Serve on the loopback; give the address."""
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:  # type: ignore[arg-type]
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}/"
        finally:
            server.shutdown()
            thread.join()


@contextmanager
def mirror(folder: Path) -> Iterator[str]:
    Mirror.came.clear()
    with listening(partial(Mirror, directory=str(folder))) as address:
        yield address


def update(home: Path, address: str, *words: str | Path) -> Ran:
    environment = {"CLEARWARD_HOME": str(home)}
    return clearward("update", "--from", address, *words, environment=environment)


def ledger(home: Path) -> Ran:
    environment = {"CLEARWARD_HOME": str(home)}
    return clearward("ledger", "list", "--json", environment=environment)


def test_a_check_with_nothing_new_is_three_requests_and_less_than_10_kb(
    tmp_path: Path, publisher: Repositories
) -> None:
    home = tmp_path / "home"
    with mirror(publisher.folder) as address:
        first = update(home, address, "--trust", publisher.trust, "--json")
        assert first.summary["updated"]
        rows = len(ledger(home).rows)
        Mirror.came.clear()
        second = update(home, address, "--json")
    assert second.summary == {**first.summary, "updated": False}
    assert [one.split()[1] for one in Mirror.came] == [
        "/metadata/2.root.json",
        "/metadata/timestamp.json",
        "/log/checkpoint",
    ]
    made = ledger(home).rows[rows:]
    assert sum(row["sent"] + row["received"] for row in made) < 10_000


def test_two_machines_ask_for_the_same_bytes(
    tmp_path: Path, publisher: Repositories
) -> None:
    """Whatever is on them, and whatever was found there."""
    asked = []
    for name in ("secret", "public"):
        home = tmp_path / name
        (tmp_path / f"{name}.doc").write_bytes(mark("One") if name == "secret" else b"")
        with mirror(publisher.folder) as address:
            update(home, address, "--trust", publisher.trust)
            environment = {"CLEARWARD_HOME": str(home)}
            clearward("scan", tmp_path / f"{name}.doc", environment=environment)
            update(home, address)
            asked.append([one.replace(address[7:-1], "HOST") for one in Mirror.came])
    assert asked[0] == asked[1]
    assert {
        line.partition(":")[0] for one in asked[0] for line in one.split("\n")[1:]
    } == {
        *("Host", "User-Agent", "Accept-Encoding", ""),
    }


def test_what_is_asked_is_in_the_ledger(
    tmp_path: Path, publisher: Repositories
) -> None:
    home = tmp_path / "home"
    with mirror(publisher.folder) as address:
        update(home, address, "--trust", publisher.trust)
    asked = [
        line.removesuffix(" HTTP/1.1")
        for one in Mirror.came
        for line in [one.split("\n")[0]]
    ]
    rows = ledger(home).rows
    assert [line for row in rows for line in row["requests"]] == asked
    assert {row["reason"] for row in rows} == {"update"}


class Endless(BaseHTTPRequestHandler):
    """Sends for ever, whatever is asked."""

    sent: ClassVar[list[int]] = [0]

    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()
        while True:
            try:
                self.sent[0] += self.wfile.write(b'{"signed": ' * 1000)
            except OSError:
                return

    @override
    def log_message(self, format: str, *args: object) -> None:
        pass


def test_endless_data(tmp_path: Path, publisher: Repositories) -> None:
    machine = Machine(tmp_path / "home", publisher.trust)
    ledger_of = Ledger(str(machine.home))
    with (
        listening(Endless) as address,
        no_longer_than(30),
        WebCarrier(address, ledger_of, 20) as carrier,
    ):
        assert machine.refused(carrier) is Code.TAMPERED
    assert Endless.sent[0] < 64_000_000


class Slow(BaseHTTPRequestHandler):
    """Sends a byte now and then."""

    ended: ClassVar[threading.Event] = threading.Event()

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", "1000")
        self.end_headers()
        while not self.ended.wait(0.1):
            try:
                self.wfile.write(b" ")
            except OSError:
                return

    @override
    def log_message(self, format: str, *args: object) -> None:
        pass


def test_a_slow_server(tmp_path: Path, publisher: Repositories) -> None:
    with listening(Slow) as address, no_longer_than(30):
        words = ("--trust", publisher.trust, "--timeout", "1", "--json")
        started = time.monotonic()
        ran = update(tmp_path / "home", address, *words)
        assert time.monotonic() - started < 10
        Slow.ended.set()
    assert (ran.status, ran.summary["refused"]) == (1, "unreachable")


@pytest.mark.parametrize(
    "target",
    ["http://10.0.0.1/", "http://127.0.0.1:9/", "https://127.0.0.1/", "file:///etc/"],
)
def test_a_mirror_that_sends_us_on_to_another_address(
    tmp_path: Path, publisher: Repositories, target: str
) -> None:
    class Elsewhere(Mirror):
        @override
        def do_GET(self) -> None:
            self.send_response(302)
            self.send_header("Location", f"{target}{self.path}")
            self.send_header("Content-Length", "0")
            self.end_headers()

    home = tmp_path / "home"
    with listening(partial(Elsewhere, directory=str(publisher.folder))) as address:
        ran = update(home, address, "--trust", publisher.trust, "--json")
    assert (ran.status, ran.summary["refused"]) == (1, "unreachable")
    destinations = {row["destination"] for row in ledger(home).rows}
    assert destinations == {address[7:-1]}


def test_a_server_that_is_not_there_is_one_line(
    tmp_path: Path, publisher: Repositories
) -> None:
    ran = update(tmp_path / "home", "http://127.0.0.1:9/", "--trust", publisher.trust)
    assert (ran.status, ran.out) == (1, b"")
    (line,) = ran.err.decode().splitlines()
    assert "unreachable" in line
    assert "the starter bundle stays in force" in line
