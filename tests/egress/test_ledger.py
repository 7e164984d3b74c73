"""Behaviour of appending to the ledger."""

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from clearward.core.errors import Refused, Unavailable
from clearward.egress import ledger as ledger_module
from clearward.egress.check import verify
from clearward.egress.connections import connections
from clearward.egress.ledger import Ledger

APPENDING = """
import sys
from clearward.egress.ledger import Ledger
ledger = Ledger(sys.argv[1])
for number in range(int(sys.argv[2])):
    print(ledger.open("update", "127.0.0.1:80", ["GET /a"]), flush=True)
"""
KILLED = """
import os, signal, sys
left = int(sys.argv[3])
def counted(call):
    def run(*words, **more):
        global left
        left -= 1
        if left < 0:
            if call is os.write:  # half of it
                call(words[0], bytes(words[1])[: len(words[1]) // 2])
            os.kill(os.getpid(), signal.SIGKILL)
        return call(*words, **more)
    return run
for name in ("mkdir", "lseek", "write", "ftruncate", "fdatasync", "rename", "fsync"):
    setattr(os, name, counted(getattr(os, name)))
"""


def started(home: Path, program: str, *words: object) -> "subprocess.Popen[bytes]":
    command = [sys.executable, "-c", program, str(home), *map(str, words)]
    return subprocess.Popen(command, stdout=subprocess.PIPE)


def test_connections_are_counted_and_put_together(tmp_path: Path) -> None:
    ledger = Ledger(str(tmp_path))
    first = ledger.open("update", "a.example:443", ["GET /a"])
    second = Ledger(str(tmp_path)).open("lookup", "b.example:443")
    ledger.ask(first, ["GET /b"])
    ledger.close(first, 10, 20, ["ff"])
    told = connections(ledger.path).connections
    assert [one.opened.seq for one in told] == [first, second] == [1, 2]
    assert told[0].requests == ["GET /a", "GET /b"]
    assert told[0].closed is not None
    assert (told[0].closed.sent, told[0].closed.received) == (10, 20)
    assert told[1].closed is None


@pytest.mark.parametrize("seq", [0, 1, 2, -1])
def test_a_connection_that_is_not_open_has_no_end(tmp_path: Path, seq: int) -> None:
    with pytest.raises(Refused, match="no connection"):
        Ledger(str(tmp_path)).close(seq, 0, 0)


def test_threads_that_wait_share_one_sync(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ledger = Ledger(str(tmp_path))
    syncs: list[int] = []
    real = os.fdatasync

    def counted(opened: int) -> None:
        syncs.append(opened)
        real(opened)

    monkeypatch.setattr(os, "fdatasync", counted)
    seqs: list[int] = []

    def run() -> None:
        seqs.extend(ledger.open("update", "127.0.0.1:80") for _ in range(20))

    threads = [threading.Thread(target=run) for _ in range(16)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert sorted(seqs) == list(range(1, 321))
    assert len(syncs) < 2 * 320
    assert verify(ledger.path).records == 320


def test_processes_take_turns(tmp_path: Path) -> None:
    running = [started(tmp_path, APPENDING, 50) for _ in range(3)]
    seqs = [int(seq) for one in running for seq in one.communicate()[0].split()]
    assert sorted(seqs) == list(range(1, 151))
    report = verify(str(tmp_path / "ledger"))
    assert (report.wrong, report.records) == (None, 150)


def test_killed_at_any_call_what_was_told_is_there(tmp_path: Path) -> None:
    for calls in range(48):
        home = tmp_path / str(calls)
        with started(home, KILLED + APPENDING, 2, calls) as running:
            assert running.stdout is not None
            told = running.stdout.read().split()
        if running.returncode == 0:
            break
        assert running.returncode == -signal.SIGKILL
        path = str(home / "ledger")
        assert verify(path).wrong is None
        assert len(connections(path).connections) >= len(told)
        assert Ledger(str(home)).open("update", "127.0.0.1:80") > len(told)
        report = verify(path)
        assert (report.wrong, report.unsigned, report.torn) == (None, 0, 0)
    else:
        pytest.fail("it never came to its end")


def test_a_tear_is_kept_in_mind(tmp_path: Path) -> None:
    ledger = Ledger(str(tmp_path))
    ledger.open("update", "127.0.0.1:80")
    records = Path(ledger.path) / "records"
    with records.open("ab") as opened:
        opened.write(b"0123")
    assert ledger.open("update", "127.0.0.1:80") == 2
    assert b'{"kind":"torn","seq":1,"lost":4}' in records.read_bytes()
    assert verify(ledger.path).records == 3


def test_a_full_disk_is_told_to_all_who_wait_and_harms_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ledger = Ledger(str(tmp_path))
    ledger.open("update", "127.0.0.1:80")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(ledger_module, "write_all", full)
        with pytest.raises(Unavailable, match="No space"):
            ledger.open("update", "127.0.0.1:80")
    assert ledger.open("update", "127.0.0.1:80") == 2
    assert verify(ledger.path).wrong is None
