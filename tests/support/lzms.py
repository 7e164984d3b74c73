"""Write chunks of LZMS, item by item, by the rules that `formats/lz/lzms` reads.

int                        a byte
(distance, length)         a match; distance "0" to "2" takes one of the last
(power, numbers, length)   a delta match; for one of the last the power is None
"""

from bisect import bisect_right
from collections.abc import Iterable

from clearward.formats.lz.lzms.codes import LONGEST, lengths
from clearward.formats.lz.lzms.decoder import (
    BYTES,
    DISTANCE,
    DISTANCE_BITS,
    LENGTH,
    LENGTH_BITS,
    OFTEN,
    POWERS,
    SELDOM,
)
from clearward.formats.lz.lzms.ranges import SHIFT, WHOLE, Kind

Match = tuple[int | str, int]
Delta = tuple[int | None, int, int]
Item = int | Match | Delta


class Front:
    """The range coder; its sum is one large number."""

    def __init__(self) -> None:
        self._low = 0
        self._range = WHOLE
        self._words = 2

    def bit(self, kind: Kind, bit: int) -> None:
        if self._range < 1 << 16:
            self._range <<= 16
            self._low <<= 16
            self._words += 1
        bound = (self._range >> SHIFT) * kind.chance()
        self._low += bound if bit else 0
        self._range = self._range - bound if bit else bound
        kind.saw(bit)

    def data(self) -> bytes:
        return swapped(self._low.to_bytes(2 * self._words, "big"))


class Back:
    """Bits that are read from the end on."""

    def __init__(self) -> None:
        self._bits = ""

    def put(self, value: int, count: int) -> None:
        self._bits += f"{value:0{count}b}" if count else ""

    def data(self) -> bytes:
        bits = self._bits + "0" * (-len(self._bits) % 16)
        words = [int(bits[at : at + 16], 2) for at in range(0, len(bits), 16)]
        return b"".join(word.to_bytes(2, "little") for word in reversed(words))


class Words:
    """The words of a code that learns."""

    def __init__(self, symbols: int, period: int) -> None:
        self._counts = [1] * symbols
        self._period = self._left = period
        self._make()

    def _make(self) -> None:
        sizes = lengths(self._counts)
        self._words: dict[int, tuple[int, int]] = {}
        word = 0
        for length in range(1, LONGEST + 1):
            for symbol, size in enumerate(sizes):
                if size == length:
                    self._words[symbol] = (word, length)
                    word += 1
            word <<= 1

    def put(self, back: Back, symbol: int) -> None:
        back.put(*self._words[symbol])
        self._counts[symbol] += 1
        self._left -= 1
        if not self._left:
            self._make()
            self._left = self._period
            self._counts = [(count >> 1) + 1 for count in self._counts]


class Packer:
    """Writes one chunk that unpacks to `size` bytes."""

    def __init__(self, size: int) -> None:
        self._front, self._back = Front(), Back()
        slots = max(bisect_right(DISTANCE[:-1], size - 1), 2)
        self._bytes = Words(BYTES, OFTEN)
        self._lengths = Words(len(LENGTH_BITS), SELDOM)
        self._distances = Words(slots, OFTEN)
        self._deltas = Words(slots, OFTEN)
        self._powers = Words(POWERS, SELDOM)
        self._main, self._match = Kind(4), Kind(5)
        self._again, self._delta_again = Kind(6), Kind(6)
        self._which = (Kind(6), Kind(6))
        self._delta_which = (Kind(6), Kind(6))

    def put(self, item: Item) -> None:
        self._front.bit(self._main, 0 if isinstance(item, int) else 1)
        if isinstance(item, int):
            self._bytes.put(self._back, item)
            return
        self._front.bit(self._match, len(item) - 2)
        if len(item) == 2:
            self._put_match(*item)
        else:
            self._put_delta(*item)
        self._number(self._lengths, LENGTH, LENGTH_BITS, item[-1])

    def _put_match(self, distance: int | str, _: int) -> None:
        self._front.bit(self._again, int(isinstance(distance, str)))
        if isinstance(distance, str):
            self._choose(self._which, int(distance))
        else:
            self._number(self._distances, DISTANCE, DISTANCE_BITS, distance)

    def _put_delta(self, power: int | None, numbers: int, _: int) -> None:
        self._front.bit(self._delta_again, int(power is None))
        if power is None:
            self._choose(self._delta_which, numbers)
        else:
            self._powers.put(self._back, power)
            self._number(self._deltas, DISTANCE, DISTANCE_BITS, numbers)

    def _choose(self, kinds: tuple[Kind, Kind], which: int) -> None:
        for at, kind in enumerate(kinds[: which + 1]):
            self._front.bit(kind, int(at < which))

    def _number(self, code: Words, starts: list[int], bits: list[int], n: int) -> None:
        slot = bisect_right(starts, n) - 1
        code.put(self._back, slot)
        self._back.put(n - starts[slot], bits[slot])

    def data(self) -> bytes:
        return self._front.data() + self._back.data()


def swapped(data: bytes) -> bytes:
    words = bytearray(data)
    words[::2], words[1::2] = data[1::2], data[::2]
    return bytes(words)


def packed(items: Iterable[Item], size: int) -> bytes:
    """Write a chunk of items that make `size` bytes."""
    packer = Packer(size)
    for item in items:
        packer.put(item)
    return packer.data()


def literals(data: bytes) -> bytes:
    """Write a chunk of nothing but bytes."""
    return packed(data, len(data))
