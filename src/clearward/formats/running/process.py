"""Lay a program out as the loader of Windows does, with little of a process around it.

    base            headers and sections of the program
    STACK           a stack
    HEAP ...        what the program allocates
    KERNEL          a library of Windows, one address for each function, see `kernel`
    THREAD          what FS or GS points to: chain of handlers, stack, itself
    PROCESS         the process: where the program is

Addresses that are imported become traps, so that whoever runs the machine answers.

Source: Microsoft, "PE Format"; Intel SDM for the rest.
"""

from collections.abc import Sequence
from struct import Struct

from clearward.core.errors import Malformed
from clearward.formats.programs.image import PAGE, Image, up
from clearward.formats.running import kernel
from clearward.formats.running.kernel import KERNEL, MOST_TRAPS, TRAP_SIZE, TRAPS
from clearward.formats.running.machine import Machine, Register

NAME = "program"
MOST_PAGES = 12 * 1024  # of 4 KiB
LOWEST, HIGHEST = 0x10000, 0x50000000  # where a program may lie, or behind the heap
HIGH, HIGHEST_WIDE = 1 << 32, 1 << 47  # or there, with 64 bits
HEAP = 0x50000000
HEAP_END = 0x60000000
MODULES = 0x78000000  # handles of libraries
STACK = 0x7E000000
STACK_SIZE = 0x100000
STACK_LEFT = 0x1000  # above the first word
THREAD = 0x7FFDE000
PROCESS = 0x7FFDF000
NO_HANDLER = 0xFFFFFFFF
ATTACHED = 1  # why the entry point of a library is called: a process loaded it
WORD = Struct("<I")
IMPORTS = 1  # number of the directory
IMPORT = Struct("<5I")  # names, date, chain, library, addresses
MOST_LIBRARIES = 256
LONGEST_NAME = 256
RETURN = "return from the program"  # the name of the first trap
HANDLED = "return from a handler"  # and of the second
KERNELS = frozenset({"kernel32", "kernelbase", "ntdll"})


