"""Answer calls of Windows as far as unpacking code makes them.

Each function takes its arguments from the stack and answers in AX. What it does is a
word of ``windows.txt``, most often a number. Names of functions of other libraries are
given addresses, too: what calls them is the program, and ends the run. The only file
there is is the program's own, since some packers sum it up.

Source: Microsoft, Windows API reference.
"""

from collections.abc import Callable

from clearward.formats.running.kernel import TRAP_SIZE, TRAPS
from clearward.formats.running.machine import Register
from clearward.formats.running.process import WORD, Process

FILE = 0x40  # the handle of the program's own file
PATH = b"C:\\program.exe"
GENERIC_WRITE = 0x40000000
INVALID = 0xFFFFFFFF
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


def _open(process: Process, arguments: list[int]) -> int:
    """Open the program's own file, if it is only to be read."""
    if arguments[1] & GENERIC_WRITE:
        return INVALID
    process.position = 0
    return FILE


def _read(process: Process, arguments: list[int]) -> int:
    _, place, size, count, _ = arguments
    data = process.file[process.position : process.position + size]
    process.position += len(data)
    process.cost += len(data)
    process.machine.write(count, WORD.pack(len(data)))
    return int(process.machine.write(place, data))


def _seek(process: Process, arguments: list[int]) -> int:
    _, distance, _, method = arguments
    signed = distance - (1 << 32) if distance >> 31 else distance
    start = {1: process.position, 2: len(process.file)}.get(method, 0)
    process.position = max(start + signed, 0)
    return process.position


def _size(process: Process, arguments: list[int]) -> int:  # noqa: ARG001
    return len(process.file)


def _path(process: Process, arguments: list[int]) -> int:
    name = PATH[: max(arguments[2] - 1, 0)]
    process.machine.write(arguments[1], name + b"\0")
    return len(name)


DOES: dict[str, Callable[[Process, list[int]], int]] = {
    "module": _module,
    "procedure": _procedure,
    "second": _second,
    "third": _third,
    "same": _same,
    "protect": _protect,
    "length": _length,
    "open": _open,
    "read": _read,
    "seek": _seek,
    "size": _size,
    "path": _path,
    "ticks": _ticks,
}


def _table() -> dict[str, tuple[int, str]]:
    # Read without importlib.resources, as in `closed`.
    with open(f"{__file__.removesuffix('.py')}.txt", encoding="ascii") as file:
        rows = (line.split() for line in file if not line.startswith("#"))
        return {name: (int(count), does) for name, count, does in rows}


KNOWN = _table()
NAMES = tuple(sorted(KNOWN))
FIRST_ARGUMENTS = (Register.CX, Register.DX, Register.R8, Register.R9)
END = "end"  # what is there, and ends the run


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
    if does == END:
        return False
    top = machine.get(Register.SP)
    doing = DOES.get(does)
    arguments = _arguments(process, top + process.width, count)
    result = int(does, 0) if doing is None else doing(process, arguments)
    taken = 0 if process.image.wide else process.width * count
    machine.set(Register.AX, result)
    machine.set(Register.IP, process.pointer(top))
    machine.set(Register.SP, top + process.width + taken)
    return True


def _arguments(process: Process, top: int, count: int) -> list[int]:
    """Return arguments: those on the stack, of 64 bits the first four in registers."""
    width = process.width
    words = [process.pointer(top + width * each) for each in range(count)]
    if process.image.wide:
        first = [process.machine.get(each) for each in FIRST_ARGUMENTS]
        words[: len(first)] = first[:count]
    return words
