"""A kernel of fanotify that says what a test wants it to say: a pair of sockets."""

import os
import socket
import struct
from contextlib import suppress

from clearward.jail.fanotify import ALLOW, EVENT_SIZE, Event

_EVENT = struct.Struct("=IBBHQii")
_ANSWER = struct.Struct("=iI")


class Kernel:
    """The other end of a group.

    Attributes:
        group: descriptor, to be read and written as a group.
    """

    def __init__(self) -> None:
        self._theirs, self._ours = socket.socketpair()
        for each in (self._ours, self._theirs):
            each.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 1 << 20)
        self._theirs.settimeout(0)
        self._ours.settimeout(0)
        self.group = self._theirs.fileno()

    def send(self, *events: Event) -> None:
        """Let events happen."""
        for event in events:
            self._ours.send(_EVENT.pack(EVENT_SIZE, 3, 0, EVENT_SIZE, *event))

    def answers(self) -> list[tuple[int, bool]]:
        """What was answered since the last call: descriptor, and whether allowed."""
        data = b""
        with suppress(BlockingIOError):
            while True:
                data += self._ours.recv(65536)
        return [(file, said == ALLOW) for file, said in _ANSWER.iter_unpack(data)]

    def close(self) -> None:
        """Close both ends."""
        self._theirs.close()
        self._ours.close()


def opened(path: str | os.PathLike[str]) -> int:
    """Open a file as the kernel does for an event."""
    return os.open(path, os.O_RDONLY | os.O_CLOEXEC)
