"""A server in a process of its own, as an administrator starts it."""

import os
import socket
import struct
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from support.command import COMMAND

PATIENCE = 60.0  # seconds


@dataclass(frozen=True, slots=True)
class Served:
    """A server that is ready.

    Attributes:
        process: it.
        addresses: where it listens, in the words of its ready line.
        log: takes what it says on standard error.
    """

    process: subprocess.Popen[bytes]
    addresses: tuple[str, ...]
    log: Path

    def place(self, face: str) -> str | tuple[str, int]:
        """Where a face listens, as `socket.connect` takes it."""
        address = next(one for one in self.addresses if one.startswith(f"{face}="))
        kind, _, rest = address.partition("=")[2].partition(":")
        if kind == "unix":
            return rest
        host, _, port = rest.rpartition(":")
        return host, int(port)

    def signal(self, number: int) -> None:
        """Send it a signal."""
        os.kill(self.process.pid, number)

    def ends(self) -> int:
        """Wait until it has ended; return its status."""
        return self.process.wait(PATIENCE)

    def output(self) -> bytes:
        """What it wrote to standard output; it has ended."""
        assert self.process.stdout is not None
        return self.process.stdout.read()

    def says(self, words: str) -> None:
        """Wait until its log holds some words."""
        until = time.monotonic() + PATIENCE
        while words not in self.log.read_text():
            assert time.monotonic() < until, self.log.read_text()
            time.sleep(0.02)


@contextmanager
def served(
    folder: Path,
    *options: str,
    environment: dict[str, str] | None = None,
    passed: socket.socket | None = None,
) -> Iterator[Served]:
    """Start `clearward serve` and end it afterwards.

    Args:
        folder: for its home and its log.
        options: of the command.
        environment: added to its own.
        passed: a socket that gets descriptor 3.
    """
    log = folder / "serve.log"
    home = {"CLEARWARD_HOME": str(folder / "home")}
    with log.open("wb") as errors:
        process = subprocess.Popen(
            [*_before(passed), *COMMAND, "serve", "--require-level", "D", *options],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=errors,
            env={**os.environ, **home, **(environment or {})},
            pass_fds=() if passed is None else (passed.fileno(),),
        )
    try:
        yield Served(process, _ready(process, log), log)
    finally:
        process.kill()
        process.wait()
        if process.stdout is not None:
            process.stdout.close()


_ACTIVATE = """
import os, sys
os.dup2(int(sys.argv[1]), 3)
os.environ["LISTEN_PID"] = str(os.getpid())
os.execv(sys.argv[2], sys.argv[2:])
"""


def _before(passed: socket.socket | None) -> tuple[str, ...]:
    """A program that gives a socket the number that a service manager would."""
    if passed is None:
        return ()
    return (sys.executable, "-c", _ACTIVATE, str(passed.fileno()))


def _ready(process: subprocess.Popen[bytes], log: Path) -> tuple[str, ...]:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        for line in log.read_text().splitlines():
            if line.startswith("ready "):
                return tuple(line.split()[1:])
        assert process.poll() is None, log.read_text()
        time.sleep(0.02)
    raise AssertionError("it did not get ready")


def ask(place: str | tuple[str, int], data: bytes) -> bytes:
    """Send something and read until the server closes."""
    family = socket.AF_UNIX if isinstance(place, str) else socket.AF_INET
    with socket.socket(family) as one:
        one.settimeout(PATIENCE)
        one.connect(place)
        one.sendall(data)
        pieces = []
        while piece := one.recv(65536):
            pieces.append(piece)
        return b"".join(pieces)


def instream(content: bytes) -> bytes:
    """The command that has some bytes scanned."""
    length = struct.pack(">I", len(content))
    return b"zINSTREAM\0" + length + content + bytes(4)
