"""The emulator's processor, and names for its registers.

It is compiled, and there is none where no compiler built it. Then nothing is run, and
a packed program stays what it is.
"""

from enum import IntEnum

try:
    from clearward.native._emulator import Machine
except ImportError:
    Machine = None  # type: ignore[assignment,misc]

AVAILABLE = Machine is not None

__all__ = ["AVAILABLE", "Machine", "Register", "Stop"]


class Register(IntEnum):
    """Numbers of registers, as instructions have them."""

    AX = 0
    CX = 1
    DX = 2
    BX = 3
    SP = 4
    BP = 5
    SI = 6
    DI = 7
    R8 = 8
    R9 = 9
    IP = 16
    FLAGS = 17
    FS = 18
    GS = 19


class Stop(IntEnum):
    """Why a run ended, as in ``native/emulator/machine.h``."""

    BUDGET = 1
    WRITTEN = 2
    TRAP = 3
    FAULT = 4
    INTERRUPT = 5
    DIVIDE = 6
    SINGLE = 7
    UNKNOWN = 8
