"""Tells others of what was found: a program of the site's own, and a local socket.

Nothing here goes out of the machine: that is what `egress/webhook.py` does. A desktop's
notice is a program (`notify-send`).
"""

import json
import os
import signal
import socket
from collections import deque
from contextlib import suppress
from typing import Any

from clearward.core.errors import Refused

_MOST_WAITING = 100  # notices; beyond that they are dropped and counted
_MOST = 60_000  # bytes of a datagram
_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"


class Notices:
    """Gives notice. Use it from the event loop's thread.

    The program runs once for each notice, one at a time, with the object as its only
    argument and no standard input; it is never a shell's text.

    Args:
        program: path, or empty for none.
        address: path of a datagram socket, or empty for none; nobody need listen.

    Attributes:
        dropped: notices that there was no room for, or nobody to take.

    Raises:
        Refused: the program cannot be run.
    """

    def __init__(self, program: str = "", address: str = "") -> None:
        if program and not os.access(program, os.X_OK):
            raise Refused(f"{program}: is no program that can be run")
        self.dropped = 0
        self._program = program
        self._address = address
        self._waiting: deque[str] = deque()
        self._process = 0
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.settimeout(0)

    def give(self, row: dict[str, Any]) -> None:
        """Give notice of one thing; never waits."""
        text = json.dumps(row)
        if self._address:
            try:
                self._socket.sendto(text.encode()[:_MOST], self._address)
            except OSError:
                self.dropped += 1
        if not self._program:
            return
        if len(self._waiting) >= _MOST_WAITING:
            self.dropped += 1
        else:
            self._waiting.append(text)
            self.go_on()

    def go_on(self) -> None:
        """Start the program for what waits, if it has ended; called now and then."""
        if self._process and os.waitpid(self._process, os.WNOHANG)[0]:
            self._process = 0
        if self._process or not self._waiting:
            return
        actions = [(os.POSIX_SPAWN_OPEN, 0, "/dev/null", os.O_RDONLY, 0)]
        text = self._waiting.popleft()
        try:
            self._process = os.posix_spawn(
                self._program,
                [self._program, text],
                {"PATH": _PATH, "LC_ALL": "C.UTF-8"},
                file_actions=actions,
                setsigdef=[signal.SIGPIPE],
                setsid=True,
            )
        except OSError:
            self.dropped += 1

    def close(self) -> None:
        """Give no more; a program that runs is left to end by itself."""
        self._socket.close()
        if self._process:
            with suppress(ChildProcessError):
                os.waitpid(self._process, os.WNOHANG)
