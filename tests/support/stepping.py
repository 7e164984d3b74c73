"""Stop a copy of this process at every system call, to kill it there or to interfere.

A call at whose entry a process is killed is not made any more. So a copy that is killed
at its first, second, third ... call shows every state that a kill can leave.

Source: ptrace(2).
"""

import ctypes
import os
import signal
from collections.abc import Callable
from contextlib import suppress

import pytest

from clearward.jail import kernel

_TRACE_ME, _SYSCALL, _SET_OPTIONS = 0, 24, 0x4200
_GET_INFO = 0x420E
_TELL_CALLS = 1  # PTRACE_O_TRACESYSGOOD: stops at calls have bit 7 in their signal
_END_WITH_US = 0x100000  # PTRACE_O_EXITKILL
_STOPPED_AT_CALL = signal.SIGTRAP | 0x80
_ENTRY = 1  # PTRACE_SYSCALL_INFO_ENTRY
_INFO_SIZE = 88

_NAMES = {number: name for name, number in kernel.numbers().items()}

Interfere = Callable[[int, str], None]

# Calls that change nothing in a file system: a kill before one of them leaves what a
# kill before the next call leaves.
QUIET = frozenset(
    [
        "brk",
        "close",
        "faccessat2",
        "fcntl",
        "flistxattr",
        "flock",
        "fstat",
        "fstatfs",
        "futex",
        "getdents64",
        "geteuid",
        "getrandom",
        "ioctl",
        "lseek",
        "mmap",
        "munmap",
        "newfstatat",
        "pread64",
        "read",
        "readlinkat",
    ]
)


def stepped(action: Callable[[], object], at: Interfere) -> int | None:
    """Run an action in a copy of this process, stopped at the entry of each call.

    Args:
        action: whatever it raises ends the copy with status 1.
        at: is called at each stop with its number, from 0, and the name of the call.

    Returns:
        The status that the copy ended with; None if it was killed.
    """
    process = os.fork()
    if process == 0:
        _run(action)
    try:
        return _follow(process, at)
    finally:
        with suppress(ProcessLookupError, ChildProcessError):
            os.kill(process, signal.SIGKILL)
            os.waitpid(process, 0)


def killed_at(
    action: Callable[[], object],
    where: int | str,
    but: frozenset[str] = frozenset(),
) -> bool:
    """Run an action in a copy that is killed at the entry of one of its calls.

    Args:
        action: as above.
        where: the number of the call, or the name of the first such.
        but: names of calls that are not counted.

    Returns:
        Whether it came that far; else it ended by itself.
    """
    counted = 0

    def kill(_stop: int, name: str) -> None:
        nonlocal counted
        if name in but:
            return
        if where in (counted, name):
            raise _Kill
        counted += 1

    with suppress(_Kill):
        stepped(action, kill)
        return False
    return True


def calls(action: Callable[[], object]) -> list[str]:
    """Return the names of the calls that an action makes, in their order."""
    names: list[str] = []
    status = stepped(action, lambda _number, name: names.append(name))
    assert status == 0
    return names


def needs_stepping() -> None:
    """Skip a test where processes cannot be stepped through."""
    try:
        possible = bool(calls(os.getppid))
    except (OSError, AssertionError):
        possible = False
    if not possible:
        pytest.skip("needs the right to trace own processes")


class _Kill(Exception):
    """The copy is to be killed."""


def _run(action: Callable[[], object]) -> None:
    """The copy's part: it never comes back."""
    status = 1
    try:
        kernel.call(kernel.numbers()["ptrace"], _TRACE_ME, 0, 0, 0)
        os.kill(os.getpid(), signal.SIGSTOP)
        action()
        status = 0
    finally:
        os._exit(status)


def _follow(process: int, at: Interfere) -> int | None:
    ptrace = kernel.numbers()["ptrace"]
    _, status = os.waitpid(process, 0)
    if not os.WIFSTOPPED(status):
        raise OSError("it cannot be traced")
    kernel.call(ptrace, _SET_OPTIONS, process, 0, _TELL_CALLS | _END_WITH_US)
    number = 0
    passed = 0
    while True:
        kernel.call(ptrace, _SYSCALL, process, 0, passed)
        _, status = os.waitpid(process, 0)
        if os.WIFEXITED(status):
            return os.WEXITSTATUS(status)
        if os.WIFSIGNALED(status):
            return None
        passed = 0
        if os.WSTOPSIG(status) != _STOPPED_AT_CALL:
            passed = os.WSTOPSIG(status)
            continue
        name = _entered(ptrace, process)
        if name is not None:
            at(number, name)
            number += 1


def _entered(ptrace: int, process: int) -> str | None:
    """The name of the call that is being entered; None if one is being left."""
    info = ctypes.create_string_buffer(_INFO_SIZE)
    kernel.call(ptrace, _GET_INFO, process, _INFO_SIZE, info)
    if info.raw[0] != _ENTRY:
        return None
    return _NAMES.get(int.from_bytes(info.raw[24:32], "little"), "?")
