"""Decode LZO1X, what lzop packs with.

Layout (Linux documentation, staging/lzo), bytes: each instruction is a match, behind
which 0 to 3 bytes follow as they are, or a run of such bytes.

    0000LLLL  behind no bytes as they are: a run of L + 3 (0: goes on in bytes of zero,
              255 each, and one more, + 18); behind 1 to 3: 2 bytes from 1 + D + 4H
              back; behind more: 3 bytes from 2049 + D + 4H back (0000DDSS, H a byte)
    0001HLLL  L + 2 (0: + 9) from 16384 + 16384H + D back; D is 14 bits of two bytes,
              the low two are S; none at all is the end
    001LLLLL  L + 2 (0: + 33) from 1 + D back, D and S likewise
    01LDDDSS  3 + L from 1 + D + 8H back; 1LLDDDSS: 5 + L likewise

A first byte above 17 is a run of so many less 17.
"""

from clearward.core.errors import Malformed, Truncated

RUN_FIRST = 17
FAR = 0x4000
MIDDLE = 0x800


class _Input:
    """Bytes of a block, one by one."""

    __slots__ = ("_data", "_format", "_place")

    def __init__(self, data: bytes, format: str) -> None:
        self._data = data
        self._format = format
        self._place = 0

    def byte(self) -> int:
        """Return the next byte."""
        if self._place >= len(self._data):
            raise Truncated(self._format, 0, "block")
        self._place += 1
        return self._data[self._place - 1]

    def take(self, count: int) -> bytes:
        """Return the next bytes."""
        data = self._data[self._place : self._place + count]
        self._place += count
        if len(data) < count:
            raise Truncated(self._format, 0, "block")
        return data

    def length(self, low: int, more: int) -> int:
        """Return a length that goes on in bytes of zero if `low` is 0."""
        if low:
            return low
        while not (byte := self.byte()):
            more += 255
        return more + byte


def block(data: bytes, format: str, size: int) -> bytes:
    """Return what a block unpacks to, at most `size` bytes.

    Raises:
        Malformed: it is damaged.
        Truncated: it ends early.
    """
    source, output = _Input(data, format), bytearray()
    state = 0  # bytes as they are behind the last match; 4 for a run
    first = source.byte()
    if first > RUN_FIRST:
        count = first - RUN_FIRST
        output += source.take(count)
        state = min(count, 4)
        first = source.byte()
    while len(output) < size:
        if first < 16 and not state:  # noqa: PLR2004 - as the layout has it
            output += source.take(source.length(first, 15) + 3)
            state = 4
        else:
            distance, length, state = _match(source, first, state)
            if not length:
                break
            if not 0 < distance <= len(output):
                raise Malformed(format, 0, "distance")
            start = len(output) - distance
            pattern = bytes(output[start : start + length])
            output += (pattern * (length // len(pattern) + 1))[:length]
            output += source.take(state)
        if len(output) < size:
            first = source.byte()
    return bytes(output[:size])


def _match(source: _Input, first: int, state: int) -> tuple[int, int, int]:
    """Return distance, length, and the bytes behind it; no length at the end."""
    if first >= 64:  # noqa: PLR2004 - as the layout has it
        length = (first >> 5) + 1
        return 1 + (first >> 2 & 7) + 8 * source.byte(), length, first & 3
    if first >= 32:  # noqa: PLR2004 - likewise
        length = source.length(first & 31, 31) + 2
        low = int.from_bytes(source.take(2), "little")
        return 1 + (low >> 2), length, low & 3
    if first >= 16:  # noqa: PLR2004 - likewise
        length = source.length(first & 7, 7) + 2
        low = int.from_bytes(source.take(2), "little")
        distance = FAR + ((first & 8) << 11) + (low >> 2)
        return distance, 0 if distance == FAR else length, low & 3
    near = 1 + (first >> 2) + 4 * source.byte()
    if state < 4:  # noqa: PLR2004 - no run
        return near, 2, first & 3
    return near + MIDDLE, 3, first & 3
