"""Decode LZMS, the method of Windows images that are sent over the net.

A chunk of an even number of bytes is read from both ends: bits by a range coder from
the front (`ranges.py`), codes and plain bits from the back (`codes.py`). The bits say
what comes: a byte; a match, which copies from a distance; a delta match, for rows of
numbers, each byte of which is what changed in the row before: with a power of two as
the width of a number and a distance in such numbers. For each of both there are the
last three distances, besides the one that the item before has just used. At the end the
addresses in programs are turned back (`programs.py`).

Source: the description and the tests of wimlib, which writes such images. `native/lzms`
does the same, compiled; this is what it is held to, and what runs where nothing was
compiled, at some 500 kB a second.
"""

from itertools import pairwise

from clearward.formats.lz.lzms.codes import Backwards, Learning
from clearward.formats.lz.lzms.programs import restored
from clearward.formats.lz.lzms.ranges import Kind, Ranges

# How many slots follow each other at a distance of 1, 2, 4 and so on.
NEAR = (9, 0, 9, 7, 10, 15, 15, 20, 20, 30, 33)
DISTANCES = (*NEAR, 40, 42, 45, 60, 73, 80, 85, 95, 105, 6)
DISTANCES_END = 0x7FFFFFFF
LENGTHS = (27, 4, 6, 4, 5, 2, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 1)
LENGTHS_END = 0x400108AB
BYTES = 256
POWERS = 8
OFTEN, SELDOM = 1024, 512  # periods of codes
RECENT = 3
LITERAL, MATCH, DELTA = range(3)
LEAST = 4  # bytes of a chunk


def slots(runs: tuple[int, ...], end: int) -> list[int]:
    """Return where each slot begins, and behind the last the end."""
    starts, at = [], 0
    for power, count in enumerate(runs):
        for _ in range(count):
            at += 1 << power
            starts.append(at)
    return [*starts, end]


def widths(starts: list[int]) -> list[int]:
    """Return how many more bits each slot has."""
    return [(there - here).bit_length() - 1 for here, there in pairwise(starts)]


DISTANCE = slots(DISTANCES, DISTANCES_END)
DISTANCE_BITS = widths(DISTANCE)
LENGTH = slots(LENGTHS, LENGTHS_END)
LENGTH_BITS = widths(LENGTH)


class Recent:
    """The last distances of one sort, and the bits that choose one of them.

    Args:
        first: what stands there at the start.
    """

    __slots__ = ("_kinds", "_last")

    def __init__(self, first: list[int]) -> None:
        self._last = first
        self._kinds = (Kind(6), Kind(6))

    def again(self, ranges: Ranges, just: int) -> int:
        """Return one of them, and put it to the front.

        Args:
            ranges: the bits.
            just: 1 if the item before was of this sort: its distance is passed over.
        """
        which = 0
        while which < RECENT - 1 and ranges.bit(self._kinds[which]):
            which += 1
        value = self._last.pop(which + just)
        self._last.insert(0, value)
        return value

    def new(self, value: int) -> None:
        """Put another to the front."""
        self._last.insert(0, value)
        self._last.pop()


class Decoder:
    """Decodes a chunk.

    Args:
        data: the chunk.
        size: bytes that it unpacks to.
    """

    def __init__(self, data: bytes, size: int) -> None:
        self.output = bytearray()
        self._size = size
        self._ranges = Ranges(data)
        self._bits = Backwards(data)
        count = max(sum(start < size for start in DISTANCE[:-1]), 2)
        self._bytes = Learning(BYTES, OFTEN)
        self._lengths = Learning(len(LENGTH) - 1, SELDOM)
        self._distances = Learning(count, OFTEN)
        self._deltas = Learning(count, OFTEN)
        self._powers = Learning(POWERS, SELDOM)
        self._main, self._match = Kind(4), Kind(5)
        self._again, self._delta_again = Kind(6), Kind(6)
        self._recent = Recent([1, 2, 3, 4])
        self._recent_deltas = Recent([1 << 3, 2 << 3, 3 << 3, 4 << 3])
        self._before = LITERAL

    def run(self) -> None:
        """Decode up to the end, or as far as there is sense."""
        sound = True
        while sound and len(self.output) < self._size:
            if not self._ranges.bit(self._main):
                self.output.append(self._bytes.symbol(self._bits))
                self._before = LITERAL
            elif self._ranges.bit(self._match):
                sound = self._copy_delta()
            else:
                sound = self._copy()

    def _number(self, code: Learning, starts: list[int], bits: list[int]) -> int:
        slot = code.symbol(self._bits)
        return starts[slot] + self._bits.take(bits[slot])

    def _length(self) -> int:
        return self._number(self._lengths, LENGTH, LENGTH_BITS)

    def _copy(self) -> bool:
        if self._ranges.bit(self._again):
            just = int(self._before == MATCH)
            distance = self._recent.again(self._ranges, just)
        else:
            distance = self._number(self._distances, DISTANCE, DISTANCE_BITS)
            self._recent.new(distance)
        self._before = MATCH
        length = self._length()
        output = self.output
        if distance > len(output) or length > self._size - len(output):
            return False
        pattern = bytes(output[len(output) - distance :])[:length]
        output += (pattern * (length // len(pattern) + 1))[:length]
        return True

    def _copy_delta(self) -> bool:
        if self._ranges.bit(self._delta_again):
            just = int(self._before == DELTA)
            pair = self._recent_deltas.again(self._ranges, just)
        else:
            power = self._powers.symbol(self._bits)
            numbers = self._number(self._deltas, DISTANCE, DISTANCE_BITS)
            pair = numbers << 3 | power
            self._recent_deltas.new(pair)
        self._before = DELTA
        length = self._length()
        output = self.output
        width = 1 << (pair & 7)
        distance = (pair >> 3) * width
        if distance + width > len(output) or length > self._size - len(output):
            return False
        for at in range(len(output), len(output) + length):
            change = output[at - distance] - output[at - distance - width]
            output.append((output[at - width] + change) & 0xFF)
        return True


def chunk(data: bytes, size: int) -> bytes:
    """Return what a chunk unpacks to, less where it is damaged."""
    if len(data) < LEAST or len(data) % 2:
        return b""
    decoder = Decoder(data, size)
    decoder.run()
    restored(decoder.output)
    return bytes(decoder.output)
