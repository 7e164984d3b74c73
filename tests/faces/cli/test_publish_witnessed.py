"""`clearward publish` with witnesses: real ones, and some that misbehave."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from support.command import Ran, clearward
from support.signing import Signer
from support.sweeping import some
from support.witnessing import Log, witnessed
from typing_extensions import override

from clearward.updates.checkpoint import Checkpoint
from clearward.updates.keys import Kind, PublicKey
from clearward.updates.note import Note
from clearward.updates.policy import Policy

RULE = 'rule one { strings: $a = "a mark that nobody has" condition: $a }\n'
WITNESS = Signer("w.example/fake", Kind.COSIGNATURE_ED25519)
FOREIGN = Signer("w.example/foreign", Kind.COSIGNATURE_ED25519)


class Fake(BaseHTTPRequestHandler):
    """A witness that does as it is told."""

    does = "sign"

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        note = Note.parse(body.partition(b"\n\n")[2])
        signer = FOREIGN if self.does == "foreign" else WITNESS
        line = signer.sign(Note(note.text, ())).signatures[0].line().encode()
        if self.does == "wrong":
            line = line[:-12] + b"AAAAAAAAAA=\n"
        self.send_response(500 if self.does == "fail" else 200)
        if self.does != "endless":
            self.send_header("Content-Length", str(len(line)))
        self.end_headers()
        self.wfile.write(line)
        while self.does == "endless":
            try:
                self.wfile.write(line * 100)
            except OSError:
                return

    @override
    def log_message(self, *_words: object) -> None:
        pass


@contextmanager
def fake() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Fake)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}={WITNESS.public}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


class Publisher:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.repo = folder / "repo"
        (folder / "one.yar").write_text(RULE)

    def run(self, word: str, *words: str | Path) -> Ran:
        where = ("--repo", str(self.repo), "--keys", str(self.folder / "keys"))
        home = {"CLEARWARD_HOME": str(self.folder / "home")}
        return clearward("publish", word, *where, *words, environment=home)

    def init(self, *words: str) -> PublicKey:
        ran = self.run("init", "--origin", "log.example/one", *words, "--json")
        assert ran.status == 0, ran.err
        return PublicKey.parse(ran.summary["log_vkey"])

    def add(self) -> Ran:
        return self.run("add", self.folder / "one.yar", "--json")

    def files(self) -> dict[str, bytes]:
        return {
            str(path): path.read_bytes()
            for path in self.repo.rglob("*")
            if path.is_file()
        }

    def head(self) -> Checkpoint:
        policy = Policy.parse((self.repo / "trust/policy").read_text())
        return policy.check((self.repo / "log/checkpoint").read_bytes())


@pytest.fixture
def publisher(tmp_path: Path) -> Publisher:
    return Publisher(tmp_path)


def test_a_real_witness_cosigns_one_release_after_the_other(
    publisher: Publisher, tmp_path: Path
) -> None:
    state = tmp_path / "witness"
    key = clearward(
        "witness", "keygen", "--state", state, "--name", "w.example/1", "--json"
    ).summary["vkey"]
    log = Log(signer=Signer("log.example/one"))
    log.signer.__dict__["public"] = publisher.init(
        "--witness", f"http://localhost={key}"
    )
    policy = publisher.repo / "trust/policy"
    with witnessed(state, log) as (_, port):
        text = policy.read_text().replace("localhost", f"127.0.0.1:{port}")
        policy.write_text(text)
        for seq in (1, 2, 3):
            ran = publisher.add()
            assert ran.status == 0, ran.err
            assert ran.summary["seq"] == seq
            assert ran.summary["witnesses"][0]["cosigned"]
            assert publisher.head().size == seq
    before = publisher.files()
    ran = publisher.add()
    assert ran.status == 1
    assert ran.summary["refused"] == "quorum"
    assert ran.err.count(b"\n") == 1
    assert publisher.files() == before


@pytest.mark.parametrize("does", some(["wrong", "foreign", "fail", "endless"], 1))
def test_a_witness_that_misbehaves_has_not_cosigned(
    publisher: Publisher, does: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with fake() as witness:
        publisher.init("--witness", witness)
        assert publisher.add().status == 0
        before = publisher.files()
        monkeypatch.setattr(Fake, "does", does)
        ran = publisher.add()
        assert (ran.status, ran.summary["refused"]) == (1, "quorum")
        assert publisher.files() == before
        monkeypatch.setattr(Fake, "does", "sign")
        ran = publisher.add()
        assert (ran.status, ran.summary["seq"], ran.summary["resumed"]) == (0, 2, True)
        assert publisher.head().size == 2
