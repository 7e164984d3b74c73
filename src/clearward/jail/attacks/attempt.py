"""What an attempt of `clearward prove` is, and the calls it is made of.

An attempt is a plain system call, or a few, made the way an attacker who runs code in a
worker would make them. It succeeds by returning; it is blocked by an error or by death.
"""

import ctypes
import errno
from collections.abc import Callable
from dataclasses import dataclass

from clearward.jail import kernel

CHANNEL = 3
HERE = -100  # AT_FDCWD
NEIGHBOUR = b"/etc/passwd"

_SCRATCH = ctypes.create_string_buffer(8192)
_NUMBERS = kernel.numbers()


@dataclass(frozen=True, slots=True)
class Target:
    """What the attacker has in hand and aims at.

    Attributes:
        file: a descriptor that was handed over for reading.
        broker: process number of the broker.
    """

    file: int
    broker: int


# Errors that refuse. Any other error means that the attempt itself was no good, and
# proves nothing.
REFUSALS = frozenset(
    (errno.EACCES, errno.EPERM, errno.EBADF, errno.EAGAIN, errno.ENOTTY, errno.EMSGSIZE)
)
# Calls that the filter refuses as if their arguments were wrong.
_REFUSED_AS_WRONG = ("prctl", "fcntl", "madvise")


@dataclass(frozen=True, slots=True)
class Attempt:
    """One thing that a worker must not be able to do.

    If a lock were missing, it would be done: so nothing here may harm the machine.

    Attributes:
        name: short, with hyphens.
        run: does it; returning means that it worked.
        call: the system call it is about, if it is one.
    """

    name: str
    run: Callable[[Target], object]
    call: str = ""

    def is_refusal(self, error: int) -> bool:
        """Say whether an errno refuses this attempt."""
        wrong = error == errno.EINVAL and self.call in _REFUSED_AS_WRONG
        return wrong or error in REFUSALS

    def exists(self) -> bool:
        """Say whether this machine has the call."""
        return not self.call or self.call in _NUMBERS


def scratch() -> int:
    """The address of memory that a call may write to."""
    return ctypes.addressof(_SCRATCH)


def syscall(name: str, *arguments: int | bytes | ctypes.Array[ctypes.c_char]) -> int:
    """Make a call by name; bytes are passed by their address.

    Raises:
        OSError: what the kernel answered.
    """
    return kernel.call(_NUMBERS[name], *arguments)


def plain(
    name: str, call: str, *arguments: int | bytes | ctypes.Array[ctypes.c_char]
) -> Attempt:
    """An attempt that is one call and needs nothing from the target."""
    return Attempt(name, lambda _: syscall(call, *arguments), call)


def on_file(
    name: str, call: str, *arguments: int | bytes | ctypes.Array[ctypes.c_char]
) -> Attempt:
    """An attempt that is one call on the descriptor that was handed over."""
    return Attempt(name, lambda target: syscall(call, target.file, *arguments), call)
