"""Instructions at random, with operands, for the emulator and the processor alike."""

import random
import struct
from collections.abc import Callable
from dataclasses import dataclass

CODE, MEMORY, DATA = 0x20000000, 0x10000000, 256
CARRY, PARITY, ADJUST, ZERO, SIGN, DOWN, OVER = 1, 4, 16, 64, 128, 0x400, 2048
STATUS = CARRY | PARITY | ADJUST | ZERO | SIGN | OVER
ALL = STATUS | DOWN
BYTES = (0, 1, 2, 0x7F, 0x80, 0x99, 0x9A, 0xFA, 0xFF)
EDGES = (*BYTES, 0x7FFF, 0x8000, 0xFFFF, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF)


@dataclass(frozen=True, slots=True)
class Trial:
    """Code, and what it starts with.

    Attributes:
        code: at most 16 bytes.
        undefined: flags of which the manual does not say what they become.
        registers: 16 of them; four point into `data`.
        flags: before.
        data: memory at `MEMORY`.
    """

    code: bytes
    undefined: int
    registers: tuple[int, ...]
    flags: int
    data: bytes

    def record(self) -> bytes:
        """As ``processor.c`` reads it."""
        numbers = struct.pack("<17Q", *self.registers, self.flags)
        return numbers + self.code.ljust(16, b"\xcc") + self.data


