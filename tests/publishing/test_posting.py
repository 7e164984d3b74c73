"""Witnesses are asked through the door, and nobody else is."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from support.signing import Signer
from typing_extensions import override

from clearward.core.errors import Refused, Unavailable
from clearward.egress.connections import connections
from clearward.egress.ledger import Ledger
from clearward.publishing import posting
from clearward.publishing.posting import door_to, reaching
from clearward.updates.keys import Kind
from clearward.updates.policy import Party, Policy
from clearward.updates.submitting import Reply


class Answering(BaseHTTPRequestHandler):
    """Says what its server has, or never ends."""

    protocol_version = "HTTP/1.1"
    endless = False
    asked: list[tuple[str, str, bytes]]

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        self.asked.append((self.path, self.headers["content-type"], body))
        self.send_response(200)
        if not self.endless:
            self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"ok")
        while self.endless:
            try:
                self.wfile.write(b"x" * 65536)
            except OSError:
                return

    @override
    def log_message(self, *_words: object) -> None:
        pass


@pytest.fixture
def server() -> Iterator[ThreadingHTTPServer]:
    Answering.asked, Answering.endless = [], False
    made = ThreadingHTTPServer(("127.0.0.1", 0), Answering)
    made.daemon_threads = True
    thread = threading.Thread(target=made.serve_forever, args=(0.01,))
    thread.start()
    yield made
    made.shutdown()
    thread.join()
    made.server_close()


def policy(address: str) -> Policy:
    witness = Signer("w.example/1", Kind.COSIGNATURE_ED25519).public
    return Policy(witnesses={"w": Party(witness, address)})


def test_a_witness_is_asked_and_it_is_written_down(
    server: ThreadingHTTPServer, tmp_path: Path
) -> None:
    ledger = Ledger(str(tmp_path))
    address = f"http://127.0.0.1:{server.server_port}/below"
    with reaching(door_to(ledger, policy(address)))(address) as ask:
        assert ask(b"one") == ask(b"two") == Reply(200, b"ok")
    assert Answering.asked == [
        ("/below/add-checkpoint", "text/plain; charset=utf-8", b"one"),
        ("/below/add-checkpoint", "text/plain; charset=utf-8", b"two"),
    ]
    (told,) = connections(ledger.path).connections
    assert told.opened.reason == "witness"
    assert list(told.requests) == ["POST /below/add-checkpoint"] * 2


def test_an_answer_without_end_is_not_read_to_its_end(
    server: ThreadingHTTPServer, tmp_path: Path
) -> None:
    Answering.endless = True
    address = f"http://127.0.0.1:{server.server_port}"
    reach = reaching(door_to(Ledger(str(tmp_path)), policy(address)))
    with reach(address) as ask, pytest.raises(Refused):
        ask(b"one")


def test_who_does_not_answer_is_not_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(posting, "SECONDS", 0.05)
    with ThreadingHTTPServer(("127.0.0.1", 0), Answering) as deaf:
        address = f"http://127.0.0.1:{deaf.server_port}"
        reach = reaching(door_to(Ledger(str(tmp_path)), policy(address)))
        with reach(address) as ask, pytest.raises(Unavailable):
            ask(b"one")


def test_nobody_is_asked_whom_the_policy_does_not_name(tmp_path: Path) -> None:
    ledger = Ledger(str(tmp_path))
    reach = reaching(door_to(ledger, policy("http://127.0.0.1:9")))
    with pytest.raises(Refused), reach("http://127.0.0.1:10") as ask:
        ask(b"one")
    assert not (tmp_path / "ledger").exists()


def test_an_address_that_is_none_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="ftp"):
        reaching(door_to(Ledger(str(tmp_path)), policy("ftp://w.example/")))
