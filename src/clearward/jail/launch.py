"""Start the process of a zygote, before anything else of the broker is loaded.

What a zygote loads takes longer than what the broker loads, so a command that will need
one starts it first, and both load beside each other. Therefore this module imports next
to nothing, and what a zygote is told beyond its kind is sent later.
"""

import os
import signal
import socket
import sys
from _thread import get_native_id  # threading would take longer to import
from contextlib import suppress
from enum import StrEnum

from clearward.core.errors import Unavailable

_CHANNEL = 3
HEAVY = "heavy"  # argument of a zygote that loads the heavy libraries as well

# Not -m, which loads runpy; and no search for circles among what is being loaded and
# stays. Together this saves 30 ms of 250.
_PROGRAM = "import gc; gc.disable(); from clearward.jail.zygote import main; main()"


class Kind(StrEnum):
    """What a zygote loads before it locks itself."""

    LIGHT = "light"  # what most files need
    IMAGES = "images"  # what compiled images need as well
    SIGNATURES = "signatures"  # what compiles ClamAV's signatures, and images, as well
    LINT = "lint"  # what reads rules for what they must not look for
    EXTRACT = "extract"  # what finds indicators in texts, and no rules
    ATTACKS = "attacks"  # the attempts of `clearward prove`, and what any rules need

    def covers(self, other: "Kind") -> bool:
        """Say whether a zygote of this kind can do what one of another can."""
        rising = (Kind.LIGHT, Kind.IMAGES, Kind.SIGNATURES)
        if self in rising and other in rising:
            return rising.index(self) >= rising.index(other)
        return self is other


class Launched:
    """A process that becomes a zygote: it loads and locks itself without being asked.

    Args:
        kind: what it loads.
        heavy: the heavy libraries as well.

    Attributes:
        kind: what it loads.
        process: its process number.
        channel: the broker's end of its socket pair.

    Raises:
        Unavailable: the process could not be started.
        RuntimeError: this is not the first thread. The kernel kills a zygote with the
            thread that started it, and only the first one lasts as long as a process.
    """

    def __init__(self, kind: Kind = Kind.LIGHT, *, heavy: bool = False) -> None:
        if get_native_id() != os.getpid():
            raise RuntimeError("only the first thread of a process starts a zygote")
        self.kind = kind
        self.channel, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._ended = False
        try:
            self.process = _start(theirs.fileno(), kind, *([HEAVY] if heavy else []))
        except OSError as error:
            self.channel.close()
            raise Unavailable(f"the jail could not be started: {error}") from error
        finally:
            theirs.close()

    def end(self) -> None:
        """End it and everything it forked, and wait until it is gone; once is enough.

        It is not asked: it may be compiling rules for minutes. Its workers die with it.
        """
        if self._ended:  # the number may be that of another process by now
            return
        self._ended = True
        self.channel.close()
        with suppress(ProcessLookupError):
            os.kill(self.process, signal.SIGKILL)
        os.waitpid(self.process, 0)


def _start(channel: int, kind: str, *more: str) -> int:
    """Start the interpreter with one socket, no environment and no terminal.

    A session of its own keeps Ctrl-C from it: the broker decides when it ends.
    """
    command = [sys.executable, "-I", "-B", "-c", _PROGRAM, kind, *more]
    actions = [
        # First, since the channel may have the number of a stream that was closed.
        (os.POSIX_SPAWN_DUP2, channel, _CHANNEL),
        (os.POSIX_SPAWN_OPEN, 0, "/dev/null", os.O_RDONLY, 0),
        (os.POSIX_SPAWN_OPEN, 1, "/dev/null", os.O_WRONLY, 0),
    ]
    if "CLEARWARD_DEBUG" not in os.environ:
        actions.append((os.POSIX_SPAWN_OPEN, 2, "/dev/null", os.O_WRONLY, 0))
    # Without a home the interpreter would ask a name service for one, by a socket.
    environment = {"LC_ALL": "C.UTF-8", "HOME": "/"}
    return os.posix_spawn(
        sys.executable, command, environment, file_actions=actions, setsid=True
    )
