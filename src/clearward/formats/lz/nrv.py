"""Decode NRV2B, NRV2D and NRV2E, the compressions of UPX.

Bits come from units of 8, 16 or 32 bits, little-endian, the highest bit first; a unit
is read when its first bit is needed, and bytes stand between units. For each step:

    bit 1           a byte follows
    bit 0           a match: distance, then length

    distance        a number with a 1 in front whose digits have a bit behind each that
                    says whether it ends (2D and 2E: after the first and then every
                    second digit, and one is taken away before a digit without such a
                    bit). 2 is the distance before; otherwise it, less 3, is the upper
                    part, and a byte follows. All ones in 32 bits end the stream. With
                    2D and 2E the lowest bit, inverted, is the first of the length.
    length          2B: two bits, and where they are 0 a number as above;
                    2D: the bit from above and one more, and likewise;
                    2E: 1 and a bit; or 0, 1 and a bit; or 0, 0 and a number

One more is copied, two where the distance is above 0xD00 (2B) or 0x500 (the others).

Source: published descriptions of the decompressor that UPX puts into each program, and
what upx 4.2 makes of chosen bytes.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from clearward.core.errors import ClearwardError, Malformed, Truncated
from clearward.formats.lz.output import Output

NAME = "nrv"
WHOLE = 1 << 30  # the window is everything before
SAME = 2  # the code of the distance before
END = 0xFFFFFFFF
HIGHEST = (END >> 8) + 3  # the code of the highest distance
TOO_LONG = 1 << 26  # more matches than a part can have bytes
FAR = {"b": 0xD00, "d": 0x500, "e": 0x500}


@dataclass(frozen=True, slots=True)
class Variant:
    """One of the nine.

    Attributes:
        letter: ``b``, ``d`` or ``e``.
        unit: bytes that bits are taken from at once: 1, 2 or 4.
    """

    letter: str
    unit: int


class Units:
    """Bits and bytes of a stream.

    Args:
        data: the stream.
        unit: bytes that bits come from.
    """

    __slots__ = ("_bits", "_data", "_held", "_unit", "place")

    def __init__(self, data: bytes, unit: int) -> None:
        self._data = data
        self._unit = unit
        self._held = self._bits = 0
        self.place = 0

    def byte(self) -> int:
        """Return the next byte.

        Raises:
            Truncated: there is none.
        """
        if self.place >= len(self._data):
            raise Truncated(NAME, self.place, "stream end")
        self.place += 1
        return self._data[self.place - 1]

    def bit(self) -> int:
        """Return the next bit.

        Raises:
            Truncated: there is none.
        """
        if not self._bits:
            piece = self._data[self.place : self.place + self._unit]
            if len(piece) < self._unit:
                raise Truncated(NAME, self.place, "stream end")
            self.place += self._unit
            self._held = int.from_bytes(piece, "little")
            self._bits = 8 * self._unit
        self._bits -= 1
        return self._held >> self._bits & 1


def expand(data: bytes, variant: Variant, size: int) -> Iterator[bytes]:
    """Yield what a stream unpacks to, all at once.

    Args:
        data: the stream.
        variant: how it was packed.
        size: bytes that it unpacks to.

    Raises:
        Truncated: it ends early. What stands before that was yielded.
        Malformed: a match reaches too far, or it unpacks to another size; the same.
    """
    output = Output(WHOLE)
    fault: ClearwardError | None = None
    try:
        _expand(Units(data, variant.unit), variant.letter, output, size)
    except Malformed as error:
        fault = error
    if output.data:
        yield bytes(output.data)
    if fault is not None:
        raise fault


def _expand(units: Units, letter: str, output: Output, size: int) -> None:
    last = 1
    while True:
        while units.bit():
            if len(output.data) == size:
                raise Malformed(NAME, units.place, "size")
            output.data.append(units.byte())
        distance, first = _distance(units, letter, last)
        if not distance:
            break
        last = distance
        length = _length(units, letter, first)
        length += 2 if distance > FAR[letter] else 1
        if length > size - len(output.data):
            raise Malformed(NAME, units.place, "size")
        if not output.copy(distance, length):
            raise Malformed(NAME, units.place, "distance")
    if len(output.data) != size:
        raise Malformed(NAME, units.place, "size")


def _distance(units: Units, letter: str, last: int) -> tuple[int, int]:
    """Return a distance, 0 at the end, and the first bit of the length."""
    code = _code(units, letter)
    if code == SAME:
        return last, units.bit() if letter != "b" else 0
    distance = (code - 3 << 8) + units.byte()
    if distance == END:
        return 0, 0
    if letter == "b":
        return distance + 1, 0
    return (distance >> 1) + 1, ~distance & 1


def _code(units: Units, letter: str) -> int:
    code = 1
    while True:
        code = 2 * code + units.bit()
        ends = units.bit()
        if not ends and letter != "b":
            code = 2 * (code - 1) + units.bit()
        if code > HIGHEST:
            raise Malformed(NAME, units.place, "distance")
        if ends:
            return code


def _length(units: Units, letter: str, first: int) -> int:
    if letter == "b":
        first = units.bit()
    if letter != "e":
        return 2 * first + units.bit() or 2 + _number(units)
    if first:
        return 1 + units.bit()
    if units.bit():
        return 3 + units.bit()
    return 3 + _number(units)


def _number(units: Units) -> int:
    number = 1
    while True:
        number = 2 * number + units.bit()
        if units.bit():
            return number
        if number > TOO_LONG:
            raise Malformed(NAME, units.place, "length")
