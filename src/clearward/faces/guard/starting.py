"""Start the gate, before anything is watched: later its start would wait for itself."""

import fcntl
import os
import socket
import sys

from clearward.core.errors import Unavailable
from clearward.faces.guard.gate import BOARD, CHANNEL, GROUP
from clearward.faces.guard.protocol import Settings

_ABOVE = 10  # first descriptor that no action below overwrites
_BUFFER = 1 << 20  # bytes of answers on their way
_PROGRAM = "from clearward.faces.guard.gate import main; main()"


def start_gate(group: int, board: int, settings: Settings) -> socket.socket:
    """Start the gate and return the channel to it; `Hello` comes when it is ready.

    Args:
        group: from `fanotify.asking_group`; to be closed by the caller afterwards, or
            the events of a gate that died would wait for a daemon that stands still.
        board: from `new_board`.
        settings: what it has to know.

    Raises:
        Unavailable: the process could not be started.
    """
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    taken: list[int] = []
    try:
        taken.extend(
            fcntl.fcntl(descriptor, fcntl.F_DUPFD_CLOEXEC, _ABOVE)
            for descriptor in (group, theirs.fileno(), board)
        )
        ours.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _BUFFER)
        ours.send(settings.to_bytes())
        process = _spawn(*taken)
    except OSError as error:
        ours.close()
        raise Unavailable(f"guard could not be started: {error.strerror}") from error
    finally:
        theirs.close()
        for descriptor in taken:
            os.close(descriptor)
    # It forks at once, so that it is nobody's child.
    if os.waitstatus_to_exitcode(os.waitpid(process, 0)[1]):
        ours.close()
        raise Unavailable("guard could not be started: its gate has ended")
    ours.settimeout(0)
    return ours


def _spawn(group: int, channel: int, board: int) -> int:
    """Start a clean interpreter with three descriptors and standard error."""
    actions = [
        (os.POSIX_SPAWN_OPEN, 0, "/dev/null", os.O_RDONLY, 0),
        (os.POSIX_SPAWN_OPEN, 1, "/dev/null", os.O_WRONLY, 0),
        (os.POSIX_SPAWN_DUP2, group, GROUP),
        (os.POSIX_SPAWN_DUP2, channel, CHANNEL),
        (os.POSIX_SPAWN_DUP2, board, BOARD),
    ]
    return os.posix_spawn(
        sys.executable,
        [sys.executable, "-I", "-B", "-c", _PROGRAM],
        {"LC_ALL": "C.UTF-8", "HOME": "/"},
        file_actions=actions,
        setsid=True,
    )
