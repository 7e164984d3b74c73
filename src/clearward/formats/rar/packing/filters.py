"""What RAR 3 does to content behind unpacking: filters over pieces of it.

A filter is a program for a machine of RAR's own, with its registers, the place where
its piece begins (in bytes from here) and the piece's length. RAR only ever writes six
programs, and readers know them by their length and their CRC-32; five are done here in
Python (`programs`). Any other makes a file `unsupported`, and the piece is as it was.

    1 byte      flags; 80 hex: the number of a program follows, where 0 forgets all and
                else it is one less, 40 hex: the piece begins 258 bytes later, 20 hex:
                its length follows, 10 hex: registers, 8: data for the program
    numbers     2 bits: 0 for 4 bits, 1 for 8 bits (below 16 they are high bits of a
                negative one, and 4 more follow), 2 for 16, 3 for 32
    registers   7 bits, which ones; their numbers
    program     if it is new: its length, itself

Source: libarchive's and XADMaster's readers of RAR 3, read as descriptions.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from zlib import crc32

from clearward.core.errors import Malformed
from clearward.core.reader import Reader
from clearward.core.reasons import Reason
from clearward.formats.decompressor import Undecoded
from clearward.formats.lz.bits import HighBits
from clearward.formats.rar.packing import programs

NUMBERED, LATER, SIZED, REGISTERS = 0x80, 0x40, 0x20, 0x10  # flags
MUCH_LATER = 258
MOST_PROGRAMS = 1024
MOST_PENDING = 1024
MOST_OVER_ONE = 4  # filters over one piece; each costs as much as the piece is long
LONGEST = 0x3C000  # bytes of a piece: what the machine's memory holds
LONGEST_PROGRAM = 0x10000


@dataclass(frozen=True, slots=True)
class Filter:
    """A filter over a piece.

    Attributes:
        start: where the piece begins, in bytes of all files.
        length: of the piece, in bytes.
        program: its length and its CRC-32.
        registers: the first two.
    """

    start: int
    length: int
    program: tuple[int, int]
    registers: tuple[int, ...]


class Filters:
    """The programs that are known, and filters over what comes."""

    def __init__(self) -> None:
        self._programs: list[tuple[int, int]] = []
        self._lengths: list[int] = []
        self._last = 0
        self._pending: list[Filter] = []
        self._file = self._place = 0
        self._unknown = False

    def begin(self, place: int) -> None:
        """Begin a file at a place, in bytes of all files."""
        self._file = self._place = place
        self._pending.clear()
        self._unknown = False

    def read(self, byte: Callable[[], int], format: str, place: int) -> None:
        """Read a filter for what comes behind a place.

        Args:
            byte: gives the next byte.
            format: name for errors.
            place: where the decoder is, in bytes of all files.

        Raises:
            Malformed: it is none.
            Truncated: the bits end inside it.
        """
        flags = byte()
        length = (flags & 7) + 1
        if length == 7:  # noqa: PLR2004 - lengths of lengths, as of 8
            length = byte() + 7
        elif length == 8:  # noqa: PLR2004 - as the text says
            length = byte() << 8 | byte()
        data = bytes(byte() for _ in range(length))
        self._add(flags, HighBits(Reader.of(data), format), place)

    def _add(self, flags: int, bits: HighBits, place: int) -> None:
        number = self._number(flags, bits)
        start = place + _number(bits) + (MUCH_LATER if flags & LATER else 0)
        new = number == len(self._programs)
        if flags & SIZED or new:
            length = _number(bits) if flags & SIZED else 0
        else:
            length = self._lengths[number]
        registers = [0] * 7
        registers[4] = length
        chosen = bits.take(7) if flags & REGISTERS else 0
        for row in range(7):
            if chosen >> row & 1:
                registers[row] = _number(bits)
        if new:
            self._programs.append(_program(bits))
            self._lengths.append(length)
        self._lengths[number] = length
        before = self._pending[-1].start if self._pending else 0
        if length > LONGEST or start < before or len(self._pending) >= MOST_PENDING:
            raise bits.bad("filter")
        program = self._programs[number]
        self._pending.append(Filter(start, length, program, tuple(registers[:2])))

    def _number(self, flags: int, bits: HighBits) -> int:
        """Which program it is; one more than there are for a new one."""
        if flags & NUMBERED:
            number = _number(bits) - 1
            if number < 0:
                self._programs.clear()
                self._lengths.clear()
                self._pending.clear()
                number = 0
            self._last = number
        if self._last > min(len(self._programs), MOST_PROGRAMS):
            raise bits.bad("number of a filter")
        return self._last

    def applied(self, chunks: Iterator[bytes], format: str) -> Iterator[bytes]:
        """Yield chunks as filters change them.

        Raises:
            Undecoded: behind all of them, if there was a program that is not known.
            Malformed: what giving the chunks raised, behind what waits for more.
        """
        held = bytearray()
        fault: Malformed | None = None
        try:
            for chunk in chunks:
                held += chunk
                yield from self._ready(held)
        except Malformed as error:
            fault = error
        if held:
            yield bytes(held)
        if fault is not None:
            raise fault
        if self._unknown:
            raise Undecoded(format, 0, "filter", Reason.UNSUPPORTED)

    def _ready(self, held: bytearray) -> Iterator[bytes]:
        """Yield what no filter waits for, and take it away."""
        while held:
            size = len(held)
            if self._pending:
                size = min(self._pending[0].start - self._place, size)
            if size <= 0:
                size = self._pending[0].length
                if len(held) < size:
                    return
                yield self._filtered(bytes(held[:size]))
            else:
                yield bytes(held[:size])
            del held[:size]
            self._place += size

    def _filtered(self, data: bytes) -> bytes:
        """A piece behind all filters over just it."""
        first = self._pending[0]
        done = 0
        while self._pending:
            filter = self._pending[0]
            if (filter.start, filter.length) != (first.start, first.length):
                break
            del self._pending[0]
            done += 1
            run = programs.KNOWN.get(filter.program)
            if run is None or done > MOST_OVER_ONE:
                self._unknown = True
            else:
                place = (self._place - self._file) & 0xFFFFFFFF
                data = run(data, filter.registers, place)
        return data


def _program(bits: HighBits) -> tuple[int, int]:
    length = _number(bits)
    if not 0 < length <= LONGEST_PROGRAM:
        raise bits.bad("length of a program")
    data = bytes(bits.take(8) for _ in range(length))
    return length, crc32(data)


def _number(bits: HighBits) -> int:
    kind = bits.take(2)
    if kind != 1:
        return bits.take((4, 0, 16, 32)[kind])
    value = bits.take(8)
    if value >= 16:  # noqa: PLR2004 - below, they are high bits
        return value
    return 0xFFFFFF00 | value << 4 | bits.take(4)
