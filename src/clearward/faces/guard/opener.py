"""Who opened a file, as far as procfs still knows."""

import os
from dataclasses import dataclass

from clearward.faces.guard.seen import Access, What


@dataclass(frozen=True, slots=True)
class Opener:
    """A process that opened a file.

    Attributes:
        process: its number; 0 if it is of another process namespace.
        program: path of its program, raw; empty if it has ended.
        user: number of its user; -1 if it has ended.
    """

    process: int
    program: bytes = b""
    user: int = -1


def opener(process: int) -> Opener:
    """Look at a process, which may have ended."""
    if process <= 0:
        return Opener(0)
    try:
        user = os.stat(f"/proc/{process}").st_uid
    except OSError:
        return Opener(process)
    return Opener(process, _link(b"/proc/%d/exe" % process), user)


def path_of(file: int) -> bytes:
    """The path of an open file, raw; empty if there is none."""
    return _link(b"/proc/self/fd/%d" % file)


def access(path: bytes, what: What, by: Opener) -> Access:
    """Put together who did what to which file."""
    return Access(path, what, by.process, by.program, by.user)


def _link(path: bytes) -> bytes:
    try:
        return os.readlink(path)
    except OSError:
        return b""