class Process:
    """A program in memory, ready to run.

    Args:
        data: the file.
        image: its headers.
        known: functions of Windows that are answered, sorted.

    Attributes:
        machine: processor and memory.
        traps: the name behind each trap, in the order of their addresses.
        file: bytes of the program's file.
        position: where it is read next.
        cost: of calls, in instructions, that nobody has counted yet.
        width: bytes of an address.

    Raises:
        Malformed: it cannot be laid out.
    """

    def __init__(self, data: bytes, image: Image, known: Sequence[str]) -> None:
        self.image = image
        self.machine = Machine(data, wide=image.wide, pages=MOST_PAGES)
        self.width = 8 if image.wide else 4
        self.traps = [RETURN, HANDLED, *known]
        self._numbers = {name: number for number, name in enumerate(self.traps)}
        self.file = data
        self.position = 0
        self.cost = 0
        self._modules: dict[str, int] = {}
        self._heap = HEAP
        self._to_link = 0  # addresses that may still be imported
        self._map(kernel.library(known, len(self.traps) - len(known)))
        self._link()
        self._start()

    def word(self, address: int) -> int:
        """Return the word at an address, 0 if there is none."""
        data = self.machine.read(address, WORD.size)
        return 0 if data is None else int(WORD.unpack(data)[0])

    def pointer(self, address: int) -> int:
        """Return the address that is stored at an address, 0 if there is none."""
        return int.from_bytes(self.machine.read(address, self.width) or b"", "little")

    def is_own(self, address: int) -> bool:
        """Say whether the program brought or asked for memory at an address."""
        return address < KERNEL or address >= HIGH

    def text(self, address: int) -> str:
        """Return the text at an address, up to its zero and `LONGEST_NAME`."""
        here = min(PAGE - address % PAGE, LONGEST_NAME)
        data = self.machine.read(address, here) or b""
        if b"\0" not in data and here < LONGEST_NAME:
            data += self.machine.read(address + here, LONGEST_NAME - here) or b""
        return data.partition(b"\0")[0].decode("latin-1")

    def trap(self, name: str) -> int:
        """Return the address at which a function of Windows is answered for.

        0 if there are too many.
        """
        number = self._numbers.get(name)
        if number is None:
            if len(self.traps) == MOST_TRAPS:
                return 0
            number = self._numbers[name] = len(self.traps)
            self.traps.append(name)
        return TRAPS + number * TRAP_SIZE

    def module(self, name: str) -> int:
        """Return the handle of a library, 0 if that is no name."""
        small = name.lower().removesuffix(".dll")
        if not small or not small.isascii() or not small.isprintable():
            return 0
        if small in KERNELS:
            return KERNEL
        number = self._modules.setdefault(small, len(self._modules))
        return MODULES + number * 0x10000

    def allocate(self, size: int) -> int:
        """Return the address of new memory, 0 if there is no room."""
        size = up(max(size, 1))
        start = self._heap
        if start + size > HEAP_END or not self.machine.map(start, size, 0, 0):
            return 0
        self._heap += size
        return start

    def _map(self, library: bytes) -> None:
        image, machine = self.image, self.machine
        end = max((it.address + up(it.size) for it in image.sections), default=0)
        inside = LOWEST <= image.base <= HIGHEST - end
        inside = inside or HEAP_END <= image.base <= KERNEL - end
        above = image.wide and HIGH <= image.base <= HIGHEST_WIDE - end
        if not (inside or above) or image.base % 4096:
            raise Malformed(NAME, 0, "base")
        machine.map(image.base, image.headers, 0, image.headers)
        for each in image.sections:
            machine.map(image.base + each.address, each.size, each.start, each.length)
        machine.map(STACK, STACK_SIZE, 0, 0)
        machine.map(KERNEL, kernel.SIZE, 0, 0)
        machine.write(KERNEL, library)
        machine.map(THREAD, 4096, 0, 0)
        machine.map(PROCESS, 4096, 0, 0)
        machine.trap(TRAPS, MOST_TRAPS * TRAP_SIZE)

    def _link(self) -> None:
        """Put traps where the program wants the addresses of what it imports."""
        if len(self.image.directories) <= IMPORTS:
            return
        place = self.image.directories[IMPORTS][0]
        self._to_link = MOST_TRAPS
        for _ in range(MOST_LIBRARIES):
            entry = self.machine.read(self.image.base + place, IMPORT.size)
            if not place or entry is None:
                return
            names, _, _, library, addresses = IMPORT.unpack(entry)
            if not library or not addresses:
                return
            self.module(self.text(self.image.base + library))
            self._link_library(names or addresses, addresses)
            place += IMPORT.size

    def _link_library(self, names: int, addresses: int) -> None:
        base, width = self.image.base, self.width
        by_number = 1 << 8 * width - 1
        for place in range(0, MOST_TRAPS * width, width):
            name = self.pointer(base + names + place)
            if not name:
                name = self.pointer(base + addresses + place)
            if not name or not self._to_link:
                return
            self._to_link -= 1
            known = (
                f"#{name & 0xFFFF}" if name & by_number else self.text(base + name + 2)
            )
            address = self.trap(known)
            if not self.machine.write(
                base + addresses + place, address.to_bytes(width, "little")
            ):
                return

    def _start(self) -> None:
        machine, image = self.machine, self.image
        top = STACK + STACK_SIZE - STACK_LEFT
        if image.wide:
            top -= self.width  # a multiple of 16 before the call that came here
        entry = image.base + image.entry
        self._describe(image)
        machine.write(top, TRAPS.to_bytes(self.width, "little"))
        for register, value in (
            (Register.SP, top),
            (Register.BP, top + 0x10),
            (Register.BX, PROCESS),
            (Register.AX, entry),
            (Register.FS, THREAD),
            (Register.GS, THREAD),
            (Register.IP, entry),
        ):
            machine.set(register, value)
        if image.library:
            self._attach(top)
        machine.settle()
        machine.watch(1)

    def _attach(self, top: int) -> None:
        """Say to a library that it was loaded: where to, and why."""
        machine, base = self.machine, self.image.base
        if self.image.wide:
            machine.set(Register.CX, base)
            machine.set(Register.DX, ATTACHED)
            machine.set(Register.R8, 0)
        else:
            machine.write(top + WORD.size, WORD.pack(base) + WORD.pack(ATTACHED))

    def _describe(self, image: Image) -> None:
        """Write what the thread and the process say of themselves."""
        machine, width = self.machine, self.width
        fields = [
            (THREAD + width, STACK + STACK_SIZE),
            (THREAD + 2 * width, STACK),
            (THREAD + 6 * width, THREAD),
            (THREAD + 12 * width, PROCESS),
            (PROCESS + 2 * width, image.base),
        ]
        if not image.wide:
            fields.append((THREAD, NO_HANDLER))
        for place, value in fields:
            machine.write(place, value.to_bytes(width, "little"))
        if not image.wide:
            size = max(it.address + up(it.size) for it in image.sections)
            for place, data in kernel.loaded(PROCESS, image.base, size):
                machine.write(place, data)
