"""A guard in a mount namespace of its own, and programs that open files there.

The test reaches the files through the namespace's root in procfs: what is opened that
way is opened through the guarded mount.
"""

import json
import os
import select
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

PATIENCE = 20.0  # seconds that a busy machine may take


def needs_rights() -> None:
    """Skip a test where fanotify's permission events cannot be had."""
    if os.geteuid() != 0:
        pytest.skip("fanotify needs root")
    if shutil.which("unshare") is None or shutil.which("nsenter") is None:
        pytest.skip("needs the commands unshare and nsenter")
    tried = subprocess.run(
        ["unshare", "-m", "mount", "-t", "tmpfs", "none", "/mnt"],
        capture_output=True,
        check=False,
    )
    if tried.returncode:
        pytest.skip("mounts are not allowed here")


def eventually(true: Callable[[], object], seconds: float = PATIENCE) -> bool:
    """Wait until something is true."""
    end = time.monotonic() + seconds
    while not true():
        if time.monotonic() > end:
            return False
        time.sleep(0.01)
    return True


@dataclass(frozen=True, slots=True)
class Opened:
    """What an opener was told, and after how many seconds."""

    allowed: bool
    seconds: float


@dataclass(slots=True)
class Opener:
    """A process that opens one file."""

    process: "subprocess.Popen[bytes]"
    begun: float

    def result(self, seconds: float = PATIENCE) -> Opened:
        """What came of it; an opener that waits for longer is killed."""
        try:
            status = self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            raise
        return Opened(status == 0, time.monotonic() - self.begun)


@dataclass(slots=True)
class Namespace:
    """A mount namespace with a mount for the test.

    Attributes:
        holder: number of a process that only keeps it.
        folder: the mount's path in it.
    """

    holder: int
    folder: Path

    @property
    def root(self) -> Path:
        """Its root folder, as others can reach it."""
        return Path(f"/proc/{self.holder}/root")

    @property
    def place(self) -> Path:
        """The mount, as others can reach it."""
        return self.root / self.folder.relative_to("/")

    def inside(self, *command: str) -> list[str]:
        """A command line that runs in it."""
        return ["nsenter", "-m", "-t", str(self.holder), *command]

    def start(self, name: str) -> Opener:
        """Begin to open a file of the mount."""
        command = ["head", "-c", "1", str(self.place / name)]
        quiet = subprocess.DEVNULL
        begun = time.monotonic()
        process = subprocess.Popen(command, stdout=quiet, stderr=quiet)
        return Opener(process, begun)

    def open(self, name: str) -> Opened:
        """Open a file of the mount."""
        return self.start(name).result()

    def write(self, name: str, content: bytes, *, mode: int = 0o755) -> Path:
        """Write a file, and let its times be past."""
        path = self.place / name
        path.write_bytes(content)
        path.chmod(mode)
        time.sleep(0.15)  # the steps in which times move
        return path


@contextmanager
def namespace(folder: Path, kind: str = "tmpfs") -> Iterator[Namespace]:
    """Make a mount namespace and mount something at a folder in it.

    Args:
        folder: an empty one.
        kind: ``"tmpfs"``, or ``"bind"`` for the folder itself.
    """
    mount = {
        "tmpfs": f"mount -t tmpfs none {folder}",
        "bind": f"mount --bind {folder} {folder}",
    }[kind]
    command = ["unshare", "-m", "sh", "-c", f"{mount} && echo done && exec sleep 600"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout is not None
        try:
            assert holder.stdout.readline() == "done\n"
            yield Namespace(holder.pid, folder)
        finally:
            holder.kill()


@dataclass(slots=True)
class Guarded:
    """A guard that runs.

    Attributes:
        process: the daemon.
        gate: number of the gate's process when it began.
        rows: what it has printed so far.
    """

    process: "subprocess.Popen[bytes]"
    gate: int = 0
    rows: list[dict[str, Any]] = field(default_factory=list)
    _rest: bytes = b""

    def wait_for(self, seconds: float = PATIENCE, **fields: object) -> dict[str, Any]:
        """Wait for a line with some members; return it."""
        found: list[dict[str, Any]] = []

        def look() -> bool:
            self._read()
            found.extend(row for row in self.rows if fields.items() <= row.items())
            return bool(found)

        assert eventually(look, seconds), (fields, self.rows)
        return found[0]

    def standby(self) -> int:
        """The number of the process that would follow the gate."""
        children = Path(f"/proc/{self.gate}/task/{self.gate}/children")
        assert eventually(lambda: children.read_text("ascii").strip())
        return int(children.read_text("ascii").split()[0])

    def end(self) -> dict[str, Any]:
        """Ask it to end; return its summary."""
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(PATIENCE)
        self._read()
        return dict(self.rows[-1]["summary"])

    def _read(self) -> None:
        assert self.process.stdout is not None
        while select.select([self.process.stdout], [], [], 0)[0]:
            data = os.read(self.process.stdout.fileno(), 65536)
            if not data:
                return
            *lines, self._rest = (self._rest + data).split(b"\n")
            self.rows.extend(map(json.loads, lines))


@contextmanager
def guard(
    where: Namespace,
    *paths: str,
    choice: dict[str, Any] | None = None,
    before: Sequence[str] = (),
) -> Iterator[Guarded]:
    """Run a guard with a desk that is no jail; see `guard_daemon`.

    Args:
        where: in this namespace.
        paths: what it guards; the namespace's mount if there is none.
        choice: fields of `Choice`.
        before: words in front of the command.
    """
    words = [json.dumps(choice or {}), *(paths or (str(where.folder),))]
    command = where.inside(
        *before, sys.executable, "-m", "support.guard_daemon", *words
    )
    tests = os.fspath(Path(__file__).parents[1])
    path = os.pathsep.join([tests, *sys.path])
    environ = {**os.environ, "PYTHONPATH": path}
    process = subprocess.Popen(command, stdout=subprocess.PIPE, env=environ)
    running = Guarded(process)
    try:
        running.gate = running.wait_for(ready=process.pid)["gate"]
        yield running
    finally:
        with suppress(ProcessLookupError):
            process.kill()
        process.wait()
        assert process.stdout is not None
        process.stdout.close()
        end_gates(where)


def end_gates(where: Namespace) -> None:
    """End what guards left behind."""
    while gates := _gates(where):  # a standby that follows has one of its own
        for each in gates:
            with suppress(ProcessLookupError):
                os.kill(each, signal.SIGKILL)


def _gates(where: Namespace) -> set[int]:
    """The gates and standbys that run in a mount namespace."""
    mine = os.readlink(f"/proc/{where.holder}/ns/mnt")
    found = set()
    for name in filter(str.isdigit, os.listdir("/proc")):
        with suppress(OSError):
            words = Path(f"/proc/{name}/cmdline").read_bytes()
            gate = b"clearward.faces.guard.gate" in words
            if gate and os.readlink(f"/proc/{name}/ns/mnt") == mine:
                found.add(int(name))
    return found


def is_running(process: int) -> bool:
    """Say whether a process runs; one that has ended and was not reaped does not."""
    try:
        fields = Path(f"/proc/{process}/stat").read_text("ascii").rpartition(")")[2]
    except OSError:
        return False
    return fields.split()[0] != "Z"
