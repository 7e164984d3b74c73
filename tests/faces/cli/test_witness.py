"""Behaviour of `clearward witness`, as a log sees it."""

import signal
import threading
from pathlib import Path

import pytest
from support.command import clearward
from support.signing import Signer
from support.witnessing import numbered, post, witnessed

from clearward.updates.keys import PublicKey
from clearward.updates.note import Note
from clearward.updates.signatures import check

LOG = numbered(60)
FORK = LOG.fork(1, b"x")


@pytest.fixture
def state(tmp_path: Path) -> Path:
    return tmp_path / "state"


@pytest.fixture
def key(state: Path) -> PublicKey:
    words = ("--state", state, "--name", "w.example", "--json")
    ran = clearward("witness", "keygen", *words)
    assert ran.status == 0
    return PublicKey.parse(ran.summary["vkey"])


def test_it_signs_what_continues_and_ends_on_a_signal(
    state: Path, key: PublicKey
) -> None:
    with witnessed(state, LOG) as (process, port):
        status, _, line = post(port, LOG.body(0, 5))
        assert status == 200
        check(Note.parse(LOG.note(5).to_bytes() + line.encode()), key)
        assert post(port, LOG.body(0, 7)) == (409, "text/x.tlog.size", "5\n")
        assert post(port, FORK.body(5, 9))[0] == 422
        assert post(port, bytes((1 << 20) + 1))[0] == 413
        assert post(port, b"")[0] == 400
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 0


@pytest.mark.usefixtures("key")
def test_killed_at_any_time_all_it_signed_is_on_one_line(state: Path) -> None:
    """Two histories race for signatures while the server is killed again and again."""
    given: list[tuple[str, int]] = []
    for turn in range(6):
        with witnessed(state, LOG) as (process, port):
            threads = [
                threading.Thread(target=_offer, args=(port, name, given))
                for name in ("log", "fork")
            ]
            for one in threads:
                one.start()
            threading.Timer(0.01 + 0.03 * turn, process.kill).start()
            for one in threads:
                one.join()
    assert given
    # The two share one entry, so a signature of more binds to one of them for good.
    assert len({name for name, size in given if size > 1}) == 1


def _offer(port: int, name: str, given: list[tuple[str, int]]) -> None:
    log = {"log": LOG, "fork": FORK}[name]
    old = 0
    try:
        for new in range(2, 60):
            status, kind, said = post(port, log.body(old, new))
            if kind == "text/x.tlog.size":
                old = int(said)
                status, _, _ = post(port, log.body(old, max(new, old)))
                new = max(new, old)  # noqa: PLW2901 - it was ahead of us
            if status == 200:
                given.append((name, new))
                old = new
    except OSError:
        return  # it was killed


@pytest.mark.parametrize(
    "words",
    [
        (),
        ("--listen", "tcp:127.0.0.1:0"),
        ("--listen", "unix:/x", "--state", ".", "--log", "x"),
        ("--listen", "tcp:127.0.0.1:0", "--state", ".", "--log", "no key"),
        ("--listen", "tcp:127.0.0.1:0", "--state", "/nowhere", "--log", "GOOD"),
    ],
)
def test_wrong_use_is_one_line(words: tuple[str, ...]) -> None:
    good = str(Signer("log").public)
    ran = clearward("witness", *(good if word == "GOOD" else word for word in words))
    assert (ran.status, ran.out, ran.err.count(b"\n")) == (2, b"", 1)
