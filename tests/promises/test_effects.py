"""What a scan does not do: talk to the world, change a file, leave one out.

Seen from outside, through a tracer, and by workers that were taken over.
"""

import os
import re
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from support.marks import EICAR

from clearward.jail import launch
from clearward.jail.control import Settings
from clearward.jail.spawn import Zygote


def traced(folder: Path, *arguments: str) -> list[str]:
    """Every call about sockets that a command and its children make."""
    if shutil.which("strace") is None:
        pytest.skip("needs the command strace")
    log = folder / "trace"
    done = subprocess.run(
        [
            *("strace", "-f", "-qq", "-e", "trace=network", "-o", str(log)),
            *(sys.executable, "-m", "clearward", *arguments),
        ],
        capture_output=True,
        check=False,
        timeout=120,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    if b"ptrace" in done.stderr:
        pytest.skip("a tracer is not allowed here")
    assert done.returncode == 1, done.stderr
    return re.findall(
        r"^\d+ +(\w+\(.*)$", log.read_text(errors="replace"), re.MULTILINE
    )


def test_a_scan_makes_no_socket_but_pairs_and_nothing_listens(
    samples: list[Path], tmp_path: Path
) -> None:
    calls = traced(tmp_path, "scan", "--json", *map(str, samples))
    names = {call.partition("(")[0] for call in calls}
    assert "socketpair" in names
    asked = {"socketpair", "sendmsg", "recvmsg", "sendto", "recvfrom"}
    assert names <= asked | {"setsockopt", "getsockopt", "getsockname"}
    pairs = [call for call in calls if call.startswith("socketpair(")]
    assert all(call.startswith("socketpair(AF_UNIX, SOCK_SEQPACKET") for call in pairs)


# What a parser does that was taken over: `file` is what it was handed, `channel` its
# way out. Everything is imported, and every number known, before the lock.
TAKEN_OVER = """
import ctypes, os, socket
from array import array
from clearward.jail import kernel, worker, zygote
numbers = kernel.numbers()
content = ctypes.create_string_buffer(b"CHANGED", 8)
where = ctypes.addressof(content)

def attack(channel, _engine):
    os.write(3, b"locked")
    _, ancillary, _, _ = channel.recvmsg(4096, socket.CMSG_SPACE(4))
    file = array("i", ancillary[0][2])[0]
    try:
        {attack}
    except OSError:
        pass
    os.write(3, b"tried")

worker.serve = attack
zygote.main()
"""
MAPPED = """
        area = kernel.call(numbers["mmap"], 0, 4096, 3, {kind}, file, 0)
        ctypes.memmove(area, b"CHANGED", 7)
"""


def start_with(code: str) -> Callable[[int, str], int]:
    def start(channel: int, arguments: str) -> int:
        command = [sys.executable, "-B", "-c", code, arguments]
        environment = {"PYTHONPATH": os.pathsep.join(sys.path)}
        return os.posix_spawn(
            sys.executable,
            command,
            environment,
            file_actions=[(os.POSIX_SPAWN_DUP2, channel, 3)],
        )

    return start


@contextmanager
def taken_over(
    attack: str, victim: int, monkeypatch: pytest.MonkeyPatch
) -> Iterator[None]:
    """Hand a descriptor to a worker that does something to it; go on when it has."""
    monkeypatch.setattr(launch, "_start", start_with(TAKEN_OVER.format(attack=attack)))
    zygote = Zygote(Settings())
    try:
        zygote.load()
        worker = zygote.fork()
        socket.send_fds(worker.channel, [b"attack"], [victim])
        assert worker.channel.recv(100) in {b"tried", b""}
        worker.channel.close()
        zygote.reap(worker.process)
        yield
    finally:
        zygote.close()


WRITE = 'kernel.call(numbers["write"], file, where, 7)'


@pytest.mark.parametrize(
    "attack",
    [
        pytest.param(WRITE, id="write"),
        pytest.param(
            'kernel.call(numbers["pwrite64"], file, where, 7, 0)', id="pwrite"
        ),
        pytest.param('kernel.call(numbers["ftruncate"], file, 0)', id="cut short"),
        pytest.param(
            'kernel.call(numbers["fallocate"], file, 3, 0, 7)', id="punch a hole"
        ),
        pytest.param(MAPPED.format(kind=1).strip(), id="shared mapping"),
        pytest.param(MAPPED.format(kind=3).strip(), id="validated mapping"),
        pytest.param(MAPPED.format(kind=2).strip(), id="private mapping"),
    ],
)
def test_a_file_cannot_be_changed_even_if_it_was_handed_over_for_writing(
    attack: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Standard input may have been opened by anybody, for anything."""
    path = tmp_path / "victim"
    path.write_bytes(b"content")
    with path.open("r+b") as victim, taken_over(attack, victim.fileno(), monkeypatch):
        assert path.read_bytes() == b"content"


def test_nothing_is_written_to_a_socket_that_was_handed_over(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """No limit for files is in the way there: only the filter is."""
    ours, theirs = socket.socketpair()
    with ours, theirs, taken_over(WRITE, theirs.fileno(), monkeypatch):
        ours.setblocking(False)  # noqa: FBT003 - the library's own shape
        with pytest.raises(BlockingIOError):
            ours.recv(100)


def test_standard_input_that_could_be_written_to_is_scanned_and_stays_as_it_is(
    tmp_path: Path,
) -> None:
    path = tmp_path / "input"
    path.write_bytes(EICAR)
    with path.open("r+b") as file:
        file.seek(30)
        done = subprocess.run(
            [sys.executable, "-m", "clearward", "scan", "--json", "-"],
            stdin=file,
            capture_output=True,
            check=False,
            timeout=60,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        )
        assert file.tell() == 30
    assert done.returncode == 1, done.stderr
    assert path.read_bytes() == EICAR


@pytest.mark.parametrize("jobs", [1, 16])
def test_a_scan_that_may_open_few_files_leaves_none_out(
    jobs: int, tmp_path: Path
) -> None:
    for number in range(1200):
        (tmp_path / str(number)).write_bytes(b"x")
    command = f"ulimit -n 640; exec {sys.executable} -m clearward scan --json"
    done = subprocess.run(
        ["sh", "-c", f"{command} --jobs {jobs} {tmp_path}"],
        capture_output=True,
        check=False,
        timeout=60,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    assert done.returncode == 0, (done.stderr, done.stdout[-300:])
    assert b'"clean": 1200' in done.stdout
