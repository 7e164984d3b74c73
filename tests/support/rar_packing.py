"""Pack as RAR 1.5 and 2.0 do, by the formats' own rules, with the simplest codes."""

from collections.abc import Iterable
from functools import cache

from clearward.formats.rar.packing import first_codes


class Bits:
    """Bits that are written, the highest of a byte first."""

    def __init__(self) -> None:
        self._text: list[str] = []

    def put(self, value: int, count: int) -> None:
        """Write a number."""
        self._text.append(f"{value:0{count}b}" if count else "")

    def data(self) -> bytes:
        """Return all of it, filled up with zeros."""
        text = "".join(self._text)
        text += "0" * (-len(text) % 8)
        return int("1" + text, 2).to_bytes(len(text) // 8 + 1, "big")[1:]


# RAR 2.0. All words of a code are of one length, so each is the number of its symbol.


def flat(bits: Bits, lengths: Iterable[int], *, sounds: int = 0) -> None:
    """Write codes: each symbol's length of 0 to 15."""
    bits.put(int(sounds > 0), 1)
    bits.put(0, 1)
    if sounds:
        bits.put(sounds - 1, 2)
    for _ in range(19):
        bits.put(5, 4)
    for length in lengths:
        bits.put(length, 5)


def begin_second(bits: Bits) -> None:
    """Write codes for bytes and matches."""
    flat(bits, [9] * 298 + [6] * 48 + [5] * 28)


def long_match(bits: Bits, distance_row: int, extra: int, count: int) -> None:
    """Write a match of 3 bytes."""
    bits.put(270, 9)
    bits.put(distance_row, 6)
    bits.put(extra, count)


def second(data: bytes) -> bytes:
    """Pack bytes as they are."""
    bits = Bits()
    begin_second(bits)
    for byte in data:
        bits.put(byte, 9)
    return bits.data()


# RAR 1.5: bytes only, whose codes adapt.


def word(row: int, symbol: int) -> tuple[int, int]:
    """The word of a symbol: shorter ones first, those of one length in order."""
    code = _rows()[row]
    number, length = 0, code[0]
    for at in range(symbol):
        number = (number + 1) << (code[at + 1] - length)
        length = code[at + 1]
    return number, length


@cache
def _rows() -> list[list[int]]:
    with open(first_codes.__file__.replace(".py", ".txt"), encoding="ascii") as file:
        rows = [row.split() for row in file if not row.startswith("#")]
    pairs = [[pair.split(":") for pair in row] for row in rows[2:7]]
    return [[int(n) for n, many in row for _ in range(int(many))] for row in pairs]


class _Front:
    """Values with counts; one that is used goes before those used as often."""

    def __init__(self, values: list[int]) -> None:
        self._rows = [[value, 0] for value in values]
        self._firsts: dict[int, int] = {}

    def place(self, value: int) -> int:
        place = next(at for at, row in enumerate(self._rows) if row[0] == value)
        count = self._rows[place][1]
        front = self._firsts.get(count, 0)
        self._firsts[count] = front + 1
        self._rows[place][1] += 1
        self._rows[place], self._rows[front] = self._rows[front], self._rows[place]
        return place


def packed_first(data: bytes) -> bytes:
    """Pack at most 160 bytes, as bytes."""
    bits = Bits()
    put_first(bits, data)
    return bits.data()


def put_first(bits: Bits, data: bytes) -> int:
    """Write at most 160 bytes; return the code for the next one."""
    flags = _Front([-n & 0xFF for n in range(256)])
    values = _Front(list(range(256)))
    average, left, in_a_row, alone = 0x3500, 0, 0, False
    for byte in data:
        if not alone and not left:
            bits.put(*word(2, flags.place(0xFF)))
            left = 8
        left -= not alone
        place = values.place(byte)
        bits.put(*word(_row(average), place + alone))
        average += place
        average -= average >> 8
        in_a_row += not alone
        alone = alone or (in_a_row > 16 and not left)
    return _row(average)


def _row(average: int) -> int:
    return sum(average >= limit for limit in (0xE00, 0x3600, 0x5E00, 0x7600))


# RAR 3, as RAR 2.0 above.


def begin_third(bits: Bits) -> None:
    """Write codes for bytes and matches."""
    bits.put(0, 2)
    for _ in range(20):
        bits.put(5, 4)
    for length in [9] * 299 + [6] * 60 + [5] * 17 + [5] * 28:
        bits.put(length, 5)


def end_third(bits: Bits, *, codes: bool = False) -> None:
    """Write the end of a file, and whether the next one begins with codes."""
    bits.put(256, 9)
    bits.put(0, 1)
    bits.put(int(codes), 1)


def third(data: bytes) -> bytes:
    """Pack bytes as they are."""
    bits = Bits()
    begin_third(bits)
    for byte in data:
        bits.put(byte, 9)
    end_third(bits)
    return bits.data()


def number(bits: Bits, value: int) -> None:
    """Write a number of a filter."""
    bits.put(3, 2)
    bits.put(value, 32)


def filter_of(program: bytes, start: int, length: int, first: int) -> bytes:
    """A filter with a new program, of which one register is said."""
    bits = Bits()
    number(bits, 0)  # forget all, which makes it the first program
    number(bits, start)
    number(bits, length)
    bits.put(1, 7)
    number(bits, first)
    number(bits, len(program))
    for byte in program:
        bits.put(byte, 8)
    data = bits.data()
    return bytes((0x80 | 0x20 | 0x10 | 7, len(data) >> 8, len(data) & 0xFF)) + data
