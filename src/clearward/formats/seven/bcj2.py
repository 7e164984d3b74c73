"""Undo BCJ2, the filter for x86 that splits code into four streams.

The main stream is the code without the targets of calls and jumps: behind E8 (CALL), E9
(JMP) and 0F 80 to 0F 8F (Jcc) a range coder says with one bit whether the target was
taken out. If so its 4 bytes, big-endian and absolute, are in the stream of call targets
(for E8) or in that of jump targets. The probability of the bit is kept for each byte
that can precede E8, for E9, and for Jcc.

The range coder is LZMA's: 11-bit probabilities that move by a 32nd, 5 bytes at its
start. Source: the LZMA SDK, which is in the public domain.
"""

from collections.abc import Iterator, Sequence
from re import compile as pattern

from clearward.core.errors import Malformed, Truncated
from clearward.core.reader import Forward
from clearward.formats.seven.fields import NAME

CALL, JUMP = 0xE8, 0xE9
ESCAPE = 0x0F
CONDITIONAL = frozenset(bytes((n,)) for n in range(0x80, 0x90))
BRANCH = pattern(rb"[\xe8\xe9]|\x0f[\x80-\x8f]")
START = 5  # bytes that the range coder begins with
TOP = 1 << 24
PROBABILITY_BITS, MOVE_BITS = 11, 5
ONE = 1 << PROBABILITY_BITS
OF_JUMP, OF_CONDITIONAL = 256, 257  # places of probabilities behind those of CALL
TARGET = 4  # bytes of a target
MASK = 0xFFFFFFFF
READ = 16 * 1024


class Coder:
    """The range coder that says which targets were taken out.

    Raises:
        Truncated: its stream ends early.
    """

    def __init__(self, source: Forward) -> None:
        self._source = source
        self._data = b""
        self._place = 0
        self._probabilities = [ONE // 2] * (OF_CONDITIONAL + 1)
        self._range = MASK
        self._code = 0
        for _ in range(START):
            self._code = (self._code << 8 | self._byte()) & MASK

    def bit(self, which: int) -> bool:
        """Decode one bit with the probability at `which`."""
        if self._range < TOP:
            self._range = self._range << 8 & MASK
            self._code = (self._code << 8 | self._byte()) & MASK
        probability = self._probabilities[which]
        bound = (self._range >> PROBABILITY_BITS) * probability
        if self._code < bound:
            self._range = bound
            self._probabilities[which] += (ONE - probability) >> MOVE_BITS
            return False
        self._range -= bound
        self._code -= bound
        self._probabilities[which] -= probability >> MOVE_BITS
        return True

    def _byte(self) -> int:
        if self._place == len(self._data):
            self._data, self._place = self._source.take(READ), 0
            if not self._data:
                raise Truncated(NAME, self._source.offset, "range coder of BCJ2")
        self._place += 1
        return self._data[self._place - 1]


class Code:
    """The code as it is put together again.

    Args:
        sources: the four streams: main, calls, jumps, range coder.
        size: bytes of the code.
    """

    def __init__(self, sources: Sequence[Forward], size: int) -> None:
        self._main, self._calls, self._jumps, coder = sources
        self._bits = Coder(coder)
        self._size = size
        self._position = 0  # of the end of the output, counted from the code's start
        self._last = 0  # the byte in front of it
        self._output = bytearray()

    def pieces(self) -> Iterator[bytes]:
        """Yield the code.

        Raises:
            Truncated: one of the other streams ends before the main one.
        """
        for chunk in self._main.rest():
            try:
                self._undo(chunk)
            except Malformed:
                yield bytes(self._output)
                raise
            yield bytes(self._output)
            self._output.clear()

    def _undo(self, chunk: bytes) -> None:
        place = 0
        while (end := self._branch(chunk, place)) is not None:
            before = chunk[end - 2] if end - 2 >= place else self._last
            self._write(chunk[place:end])
            if self._position >= self._size:
                return  # there is no bit for a branch at the very end
            if self._bits.bit(_probability(before, self._last)):
                self._write(self._target(self._last))
            place = end
        self._write(chunk[place:])

    def _branch(self, chunk: bytes, place: int) -> int | None:
        """Where the next branch instruction ends, its target aside."""
        if self._last == ESCAPE and chunk[place : place + 1] in CONDITIONAL:
            return place + 1
        found = BRANCH.search(chunk, place)
        return found.end() if found else None

    def _write(self, data: bytes) -> None:
        if data:
            self._output += data
            self._position += len(data)
            self._last = data[-1]

    def _target(self, opcode: int) -> bytes:
        source = self._calls if opcode == CALL else self._jumps
        stored = source.take(TARGET)
        if len(stored) < TARGET:
            raise Truncated(NAME, source.offset, "targets of BCJ2")
        relative = int.from_bytes(stored) - (self._position + TARGET)
        return (relative & MASK).to_bytes(TARGET, "little")


def _probability(before: int, opcode: int) -> int:
    if opcode == CALL:
        return before
    return OF_JUMP if opcode == JUMP else OF_CONDITIONAL
