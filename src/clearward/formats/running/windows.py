"""Answer calls of Windows as far as unpacking code makes them.

Each function takes its arguments from the stack and answers in AX. What it does is a
word of ``windows.txt``, most often a number. Names of functions of other libraries are
given addresses, too: what calls them is the program, and ends the run.

Source: Microsoft, Windows API reference.
"""

from collections.abc import Callable

from clearward.formats.running.kernel import TRAP_SIZE, TRAPS
from clearward.formats.running.machine import Register
from clearward.formats.running.process import WORD, Process

READ_WRITE = 4  # what pages could be used for before
TICKS = 0x01000000
FIRST_ADDRESS = 0x10000  # what is less is a number, not the address of a name


def _module(process: Process, arguments: list[int]) -> int:
    name = arguments[0]
    return process.module(process.text(name)) if name else process.image.base


def _procedure(process: Process, arguments: list[int]) -> int:
    name = arguments[1]
    if name < FIRST_ADDRESS:
        return process.trap(f"#{name}") if name else 0
    text = process.text(name)
    # The end of a list of names may be known by that there is no such function.
    known = text.isascii() and text.isprintable() and bool(text)
    return process.trap(text) if known else 0


def _second(process: Process, arguments: list[int]) -> int:
    return process.allocate(arguments[1])


def _third(process: Process, arguments: list[int]) -> int:
    return process.allocate(arguments[2])


def _same(process: Process, arguments: list[int]) -> int:  # noqa: ARG001
    return arguments[0]


def _protect(process: Process, arguments: list[int]) -> int:
    process.machine.write(arguments[3], WORD.pack(READ_WRITE))
    return 1


def _length(process: Process, arguments: list[int]) -> int:
    return len(process.text(arguments[0]))


def _ticks(process: Process, arguments: list[int]) -> int:  # noqa: ARG001
    return TICKS + process.machine.done // 1_000_000


DOES: dict[str, Callable[[Process, list[int]], int]] = {
    "module": _module,
    "procedure": _procedure,
    "second": _second,
    "third": _third,
    "same": _same,
    "protect": _protect,
    "length": _length,
    "ticks": _ticks,
}


def _table() -> dict[str, tuple[int, str]]:
    # Read without importlib.resources, as in `closed`.
    with open(f"{__file__.removesuffix('.py')}.txt", encoding="ascii") as file:
        rows = (line.split() for line in file if not line.startswith("#"))
        return {name: (int(count), does) for name, count, does in rows}


KNOWN = _table()
NAMES = tuple(sorted(KNOWN))


def answer(process: Process) -> bool:
    """Answer the call that the machine stopped at; False if it is not known."""
    machine = process.machine
    number = (machine.get(Register.IP) - TRAPS) // TRAP_SIZE
    if not 0 <= number < len(process.traps):
        return False
    known = KNOWN.get(process.traps[number])
    if known is None:
        return False
    count, does = known
    top = machine.get(Register.SP)
    arguments = [process.word(top + 4 + 4 * each) for each in range(count)]
    doing = DOES.get(does)
    result = int(does, 0) if doing is None else doing(process, arguments)
    machine.set(Register.AX, result)
    machine.set(Register.IP, process.word(top))
    machine.set(Register.SP, top + 4 + 4 * count)
    return True
