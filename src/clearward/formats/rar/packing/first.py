"""Decode what RAR 1.5 packed.

Bits of a byte count from the highest. There are no blocks: codes are always the same
(``first_codes``), and averages of what was read choose between them. Bits that say what
comes next stand eight together in a word of their own, read when the first is needed:

    1      what is likelier by now, a long match or a byte
    0 1    the other one
    0 0    a short match

A byte, an eighth of such bits, and the upper part of a long match's distance are places
in tables whose values move to the front by how often they are used. After sixteen bytes
in a row, bytes follow without bits, up to a word 0 with a bit 1 behind.

A file behind the first of a solid archive goes on with tables and averages.

Source: XADMaster's reader of RAR 1.5, read as a description of the format.
"""

from bisect import bisect_right
from collections.abc import Iterator

from clearward.core.reader import Reader
from clearward.formats.lz.bits import Bits, HighBits
from clearward.formats.lz.output import Output, expanded
from clearward.formats.rar.packing.first_codes import (
    BYTES,
    LENGTHS,
    LONG_LENGTHS,
    SHORTS,
    Average,
    Table,
)
from clearward.formats.rar.packing.matches import Matches

WINDOW = 1 << 16
NEAR, FAR = 0x2001, 0x7F00
NEAREST = 256
END = 256  # a symbol that means nothing where a place is due
IN_A_ROW = 16
HALF, FULL, LESS = 0x80, 0xFF, 0x90  # weights
MIDDLE_LENGTHS, GREAT_LENGTHS = 64, 122  # averages from which a code is used
BYTE_LIMITS = (0xE00, 0x3600, 0x5E00, 0x7600)
PLACE_LIMITS = (0x700, 0x2900)
SHORT_LIMIT = 37
MIXED, MOSTLY_LEAST = 0x2A00, 0xB0  # averages above which far begins farther away
TWICE = 2  # repetitions, after which a bit says whether there is one more
AGAIN, OF_RECENT, FARTHEST = 9, 10, 14  # symbols of short matches
CHANGED = 0xFF  # a length that changes the codes of short matches
TABLE_TOP, BYTES_TOP = 0xFF, 0xA1


