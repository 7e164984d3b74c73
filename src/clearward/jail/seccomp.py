"""Build and install system-call filters.

A policy is a list of `Rule`s; a call that no rule names is killed. The program checks
the architecture first, then the x32 range (calls with bit 30 set, x86-64 only), then
one rule after the other, so the calls made for every file stand first.

Source: seccomp(2), linux/seccomp.h, linux/filter.h; layout of `struct seccomp_data`:
number at 0, architecture at 4, arguments from 16 on, 8 bytes each, little-endian.
"""

import ctypes
import struct
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from clearward.jail import kernel

ALLOW = 0x7FFF0000
KILL = 0x80000000  # the whole process

_LOAD = 0x20  # BPF_LD | BPF_W | BPF_ABS
_EQUAL = 0x15  # BPF_JMP | BPF_JEQ | BPF_K
_ANY_BIT = 0x45  # BPF_JMP | BPF_JSET | BPF_K
_AT_LEAST = 0x35  # BPF_JMP | BPF_JGE | BPF_K
_RETURN = 0x06  # BPF_RET | BPF_K
_X32 = 0x40000000

_SET_MODE_FILTER = 1
_TSYNC = 1


def fail(error: int) -> int:
    """The action that makes a call return an errno."""
    return 0x00050000 | error


class Comparison(Enum):
    """How an argument is compared. Only its low 32 bits are looked at."""

    IN = "is one of"
    CLEAR = "has none of these bits"


@dataclass(frozen=True, slots=True)
class Argument:
    """A condition on one argument of a call.

    Attributes:
        place: which argument, counted from 0.
        test: how it is compared.
        values: for `IN` the allowed values, for `CLEAR` one mask.
    """

    place: int
    test: Comparison
    values: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Rule:
    """What happens to one call.

    Attributes:
        name: of the call; ignored on a machine that lacks it.
        action: `ALLOW`, `KILL` or `fail(errno)`.
        conditions: all must hold for `action`.
        otherwise: the action if one does not.
    """

    name: str
    action: int
    conditions: tuple[Argument, ...] = ()
    otherwise: int = KILL


class _Program:
    """Instructions, 8 bytes each: code, two jump lengths, a value."""

    def __init__(self) -> None:
        self._made: list[bytes] = []

    def __len__(self) -> int:
        return len(self._made)

    def add(self, code: int, value: int, true: int = 0, false: int = 0) -> None:
        self._made.append(struct.pack("<HBBI", code, true, false, value & 0xFFFFFFFF))

    def extend(self, other: "_Program") -> None:
        self._made.extend(other._made)  # noqa: SLF001 - the class's own field

    def encode(self) -> bytes:
        return b"".join(self._made)


def build(rules: Sequence[Rule], machine: str = kernel.MACHINE) -> bytes:
    """Return the filter program for a policy.

    Args:
        rules: in the order in which calls are compared.
        machine: whose numbers and architecture to use.
    """
    numbers = kernel.numbers(machine)
    program = _Program()
    program.add(_LOAD, 4)
    program.add(_EQUAL, kernel.AUDIT_ARCH[machine], true=1)
    program.add(_RETURN, KILL)
    program.add(_LOAD, 0)
    if machine == "x86_64":
        program.add(_AT_LEAST, _X32, false=1)
        program.add(_RETURN, KILL)
    for rule in rules:
        if rule.name in numbers:
            body = _body(rule)
            program.add(_EQUAL, numbers[rule.name], false=len(body))
            program.extend(body)
    program.add(_RETURN, KILL)
    return program.encode()


def _body(rule: Rule) -> _Program:
    """The instructions run when the call's number is that of the rule."""
    body = _Program()
    for condition in rule.conditions:
        body.add(_LOAD, 16 + 8 * condition.place)
        if condition.test is Comparison.CLEAR:
            body.add(_ANY_BIT, condition.values[0], false=1)
        else:
            count = len(condition.values)
            for index, value in enumerate(condition.values):
                body.add(_EQUAL, value, true=count - index)
        body.add(_RETURN, rule.otherwise)
    body.add(_RETURN, rule.action)
    return body


class _Filter(ctypes.Structure):
    """`struct sock_fprog`."""

    _fields_ = (("length", ctypes.c_ushort), ("program", ctypes.c_char_p))


def install(program: bytes) -> None:
    """Lock every thread of this process into a filter, for good.

    The caller has set no_new_privs before.

    Raises:
        OSError: the kernel has no seccomp filters or refused this one.
    """
    filter = _Filter(len(program) // 8, program)
    where = ctypes.addressof(filter)
    number = kernel.numbers()["seccomp"]
    refused = kernel.call(number, _SET_MODE_FILTER, _TSYNC, where)
    if refused:
        raise OSError(f"thread {refused} could not be locked")
