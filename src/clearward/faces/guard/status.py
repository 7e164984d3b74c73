"""A file in the home that says how the guard is, for `clearward guard --status`.

Written beside the old one and renamed, without waiting for the disk: a reader finds a
whole one, and after a crash of the machine nothing runs that it could be about.
"""

import json
import os
import signal
from contextlib import suppress
from typing import Any

from clearward.core.errors import Refused, Unavailable

_NAME = "guard.json"
_NEW = "guard.json.new"
_GATE = b"clearward.faces.guard.gate"  # stands in the command line of every gate


class Status:
    """The file.

    Args:
        home: folder that holds everything kept.
    """

    def __init__(self, home: str) -> None:
        self._home = home
        self._place = os.path.join(home, _NAME)

    def write(self, status: dict[str, Any]) -> bool:
        """Write it; say whether that could be done: a disk may be full."""
        new = os.path.join(self._home, _NEW)
        flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW | os.O_CLOEXEC
        with suppress(OSError):
            os.makedirs(self._home, mode=0o700, exist_ok=True)
            opened = os.open(new, flags, 0o600)
            try:
                data = json.dumps(status).encode("ascii")
                written = os.write(opened, data)
            finally:
                os.close(opened)
            if written == len(data):
                os.rename(new, self._place)
                return True
            os.unlink(new)
        return False

    def read(self) -> dict[str, Any]:
        """Read what a guard wrote that runs.

        Raises:
            Unavailable: no guard runs with this home.
            Refused: the file cannot be read.
        """
        status = self._last()
        if not _runs(status.get("process")):
            raise Unavailable("no guard is running with this home")
        return status

    def end_old_gate(self) -> None:
        """End the gate of a guard that was killed and that still denies opens."""
        with suppress(Unavailable, Refused, OSError):
            status = self._last()
            gate = status.get("gate")
            if _runs(status.get("process")) or not isinstance(gate, int) or gate <= 1:
                return
            opened = os.pidfd_open(gate)
            try:
                with open(f"/proc/{gate}/cmdline", "rb") as file:
                    if _GATE in file.read():
                        signal.pidfd_send_signal(opened, signal.SIGTERM)
            finally:
                os.close(opened)

    def _last(self) -> dict[str, Any]:
        try:
            with open(self._place, encoding="ascii") as file:
                status = json.load(file)
        except FileNotFoundError as error:
            raise Unavailable("no guard is running with this home") from error
        except (OSError, ValueError) as error:
            raise Refused(f"{self._place}: cannot be read") from error
        if not isinstance(status, dict):
            raise Refused(f"{self._place}: cannot be read")
        return status


def _runs(process: object) -> bool:
    if not isinstance(process, int) or process <= 0:
        return False
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
