"""Run a system-call filter as the kernel would, for any machine.

This is how the filters of a machine that is not at hand are tried. Only the
instructions that filters use are known; anything else is an error, as it is for the
kernel.

Source: linux/filter.h, linux/seccomp.h, seccomp_check_filter in kernel/seccomp.c.
"""

import struct
from dataclasses import dataclass
from functools import lru_cache

_LOAD, _RETURN = 0x20, 0x06
_EQUAL, _ANY_BIT, _AT_LEAST, _GREATER, _ALWAYS = 0x15, 0x45, 0x35, 0x25, 0x05
_DATA_SIZE = 64
_MOST_INSTRUCTIONS = 4096


@dataclass(frozen=True, slots=True)
class Call:
    """A system call, as a filter sees it.

    Attributes:
        number: of the call.
        architecture: as linux/audit.h names it.
        arguments: up to six, 64 bits each.
    """

    number: int
    architecture: int
    arguments: tuple[int, ...] = ()

    def encode(self) -> bytes:
        """The bytes of ``struct seccomp_data``."""
        given = [argument & (1 << 64) - 1 for argument in self.arguments]
        padded = given + [0] * (6 - len(given))
        return struct.pack("<IIQ6Q", self.number, self.architecture, 0, *padded)


@dataclass(frozen=True, slots=True)
class Instruction:
    """One instruction of a filter."""

    code: int
    true: int
    false: int
    value: int


@lru_cache(maxsize=8)
def decode(program: bytes) -> tuple[Instruction, ...]:
    """The instructions of a filter that the kernel would accept.

    Raises:
        ValueError: the kernel would refuse it.
    """
    fields = struct.iter_unpack("<HBBI", program)
    made = tuple(Instruction(*instruction) for instruction in fields)
    if not 0 < len(made) <= _MOST_INSTRUCTIONS:
        raise ValueError("no instructions, or too many")
    if made[-1].code != _RETURN:
        raise ValueError("the last instruction does not return")
    for index, one in enumerate(made):
        _check(one, len(made) - index - 1)
    return made


def run(program: bytes, call: Call) -> int:
    """What a filter answers to a call.

    Raises:
        ValueError: the kernel would refuse the filter.
    """
    made = decode(program)
    data = call.encode()
    held = at = 0
    while made[at].code != _RETURN:
        one = made[at]
        if one.code == _LOAD:
            (held,) = struct.unpack_from("<I", data, one.value)
            at += 1
        else:
            at += 1 + _jump(one, held)
    return made[at].value


def _check(one: Instruction, left: int) -> None:
    if one.code == _LOAD:
        if one.value % 4 or one.value >= _DATA_SIZE:
            raise ValueError("a load outside the call")
    elif one.code == _ALWAYS:
        if one.value >= left:
            raise ValueError("a jump outside the filter")
    elif one.code in {_EQUAL, _ANY_BIT, _AT_LEAST, _GREATER}:
        if max(one.true, one.false) >= left:
            raise ValueError("a jump outside the filter")
    elif one.code != _RETURN:
        raise ValueError(f"an instruction that is not known: {one.code:#x}")


def _jump(one: Instruction, held: int) -> int:
    if one.code == _ALWAYS:
        return one.value
    holds = {
        _EQUAL: held == one.value,
        _ANY_BIT: bool(held & one.value),
        _AT_LEAST: held >= one.value,
        _GREATER: held > one.value,
    }[one.code]
    return one.true if holds else one.false
