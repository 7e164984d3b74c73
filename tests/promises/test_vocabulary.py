"""What a worker holds, what it can say, and what a scan does not do.

Seen from outside, through /proc and a tracer, and by workers that were taken over.
"""

import os
import re
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from support.jail import Jail, jail
from support.marks import EICAR, MARK, mark_rule

from clearward.core.limits import MIB
from clearward.jail import spawn
from clearward.jail.control import Settings
from clearward.jail.lock import NAMESPACES
from clearward.jail.spawn import Forked, Zygote
from clearward.jail.wire import ANSWER_SIZE, BATCH, Job, encode_request

ROOT_ONLY = pytest.mark.skipif(
    os.geteuid() != 0, reason="only root may look into a worker"
)
KEPT_BACK = "a-secret-of-the-broker"


@pytest.fixture(name="running", scope="module")
def fixture_running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Jail]:
    """A jail whose broker has a secret and an open file that others would inherit."""
    folder = tmp_path_factory.mktemp("rules")
    with ExitStack() as stack:
        environment = stack.enter_context(pytest.MonkeyPatch.context())
        environment.setenv("CLEARWARD_KEPT_BACK", KEPT_BACK)
        secret = stack.enter_context((folder / "secret").open("w+"))
        os.set_inheritable(secret.fileno(), True)  # noqa: FBT003 - the library's shape
        yield stack.enter_context(jail(mark_rule(folder)))


@pytest.fixture(name="worker")
def fixture_worker(running: Jail) -> Iterator[Forked]:
    forked = running.zygote.fork()
    yield forked
    forked.channel.close()
    running.zygote.reap(forked.process)


def proc(process: int, name: str) -> str:
    return Path(f"/proc/{process}/{name}").read_text(errors="replace")


def status(process: int) -> dict[str, str]:
    lines = proc(process, "status").splitlines()
    return {
        name: text.strip() for name, _, text in (line.partition(":") for line in lines)
    }


def held(process: int) -> set[str]:
    return set(os.listdir(f"/proc/{process}/fd"))


def send(worker: Forked, job: Job, paths: list[Path]) -> None:
    """Send a request for some files, as the pool does."""
    files = [os.open(path, os.O_RDONLY) for path in paths]
    request = encode_request(job, 0, [path.stat().st_size for path in paths])
    socket.send_fds(worker.channel, [request], files)
    for file in files:
        os.close(file)


@pytest.fixture(name="samples", scope="module")
def fixture_samples(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Files of every outcome, small and large."""
    folder = tmp_path_factory.mktemp("samples")
    contents = {
        "clean": b"nothing",
        "empty": b"",
        "found": EICAR,
        "cut": b"!<arch>\nshort",
        "many": MARK * 10_000,
        "large": bytes(3 * MIB) + MARK,
        "secret": KEPT_BACK.encode() * 1000,
    }
    for name, content in contents.items():
        (folder / name).write_bytes(content)
    return [folder / name for name in contents]


def test_the_answer_to_a_scan_is_sixteen_bytes_whatever_the_file(
    worker: Forked, samples: list[Path]
) -> None:
    send(worker, Job.SCAN, samples)
    answers = [worker.channel.recv(1 << 20) for _ in samples]
    assert {len(answer) for answer in answers} == {ANSWER_SIZE}
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
    for _ in paths:
        worker.channel.recv(1 << 20)
        most = max(most, len(held(worker.process)))
    assert 1 < most <= 1 + BATCH
    assert held(worker.process) == {"3"}


@ROOT_ONLY
def test_no_memory_of_a_worker_can_be_written_and_run_or_is_a_scanned_file(
    worker: Forked, samples: list[Path]
) -> None:
    seen = set()
    send(worker, Job.SCAN, samples)
    for _ in samples:
        worker.channel.recv(1 << 20)
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
    opened = {os.readlink(f"/proc/{process}/fd/{name}") for name in held(process)}
    own = {name for name in opened if name.startswith("socket:")}
    assert len(own) == 1
    assert opened - own <= {os.devnull, f"/proc/{process}/statm"}


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
    for name in NAMESPACES:
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


@pytest.mark.parametrize(
    "attack",
    [
        pytest.param('kernel.call(numbers["write"], file, where, 7)', id="write"),
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
    monkeypatch.setattr(spawn, "_start", start_with(TAKEN_OVER.format(attack=attack)))
    zygote = Zygote(Settings())
    try:
        zygote.load()
        worker = zygote.fork()
        victim = os.open(path, os.O_RDWR)
        socket.send_fds(worker.channel, [b"attack"], [victim])
        os.close(victim)
        assert worker.channel.recv(100) in {b"tried", b""}
        worker.channel.close()
        zygote.reap(worker.process)
    finally:
        zygote.close()
    assert path.read_bytes() == b"content"


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
