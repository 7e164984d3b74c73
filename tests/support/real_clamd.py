"""Start Debian's clamd with settings of its own, and end it by its number."""

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Clamd:
    """One that runs.

    Attributes:
        path: of its socket.
        port: on 127.0.0.1.
    """

    path: Path
    port: int

    def conf(self, folder: Path, name: str, *, tcp: bool, more: str = "") -> Path:
        """Write what a client reads, and return where."""
        where = f"TCPSocket {self.port}\nTCPAddr 127.0.0.1\n"
        path = folder / name
        path.write_text((where if tcp else f"LocalSocket {self.path}\n") + more)
        return path


@contextmanager
def running(folder: Path, database: Path, settings: str = "") -> Iterator[Clamd]:
    """Run it with some settings; skip where it is not installed.

    Args:
        folder: an empty one, which is made.
        database: its signatures.
        settings: more lines of its configuration.
    """
    program = shutil.which("clamd", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
    if program is None:
        pytest.skip("clamd is not installed")
    folder.mkdir()
    clamd = Clamd(folder / "sock", _free_port())
    conf = folder / "clamd.conf"
    conf.write_text(
        f"LocalSocket {clamd.path}\nTCPSocket {clamd.port}\nTCPAddr 127.0.0.1\n"
        f"DatabaseDirectory {database}\nTemporaryDirectory {folder}\n"
        f"PidFile {folder}/pid\nSelfCheck 3600\nForeground yes\n{settings}"
        + ("User root\n" if os.geteuid() == 0 else "")
    )
    with (folder / "out").open("wb") as out:
        process = subprocess.Popen(
            [program, "-c", conf], stdout=out, stderr=subprocess.STDOUT
        )
    try:
        _wait(process, clamd, folder / "out")
        yield clamd
    finally:
        process.terminate()
        process.wait(_SECONDS)


def _free_port() -> int:
    with socket.socket() as asked:
        asked.bind(("127.0.0.1", 0))
        return int(asked.getsockname()[1])


def _wait(process: "subprocess.Popen[bytes]", clamd: Clamd, out: Path) -> None:
    """Wait until both addresses answer."""
    deadline = time.monotonic() + _SECONDS
    while time.monotonic() < deadline:
        assert process.poll() is None, out.read_text()
        try:
            for family, address in (
                (socket.AF_UNIX, str(clamd.path)),
                (socket.AF_INET, ("127.0.0.1", clamd.port)),
            ):
                with socket.socket(family) as asked:
                    asked.settimeout(_SECONDS)
                    asked.connect(address)
                    asked.sendall(b"zPING\0")
                    assert asked.recv(8) == b"PONG\0"
        except OSError:
            time.sleep(0.05)
        else:
            return
    pytest.fail("clamd did not answer in time")