class Source:
    """Makes trials.

    Args:
        seed: the same trials for the same number.
        wide: for 64 bits.
    """

    def __init__(self, seed: int, *, wide: bool) -> None:
        self._random = random.Random(seed)  # noqa: S311 - no secret
        self._wide = wide
        self._size = 4
        self._prefix = b""

    def trial(self) -> Trial:
        """Return the next one."""
        pick = self._random
        code, undefined = self._code()
        registers = [self._value() for _ in range(16)]
        if pick.random() < 0.3:
            registers[2] = pick.choice((0, 0, 1, 0xFFFFFFFF))  # of a dividend
        registers[4] = MEMORY + 128
        registers[6] = MEMORY + pick.choice((64, 65, 67))
        registers[7] = MEMORY + 96
        flags = pick.choice((0, CARRY, ADJUST, CARRY | ADJUST, STATUS))
        data = bytearray(pick.randbytes(DATA))
        if pick.random() < 0.4:
            data[64:72] = data[96:104]
        return Trial(code[:16], undefined, tuple(registers), flags | 0x202, bytes(data))

    def _code(self) -> tuple[bytes, int]:
        pick = self._random
        narrow = pick.random() < 0.25
        self._size = 2 if narrow else 4
        rex = b""
        if self._wide and pick.random() < 0.5:
            rex = bytes([0x40 | pick.choice((0, 8, 8, 4, 0))])
            self._size = 8 if rex[0] & 8 else self._size
        self._prefix = (b"\x66" if narrow else b"") + rex
        return pick.choice(KINDS)(self)

    def _value(self) -> int:
        kind = self._random.random()
        if kind < 0.4:
            return self._random.choice(EDGES)
        return self._random.getrandbits(64 if self._wide and kind > 0.7 else 32)

    def _bytes(self, size: int) -> bytes:
        if self._random.random() < 0.7:
            return self._random.randbytes(size)
        edge = self._random.choice(EDGES)
        return (edge & (1 << 8 * size) - 1).to_bytes(size, "little")

    def _word(self) -> bytes:
        return self._bytes(min(self._size, 4))

    def _operands(self, number: int | None = None, *, memory: bool = True) -> bytes:
        """A register, or memory through the index registers or the stack."""
        pick = self._random
        number = pick.randrange(8) if number is None else number
        if not memory or pick.random() < 0.6:
            return bytes([0xC0 | number << 3 | pick.randrange(8)])
        near = pick.randrange(64)
        forms = (
            bytes([0x46 | number << 3, near]),
            bytes([0x07 | number << 3]),
            bytes([0x44 | number << 3, 0x24, near]),
            bytes([0x86 | number << 3]) + struct.pack("<i", near - 16),
        )
        return pick.choice(forms)

    def arithmetic(self) -> tuple[bytes, int]:
        """The eight operations in their forms."""
        kind, form = self._random.randrange(8), self._random.randrange(6)
        undefined = ADJUST if kind in {1, 4, 6} else 0
        rest = (self._operands(), self._bytes(1), self._word())[max(form - 3, 0)]
        return self._prefix + bytes([kind << 3 | form]) + rest, undefined

    def immediate(self) -> tuple[bytes, int]:
        """The same with a number behind."""
        opcode, kind = (
            self._random.choice((0x80, 0x81, 0x83)),
            self._random.randrange(8),
        )
        number = self._word() if opcode == 0x81 else self._bytes(1)
        code = self._prefix + bytes([opcode]) + self._operands(kind) + number
        return code, ADJUST if kind in {1, 4, 6} else 0

    def count(self) -> tuple[bytes, int]:
        """One more or less."""
        opcode = self._random.choice((0xFE, 0xFF))
        kind = self._random.randrange(2)
        return self._prefix + bytes([opcode]) + self._operands(kind), 0

    def shift(self) -> tuple[bytes, int]:
        """Shifts and rotations by one, by a number, by CL."""
        pick = self._random
        opcode = pick.choice((0xC0, 0xC1, 0xD0, 0xD1, 0xD2, 0xD3))
        kind = pick.randrange(8)
        size = self._size if opcode & 1 else 1
        undefined = ADJUST if kind >= 4 else 0
        code = self._prefix + bytes([opcode]) + self._operands(kind)
        if opcode in {0xD0, 0xD1}:
            return code, undefined
        number = pick.choice((0, 1, 1, 2, 7, 8, 9, 16, 31, 32, 33, pick.randrange(256)))
        count = number & (63 if size == 8 else 31)
        if opcode >= 0xD2 or count != 1:
            undefined |= OVER
        over = opcode >= 0xD2 or count >= size * 8
        if over and kind in {4, 5, 6} and (size < 4 or opcode < 0xD0):
            undefined |= CARRY
        return code + (bytes([number]) if opcode < 0xD0 else b""), undefined

    def multiply(self) -> tuple[bytes, int]:
        """Products of two operands."""
        forms = (
            b"\x69" + self._operands() + self._word(),
            b"\x6b" + self._operands() + self._bytes(1),
            b"\x0f\xaf" + self._operands(),
        )
        undefined = PARITY | ADJUST | ZERO | SIGN
        return self._prefix + self._random.choice(forms), undefined

    def divide(self) -> tuple[bytes, int]:
        """Test, not, neg, products and quotients of one operand."""
        opcode, kind = self._random.choice((0xF6, 0xF7)), self._random.randrange(8)
        code = self._prefix + bytes([opcode]) + self._operands(kind)
        if kind < 2:
            code += self._bytes(1) if opcode == 0xF6 else self._word()
        product = PARITY | ADJUST | ZERO | SIGN
        undefined = (ADJUST, ADJUST, 0, 0, product, product, STATUS, STATUS)
        return code, undefined[kind]

    def bits(self) -> tuple[bytes, int]:
        """Single bits."""
        opcode = self._random.choice((0xA3, 0xAB, 0xB3, 0xBB, 0xBA, 0xBC, 0xBD))
        code = self._prefix + bytes([0x0F, opcode])
        if opcode == 0xBA:
            kind = self._random.randrange(4, 8)
            code += self._operands(kind) + self._bytes(1)
        else:
            code += self._operands(memory=opcode >= 0xBC)
        undefined = STATUS & ~(ZERO if opcode in {0xBC, 0xBD} else CARRY | ZERO)
        return code, undefined

    def double_shift(self) -> tuple[bytes, int]:
        """Shifts that are filled from another register."""
        count = self._random.choice((0, 1, 1, 3, 9, 15))
        opcode = self._random.choice((0xA4, 0xAC))
        code = self._prefix + bytes([0x0F, opcode]) + self._operands() + bytes([count])
        return code, ADJUST | (OVER if count != 1 else 0)

    def move(self) -> tuple[bytes, int]:
        """Moves, also to another size, and addresses."""
        forms = (
            bytes([self._random.choice((0x88, 0x89, 0x8A, 0x8B))]) + self._operands(),
            b"\xc6" + self._operands(0) + self._bytes(1),
            b"\xc7" + self._operands(0) + self._word(),
            b"\x8d\x44" + self._random.randbytes(2),
            b"\xb9" + self._bytes(self._size),
            bytes([0xB4]) + self._bytes(1),
            bytes([0x0F, self._random.choice((0xB6, 0xB7, 0xBE, 0xBF))])
            + self._operands(),
        )
        return self._prefix + self._random.choice(forms), 0

    def exchange(self) -> tuple[bytes, int]:
        """Exchanges."""
        forms = (b"\x86", b"\x87", b"\x0f\xc0", b"\x0f\xc1", b"\x0f\xb0", b"\x0f\xb1")
        return self._prefix + self._random.choice(forms) + self._operands(), 0

    def stack(self) -> tuple[bytes, int]:
        """What moves the stack."""
        forms = [b"\x50", b"\x53", b"\x58", b"\x5f", b"\x54", b"\x6a" + self._bytes(1)]
        forms += [b"\x89\xe5\xc9", b"\x8f\xc0", b"\x8f\x44\x24\x08", b"\x9f", b"\x9e"]
        if not self._wide:
            forms += [b"\x60", b"\x61"]
        return self._random.choice(forms), 0

    def string(self) -> tuple[bytes, int]:
        """Strings, repeated or not, up or down."""
        opcode = self._random.choice(range(0xA4, 0xB0))
        opcode = 0xA4 if opcode in {0xA8, 0xA9} else opcode
        repeats = (b"", b"\xf3", b"\xf2") if opcode & ~9 == 0xA6 else (b"", b"\xf3")
        turn = self._random.choice((b"", b"\xfd"))
        code = turn + b"\xb9\x05\0\0\0" + self._random.choice(repeats)
        return code + self._prefix + bytes([opcode]) + b"\xfc", 0

    def condition(self) -> tuple[bytes, int]:
        """Moves, sets and jumps by a condition."""
        number = self._random.randrange(16)
        forms = (
            self._prefix + bytes([0x0F, 0x40 | number]) + self._operands(),
            bytes([0x0F, 0x90 | number]) + self._operands(0),
            bytes([0x70 | number, 1, 0x90, 0x90]),
            bytes([0x0F, 0x80 | number]) + b"\1\0\0\0\x90\x90",
            bytes([0xE0 | number & 3, 1, 0x90, 0x90]),
            b"\xe8\1\0\0\0\x90\x90",
        )
        return self._random.choice(forms), 0

    def decimal(self) -> tuple[bytes, int]:
        """Decimal arithmetic; of 64 bits, which lack it, the widening of AX."""
        if self._wide:
            return self._prefix + self._random.choice((b"\x98", b"\x99")), 0
        opcode = self._random.choice((0x27, 0x2F, 0x37, 0x3F, 0xD4, 0xD5, 0xD6))
        digits = OVER | SIGN | ZERO | PARITY
        undefined = {0x27: OVER, 0x2F: OVER, 0x37: digits, 0x3F: digits, 0xD6: 0}
        base = self._random.choice((b"\x0a", b"\x10", b"\x07", b"\x00"))
        code = bytes([opcode]) + (base if opcode in {0xD4, 0xD5} else b"")
        return code, undefined.get(opcode, OVER | ADJUST | CARRY)


KINDS: tuple[Callable[[Source], tuple[bytes, int]], ...] = (
    Source.arithmetic,
    Source.immediate,
    Source.count,
    Source.shift,
    Source.multiply,
    Source.divide,
    Source.bits,
    Source.double_shift,
    Source.move,
    Source.exchange,
    Source.stack,
    Source.string,
    Source.condition,
    Source.decimal,
)
