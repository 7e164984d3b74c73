"""Whatever leaves is in the ledger first, also if the process is killed on the way."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from support.scripted import Talk, scripted

from clearward.egress.check import verify
from clearward.egress.connections import connections

ASKING = """
import os, signal, socket, sys
left = int(sys.argv[3])
def counted(call):
    def run(*words, **more):
        global left
        left -= 1
        if left < 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return call(*words, **more)
    return run
for name in ("open", "mkdir", "lseek", "write", "ftruncate", "fdatasync", "rename",
             "fsync"):
    setattr(os, name, counted(getattr(os, name)))
class Counted(socket.socket):
    connect = counted(socket.socket.connect)
    send = counted(socket.socket.send)
    recv = counted(socket.socket.recv)
socket.socket = Counted
from clearward.egress.door import Door
from clearward.egress.ledger import Ledger
from clearward.egress.policy import Policy
from clearward.egress.request import Destination, Reason, Request
here = Destination("http", "127.0.0.1", int(sys.argv[2]))
door = Door(Ledger(sys.argv[1]), Policy.of({Reason.UPDATE: [here]}))
with door.connection(here, Reason.UPDATE, seconds=20) as to:
    for name in ("/one", "/two"):
        to.ask(Request("GET", name), most=9)
"""


def twice(talk: Talk) -> None:
    for _ in range(2):
        talk.hear()
        talk.answer(b"body")


def killed(home: Path, port: int, calls: int) -> int:
    """Ask for two things and be killed before one of the calls; return the status."""
    words = (sys.executable, "-c", ASKING, str(home), str(port), str(calls))
    return subprocess.run(words, check=False, timeout=60).returncode


@pytest.mark.parametrize("part", range(4))
def test_what_a_server_was_asked_is_in_the_ledger(tmp_path: Path, part: int) -> None:
    calls = part
    while True:
        home = tmp_path / f"{calls}"
        home.mkdir()
        with scripted(twice) as (port, talks):
            status = killed(home, port, calls)
        asked = [head.split()[1].decode() for talk in talks for head in talk.heads]
        path = os.path.join(home, "ledger")
        told: list[str] = []
        if os.path.exists(os.path.join(path, "head")):
            assert verify(path).wrong is None
            told = [
                line for one in connections(path).connections for line in one.requests
            ]
        assert {f"GET {name}" for name in asked} <= set(told)
        if status == 0:
            assert asked == ["/one", "/two"]
            return
        assert status == -signal.SIGKILL
        calls += 4
