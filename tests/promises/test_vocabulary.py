"""What a worker holds, and what it can say. Seen from outside, through /proc."""

import os
import socket
import time
from contextlib import suppress
from pathlib import Path

import pytest
from support.jail import Jail, heard
from support.marks import KEPT_BACK

from clearward.core.limits import MIB
from clearward.jail.control import Settings
from clearward.jail.spawn import Forked, Zygote
from clearward.jail.wire import ANSWER_SIZE, BATCH, Job, Request, encode_request

ROOT_ONLY = pytest.mark.skipif(
    os.geteuid() != 0, reason="only root may look into a worker"
)


def proc(process: int, name: str) -> str:
    return Path(f"/proc/{process}/{name}").read_text(errors="replace")


def status(process: int) -> dict[str, str]:
    lines = proc(process, "status").splitlines()
    return {
        name: text.strip() for name, _, text in (line.partition(":") for line in lines)
    }


def held(process: int) -> set[str]:
    return set(os.listdir(f"/proc/{process}/fd"))


def opened(process: int) -> set[str]:
    """What a process has opened; it may be closing some of it."""
    seen = set()
    for name in held(process):
        with suppress(FileNotFoundError):
            seen.add(os.readlink(f"/proc/{process}/fd/{name}"))
    return seen


def send(worker: Forked, job: Job, paths: list[Path]) -> None:
    """Send a request for some files, as the pool does."""
    files = [os.open(path, os.O_RDONLY) for path in paths]
    request = encode_request(Request(job, 0, [path.stat().st_size for path in paths]))
    socket.send_fds(worker.channel, [request], files)
    for file in files:
        os.close(file)


def test_all_that_a_scan_says_is_sixteen_bytes_at_a_time_whatever_the_file(
    worker: Forked, samples: list[Path]
) -> None:
    send(worker, Job.SCAN, samples)
    messages = list(heard(worker, len(samples)))
    assert {len(message) for message in messages} == {ANSWER_SIZE}
    assert len(messages) <= 2 * len(samples)
    worker.channel.setblocking(False)  # noqa: FBT003 - the library's own shape
    with pytest.raises(BlockingIOError):
        worker.channel.recv(1)


@ROOT_ONLY
def test_a_worker_holds_its_channel_and_the_files_in_hand(
    worker: Forked, tmp_path: Path
) -> None:
    paths = []
    for number in range(BATCH):
        paths.append(tmp_path / str(number))
        with paths[-1].open("wb") as file:
            file.truncate(MIB)
    assert held(worker.process) == {"3"}
    send(worker, Job.SCAN, paths)
    most = 0
    for _ in heard(worker, len(paths)):
        most = max(most, len(held(worker.process)))
    assert 1 < most <= 1 + BATCH
    assert held(worker.process) == {"3"}


@ROOT_ONLY
def test_no_memory_of_a_worker_can_be_written_and_run_or_is_a_scanned_file(
    worker: Forked, samples: list[Path]
) -> None:
    seen = set()
    send(worker, Job.SCAN, samples)
    for _ in heard(worker, len(samples)):
        seen.update(proc(worker.process, "maps").splitlines())
    rights = {line.split()[1] for line in seen}
    assert not [right for right in rights if "w" in right and "x" in right]
    assert not [right for right in rights if right.endswith("s") and "w" in right]
    assert not [line for line in seen for path in samples if str(path) in line]


@ROOT_ONLY
def test_a_worker_has_nothing_of_the_brokers_in_its_memory(worker: Forked) -> None:
    assert KEPT_BACK.encode() in memory(os.getpid())  # so that it could be found
    assert KEPT_BACK.encode() not in memory(worker.process)


def memory(process: int) -> bytes:
    """The readable memory of a process that is no file."""
    pieces = []
    with open(f"/proc/{process}/mem", "rb", buffering=0) as file:
        for line in proc(process, "maps").splitlines():
            where, rights, *_, name = (*line.split(None, 5), "")[:6]
            if not rights.startswith("rw") or name.startswith("[v"):
                continue
            start, end = (int(edge, 16) for edge in where.split("-"))
            if end - start <= 256 * MIB:
                pieces.append(os.pread(file.fileno(), end - start, start))
    return b"".join(pieces)


@ROOT_ONLY
def test_the_zygote_gets_no_environment_and_no_file_of_the_broker(
    running: Jail,
) -> None:
    process = running.zygote.process
    # A home is given so that the interpreter does not ask a name service for one.
    settings = set(proc(process, "environ").rstrip("\0").split("\0"))
    assert settings <= {"LC_ALL=C.UTF-8", "HOME=/"}
    assert KEPT_BACK not in proc(process, "cmdline")
    seen = opened(process)
    own = {name for name in seen if name.startswith("socket:")}
    assert len(own) == 1
    assert seen - own <= {os.devnull, f"/proc/{process}/statm"}


@ROOT_ONLY
def test_the_zygote_holds_no_file_of_the_broker_when_it_gets_rules(
    tmp_path: Path,
) -> None:
    """Rules are hostile, too, and are read before all is closed once more."""
    secret = tmp_path / "secret"
    with secret.open("w") as file:
        os.set_inheritable(file.fileno(), True)  # noqa: FBT003 - the library's shape
        zygote = Zygote(Settings())
    try:
        end = time.monotonic() + 30
        while f"/proc/{zygote.process}/statm" not in (seen := opened(zygote.process)):
            assert time.monotonic() < end, seen
            time.sleep(0.001)
        assert str(secret) not in seen
    finally:
        zygote.close()


def test_the_zygote_has_a_session_of_its_own(running: Jail) -> None:
    """So Ctrl-C does not reach it, and it has no terminal."""
    assert os.getsid(running.zygote.process) == running.zygote.process


def test_a_worker_is_locked_in_every_way(worker: Forked) -> None:
    found = status(worker.process)
    assert found["NoNewPrivs"] == "1"
    assert found["Seccomp"] == "2"
    assert found["Threads"] == "1"
    for name in ("CapInh", "CapPrm", "CapEff", "CapAmb"):
        assert int(found[name], 16) == 0


@ROOT_ONLY
def test_no_capability_can_come_back_and_the_user_owns_nothing(
    worker: Forked,
) -> None:
    found = status(worker.process)
    assert int(found["CapBnd"], 16) == 0
    assert found["Uid"].split() == found["Gid"].split() == ["65534"] * 4
    assert found["Groups"] == ""


@ROOT_ONLY
def test_a_worker_lives_in_other_namespaces(running: Jail, worker: Forked) -> None:
    if not any(running.given.namespaces.values()):
        pytest.skip("namespaces are not to be had here")
    for name in ("mnt", "cgroup", "uts", "ipc", "net"):
        theirs = os.readlink(f"/proc/{worker.process}/ns/{name}")
        assert theirs != os.readlink(f"/proc/self/ns/{name}")


def test_the_limits_of_a_worker_are_hard(worker: Forked) -> None:
    lines = proc(worker.process, "limits").splitlines()
    for name in (
        *("Max file size", "Max core file size", "Max processes"),
        *("Max locked memory", "Max msgqueue size"),
    ):
        (line,) = (line for line in lines if line.startswith(name))
        assert line.removeprefix(name).split()[:2] == ["0", "0"]
