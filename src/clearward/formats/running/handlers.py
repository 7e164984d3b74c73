"""Call a program's own handlers of exceptions, as Windows does for 32 bits.

Some packers raise exceptions on purpose and go on in the handler. The chain of handlers
starts at FS:0. Each is called with the addresses of

    a record        what happened, and where
    a frame         its own place in the chain
    a context       all registers, which it may change

and answers 0 to go on with the context, or else the next one is asked.

Source: Microsoft, EXCEPTION_RECORD, CONTEXT and _except_handler of the Windows SDK.
"""

from dataclasses import dataclass
from struct import Struct

from clearward.formats.running.machine import Register, Stop
from clearward.formats.running.process import HANDLED, NO_HANDLER, WORD, Process

MOST_EXCEPTIONS = 4096
ACCESS, ILLEGAL, PRIVILEGED = 0xC0000005, 0xC000001D, 0xC0000096
DIVISION, BREAKPOINT, SINGLE = 0xC0000094, 0x80000003, 0x80000004
UD2 = 0x10B
TRAP_FLAG = 0x100
# hlt, cli, sti, in, out, ins, outs, and what changes the processor's tables
KEPT = frozenset({0xF4, 0xFA, 0xFB, *range(0xE4, 0xE8), *range(0xEC, 0xF0)})
KEPT |= frozenset(range(0x6C, 0x70))

RECORD = Struct("<5I2I52x")
CONTEXT_SIZE = 0x2CC
CONTEXT_FULL = 0x1003F
FIELDS = (
    (Register.DI, 0x9C),
    (Register.SI, 0xA0),
    (Register.BX, 0xA4),
    (Register.DX, 0xA8),
    (Register.CX, 0xAC),
    (Register.AX, 0xB0),
    (Register.BP, 0xB4),
    (Register.IP, 0xB8),
    (Register.FLAGS, 0xC0),
    (Register.SP, 0xC4),
)
SELECTORS = ((0x90, 0x3B), (0x94, 0x23), (0x98, 0x23), (0xBC, 0x1B), (0xC8, 0x23))
ROOM = 0x40  # left free on the stack


@dataclass(frozen=True, slots=True)
class _Call:
    """A handler that was called and has not answered yet."""

    record: int
    context: int
    frame: int


class Handlers:
    """The exceptions of one run."""

    def __init__(self, process: Process) -> None:
        self._process = process
        self._calls: list[_Call] = []
        self._count = 0

    def raise_for(self, stop: Stop) -> bool:
        """Call the first handler for what the machine stopped at.

        False if there is none, or too much was raised, or it is no exception.
        """
        machine = self._process.machine
        code = _code(stop, machine.value)
        self._count += 1
        frame = self._process.word(machine.get(Register.FS))
        if not code or self._count > MOST_EXCEPTIONS or frame == NO_HANDLER:
            return False
        if code == BREAKPOINT:
            machine.set(Register.IP, machine.get(Register.IP) - 1)
        context = (machine.get(Register.SP) - ROOM - CONTEXT_SIZE) & ~15
        record = context - RECORD.size
        where = machine.get(Register.IP)
        happened = RECORD.pack(code, 0, 0, where, 2, 0, machine.value & 0xFFFFFFFF)
        if not machine.write(record, happened + self._context()):
            return False
        del self._calls[:-16]  # a handler need not return
        return self._call(record, context, frame)

    def answered(self) -> bool:
        """Go on behind a handler that returned; False if none wants to."""
        if not self._calls:
            return False
        machine = self._process.machine
        call = self._calls.pop()
        if machine.get(Register.AX) == 0:
            for register, place in FIELDS:
                machine.set(register, self._process.word(call.context + place))
            return True
        following = self._process.word(call.frame)
        if following in {0, NO_HANDLER, call.frame}:
            return False
        return self._call(call.record, call.context, following)

    def _context(self) -> bytes:
        machine = self._process.machine
        data = bytearray(CONTEXT_SIZE)
        WORD.pack_into(data, 0, CONTEXT_FULL)
        for register, place in FIELDS:
            value = machine.get(register)
            if register is Register.FLAGS:
                value &= ~TRAP_FLAG
            WORD.pack_into(data, place, value)
        for place, selector in SELECTORS:
            WORD.pack_into(data, place, selector)
        return bytes(data)

    def _call(self, record: int, context: int, frame: int) -> bool:
        process, machine = self._process, self._process.machine
        handler = process.word(frame + 4)
        words = (process.trap(HANDLED), record, frame, context, 0)
        top = record - 4 * len(words)
        if not machine.write(top, b"".join(map(WORD.pack, words))):
            return False
        self._calls.append(_Call(record, context, frame))
        machine.set(Register.SP, top)
        machine.set(Register.IP, handler)
        machine.set(Register.FLAGS, machine.get(Register.FLAGS) & ~TRAP_FLAG)
        return True


def _code(stop: Stop, value: int) -> int:
    """Return the code of an exception, 0 if it is none."""
    if stop is Stop.INTERRUPT:
        return {3: BREAKPOINT, 1: SINGLE}.get(value, ACCESS)
    if stop is Stop.UNKNOWN:
        return PRIVILEGED if value in KEPT else ILLEGAL if value == UD2 else 0
    return {
        Stop.FAULT: ACCESS,
        Stop.DIVIDE: DIVISION,
        Stop.SINGLE: SINGLE,
    }.get(stop, 0)