class First:
    """Decodes files, one behind the other."""

    def __init__(self) -> None:
        self._output = Output(WINDOW, bytes(WINDOW))
        self._matches = Matches()
        self._said = Table([-place & 0xFF for place in range(256)], TABLE_TOP)
        self._bytes = Table(list(range(256)), BYTES_TOP)
        self._uppers = Table(list(range(256)), TABLE_TOP, anew=True)
        self._near = list(range(256))
        self._of_bytes = Average(0x3500, 8)
        self._of_lengths = Average(0, 5)
        self._of_uppers = Average(0, 8)
        self._of_shorts = Average(0, 4)
        self._of_least = Average(0, 8)
        self._far = NEAR  # distance from which a match is longer
        self._byte_weight = self._match_weight = HALF
        self._in_a_row = 0
        self._changed = False
        self._begin()

    def _begin(self) -> None:
        self._flags = self._flags_left = 0
        self._only_bytes = False
        self._repeated = 0

    def expand(self, content: Reader, format: str, size: int) -> Iterator[bytes]:
        """Yield what the next file unpacks to.

        Args:
            content: its packed data.
            format: name for errors.
            size: bytes that it unpacks to.

        Raises:
            Malformed: the data are damaged. What stands before that was yielded.
            Truncated: they end early; the same.
        """
        self._begin()
        bits = HighBits(content, format)
        yield from expanded(self._steps(bits, size), self._output)

    def _steps(self, bits: Bits, size: int) -> Iterator[None]:
        left = size
        data = self._output.data
        while left > 0:
            before = len(data)
            self._step(bits, left)
            left -= len(data) - before
            if len(data) >= self._output.most:
                yield

    def _step(self, bits: Bits, left: int) -> None:
        if self._only_bytes:
            self._byte(bits, left)
        elif self._flag(bits):
            if self._match_weight > self._byte_weight:
                self._long(bits, left)
            else:
                self._byte(bits, left)
        elif self._flag(bits):
            if self._match_weight > self._byte_weight:
                self._byte(bits, left)
            else:
                self._long(bits, left)
        else:
            self._short(bits, left)

    def _flag(self, bits: Bits) -> int:
        if not self._flags_left:
            place = BYTES[2].symbol(bits)
            if place == END:
                raise bits.bad("flags")
            self._flags = self._said.at(place)
            self._flags_left = 8
        self._flags_left -= 1
        return self._flags >> self._flags_left & 1

    def _byte(self, bits: Bits, left: int) -> None:
        place = BYTES[bisect_right(BYTE_LIMITS, self._of_bytes.value)].symbol(bits)
        if self._only_bytes:
            if not place:
                self._between(bits, left)
                return
            place -= 1
        else:
            place &= 0xFF
            self._in_a_row += 1
            self._only_bytes = self._in_a_row > IN_A_ROW and not self._flags_left
        self._of_bytes.add(place)
        self._byte_weight += 16
        if self._byte_weight > FULL:
            self._byte_weight = LESS
            self._match_weight >>= 1
        self._output.data.append(self._bytes.at(place))

    def _between(self, bits: Bits, left: int) -> None:
        """Read the end of bytes that follow each other, or a match among them."""
        if bits.take(1):
            self._only_bytes = False
            self._in_a_row = 0
            return
        length = 3 + bits.take(1)
        distance = BYTES[2].symbol(bits) << 5 | bits.take(5)
        self._copy(bits, distance, length, left)

    def _long(self, bits: Bits, left: int) -> None:
        self._in_a_row = 0
        self._match_weight += 16
        if self._match_weight > FULL:
            self._match_weight = LESS
            self._byte_weight >>= 1
        least = self._length(bits)
        place = BYTES[bisect_right(PLACE_LIMITS, self._of_uppers.value)].symbol(bits)
        if place == END:
            raise bits.bad("distance")
        distance = self._uppers.at(place) << 7 | bits.take(7)
        length = least + 3 + (distance >= self._far) + 8 * (distance <= NEAREST)
        self._learn(least, place, distance)
        self._matches.add(distance, length)
        self._copy(bits, distance, length, left)

    def _length(self, bits: Bits) -> int:
        average = self._of_lengths.value
        if average >= GREAT_LENGTHS:
            return LONG_LENGTHS.symbol(bits)
        if average >= MIDDLE_LENGTHS:
            return LENGTHS.symbol(bits)
        for length in range(8):
            if bits.take(1):
                return length
        return bits.take(8)

    def _learn(self, least: int, place: int, distance: int) -> None:
        """Take a long match into the averages."""
        far = self._far
        mixed = self._of_bytes.value >= MIXED
        mixed = mixed and self._of_lengths.value < MIDDLE_LENGTHS
        self._far = FAR if mixed or self._of_least.value > MOSTLY_LEAST else NEAR
        self._of_lengths.add(least)
        self._of_uppers.add(place)
        if not least and distance <= far:
            self._of_least.add(1)
        elif least not in (1, 4) and self._of_least.value:
            self._of_least.value -= 1

    def _short(self, bits: Bits, left: int) -> None:
        self._in_a_row = 0
        matches = self._matches
        if self._repeated == TWICE:
            if bits.take(1):
                self._copy(bits, matches.distance, matches.length, left)
                return
            self._repeated = 0
        row = 2 * (self._of_shorts.value >= SHORT_LIMIT) + (not self._changed)
        symbol = SHORTS[row].symbol(bits)
        self._repeated = self._repeated + 1 if symbol == AGAIN else 0
        if symbol < AGAIN:
            self._of_shorts.add(symbol)
            matches.add(self._near_distance(bits), symbol + 2)
        elif symbol == FARTHEST:
            matches.length = LONG_LENGTHS.symbol(bits) + 5
            matches.distance = bits.take(15) + 0x8000
        elif symbol != AGAIN:
            distance = matches.recent[symbol - OF_RECENT]
            length = LENGTHS.symbol(bits)
            if length == CHANGED and symbol == OF_RECENT:
                self._changed = not self._changed
                return
            length += (distance > NEAREST) + (distance >= self._far)
            matches.add(distance, length + 2)
        self._copy(bits, matches.distance, matches.length, left)

    def _near_distance(self, bits: Bits) -> int:
        place = BYTES[2].symbol(bits) & 0xFF
        near = self._near
        distance = near[place]
        if place:
            near[place], near[place - 1] = near[place - 1], distance
        return distance + 1

    def _copy(self, bits: Bits, distance: int, length: int, left: int) -> None:
        if not self._output.copy(distance or WINDOW, min(length, left)):
            raise bits.bad("distance")
