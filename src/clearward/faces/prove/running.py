"""Commands of this program, run in the lab as a person would."""

import os
import signal
import socket
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass

from clearward.core.errors import Unavailable

_PATIENCE = 120.0  # seconds that a command may take
_SOON = 0.02


@dataclass(frozen=True, slots=True)
class Home:
    """A home with something to look at.

    Attributes:
        folder: everything below it is this home's own.
    """

    folder: str

    @property
    def path(self) -> str:
        """Where it keeps what it keeps."""
        return os.path.join(self.folder, "home")

    @property
    def files(self) -> str:
        """What it scans."""
        return os.path.join(self.folder, "files")

    def put(self, name: str, content: bytes) -> None:
        """Put a file among those that it scans."""
        os.makedirs(self.files, exist_ok=True)
        with open(os.path.join(self.files, name), "wb") as file:
            file.write(content)

    def run(self, *words: str) -> int:
        """Run a command; return its exit status.

        Raises:
            Unavailable: it does not end.
        """
        process = self._start(words)
        until = time.monotonic() + _PATIENCE
        while time.monotonic() < until:
            ended, status = os.waitpid(process, os.WNOHANG)
            if ended:
                return os.waitstatus_to_exitcode(status)
            time.sleep(_SOON)
        _end(process, signal.SIGKILL)
        raise Unavailable(f"clearward {' '.join(words)}: does not end")

    def serve(self, content: bytes) -> bytes:
        """Start a server, have it look at something, and end it; return its answer.

        Raises:
            Unavailable: it does not answer.
        """
        place = os.path.join(self.folder, "clamd.sock")
        process = self._start(
            ("serve", "--clamd", f"unix:{place}", "--require-level", "D")
        )
        try:
            return _asked(place, content)
        finally:
            _end(process, signal.SIGTERM)

    def _start(self, words: Sequence[str]) -> int:
        flags = os.O_WRONLY
        actions = [
            (os.POSIX_SPAWN_OPEN, number, os.devnull, flags if number else 0, 0)
            for number in range(3)
        ]
        level = {"CLEARWARD_HOME": self.path, "PYTHONPATH": os.pathsep.join(sys.path)}
        command = [sys.executable, "-m", "clearward", *words]
        return os.posix_spawn(
            sys.executable, command, {**os.environ, **level}, file_actions=actions
        )


def _asked(place: str, content: bytes) -> bytes:
    """Ask a server of clamd's protocol behind a Unix socket, as soon as it is there."""
    length = len(content).to_bytes(4, "big")
    until = time.monotonic() + _PATIENCE
    while time.monotonic() < until:
        with suppress(OSError), socket.socket(socket.AF_UNIX) as link:
            link.settimeout(_PATIENCE)
            link.connect(place)
            link.sendall(b"zINSTREAM\0" + length + content + bytes(4))
            return link.recv(1 << 16)
        time.sleep(_SOON)
    raise Unavailable("a server in the lab does not answer")


def _end(process: int, number: int) -> None:
    os.kill(process, number)
    os.waitpid(process, 0)
