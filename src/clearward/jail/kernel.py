"""System calls that Python has no function for.

Numbers come from ``syscalls.txt`` for the machine this runs on. Every call goes
through libc's `syscall`, so a failed one raises OSError with its errno.
"""

import ctypes
import os
from functools import cache

CALLS_FILE = os.path.join(os.path.dirname(__file__), "syscalls.txt")

# The architecture as the kernel names it in a seccomp filter. Source: linux/audit.h.
AUDIT_ARCH = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
COLUMN = {"x86_64": 0, "aarch64": 1}

MACHINE = os.uname().machine

_libc = ctypes.CDLL(None, use_errno=True)
_syscall = _libc.syscall
_syscall.restype = ctypes.c_long


def numbers(machine: str = MACHINE) -> dict[str, int]:
    """System-call numbers by name; calls that `machine` lacks are left out.

    Read once: behind the lock the table can no longer be opened.

    Raises:
        KeyError: a machine without a column in the table.
    """
    column = COLUMN[machine]
    return {name: row[column] for name, row in _rows().items() if row[column] >= 0}


@cache
def _rows() -> dict[str, tuple[int, ...]]:
    with open(CALLS_FILE, encoding="utf-8") as file:
        rows = [line.split() for line in file if not line.startswith(("#", "\n"))]
    return {name: tuple(map(int, columns)) for name, *columns in rows}


def call(number: int, *arguments: int | bytes | ctypes.Array[ctypes.c_char]) -> int:
    """Make a system call and return its result.

    Args:
        number: from `numbers`.
        arguments: integers, or buffers whose address is passed.

    Raises:
        OSError: the kernel's errno.
    """
    passed = [
        ctypes.c_long(argument) if isinstance(argument, int) else argument
        for argument in arguments
    ]
    ctypes.set_errno(0)
    result = int(_syscall(ctypes.c_long(number), *passed))
    if result < 0:
        error = ctypes.get_errno()
        raise OSError(error, os.strerror(error))
    return result
