"""Attack workers from inside and note what the kernel answered; the outside part.

Every attempt gets a worker of its own, since most attempts are deadly.
"""

import errno
import os
import signal
import socket
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass

from clearward.jail.spawn import Zygote, ending

ANSWER_SECONDS = 10.0
_MOST_ANSWER = 256

# In a kernel without the old call interface its instruction is a fault.
_MAY_FAULT = ("i386-interface-open", "i386-interface-socket")

# What says that the kernel stopped an attempt.
_BLOCKED = frozenset((*errno.errorcode.values(), "SIGSYS", "SIGSEGV"))


@dataclass(frozen=True, slots=True)
class Tried:
    """One attempt and its answer.

    Attributes:
        attempt: its name.
        result: ``"SIGSYS"``, the name of an error, or ``"worked"``.
        blocked: the kernel stopped it.
    """

    attempt: str
    result: str
    blocked: bool


def prove(zygote: Zygote, names: tuple[str, ...]) -> Iterator[Tried]:
    """Yield every attempt with what came of it.

    Args:
        zygote: loaded, with the attempts in it.
        names: of the attempts.

    Raises:
        Unavailable: the zygote has gone.
    """
    with tempfile.NamedTemporaryFile(prefix="clearward-prove-") as made:
        made.write(b"content of a file that is scanned")
        made.flush()
        for name in names:
            file = os.open(made.name, os.O_RDONLY | os.O_CLOEXEC)
            try:
                result = _attempt(zygote, name, file)
            finally:
                os.close(file)
            yield Tried(name, result, result in _BLOCKED)


def _attempt(zygote: Zygote, name: str, file: int) -> str:
    worker = zygote.fork()
    request = f"{name} {os.getpid()}".encode("ascii")
    answer = b""
    with worker.channel as channel:
        channel.settimeout(ANSWER_SECONDS)
        with suppress(ConnectionError):
            socket.send_fds(channel, [request], [file])
            try:
                answer = channel.recv(_MOST_ANSWER)
            except TimeoutError:
                answer = b"failed no answer"
    if answer:
        with suppress(OSError):
            os.kill(worker.process, signal.SIGKILL)
    death = ending(zygote.reap(worker.process))
    if answer:
        said = answer.decode("ascii", errors="replace")
        # Anything else is what the attempt itself got out through the channel.
        return said if said in _BLOCKED or said.startswith("failed ") else "worked"
    if death == "SIGSYS" or (death == "SIGSEGV" and name in _MAY_FAULT):
        return death
    return f"failed {death}"
