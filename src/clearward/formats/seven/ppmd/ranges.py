"""The range coders of PPMd in 7z and in RAR, and how often contexts are left.

Source: as for `decoder.py`; for RAR's, libarchive's and XADMaster's readers.
"""

from typing import Protocol

from typing_extensions import override

from clearward.core.errors import Malformed, Truncated
from clearward.formats.seven.fields import NAME

PERIOD_BITS = 7
BIN_BITS = 14
TOP = 1 << 24
BOTTOM = 1 << 15  # of RAR
MASK = 0xFFFFFFFF
READ = 16 * 1024
START = 5  # bytes that the range coder begins with


class Source(Protocol):
    """Where packed bytes come from, such as `core.reader.Forward`."""

    @property
    def offset(self) -> int:
        """Bytes that were taken."""

    def take(self, size: int) -> bytes:
        """Return the next bytes, fewer than `size` if it likes, none at the end."""


class Coder:
    """The range coder.

    Raises:
        Truncated: its stream ends early.
    """

    __slots__ = ("_code", "_data", "_place", "_range", "_source")

    def __init__(self, source: Source, start: int = START) -> None:
        self._source = source
        self._data = b""
        self._place = 0
        self._range = MASK
        self._code = 0
        for _ in range(start):
            self._code = (self._code << 8 | self._byte()) & MASK

    def threshold(self, total: int) -> int:
        """Where in a range of `total` the next thing lies."""
        self._range //= total
        return self._code // self._range

    def take(self, start: int, size: int) -> None:
        """Say that it lay within `size` from `start` on."""
        self._code -= start * self._range
        self._range *= size
        while self._range < TOP:
            self._range = self._range << 8 & MASK
            self._code = (self._code << 8 | self._byte()) & MASK

    def bit(self, probability: int) -> bool:
        """Decode one bit."""
        bound = (self._range >> BIN_BITS) * probability
        one = self._code >= bound
        if one:
            self._code -= bound
            self._range -= bound
        else:
            self._range = bound
        while self._range < TOP:
            self._range = self._range << 8 & MASK
            self._code = (self._code << 8 | self._byte()) & MASK
        return one

    def _byte(self) -> int:
        if self._place == len(self._data):
            self._data, self._place = self._source.take(READ), 0
            if not self._data:
                raise Truncated(NAME, self._source.offset, "stream of PPMd")
        self._place += 1
        return self._data[self._place - 1]


class CoderOfRar(Coder):
    """The range coder of RAR: it keeps where the range begins, and cuts it short.

    Raises:
        Truncated: its stream ends early.
        Malformed: a range is too small for what lies in it.
    """

    __slots__ = ("_low",)

    def __init__(self, source: Source) -> None:
        super().__init__(source, START - 1)
        self._low = 0

    @override
    def threshold(self, total: int) -> int:
        """Where in a range of `total` the next thing lies."""
        self._range //= total
        if not self._range:
            raise Malformed(NAME, self._source.offset, "range of PPMd")
        return (self._code - self._low & MASK) // self._range

    @override
    def take(self, start: int, size: int) -> None:
        """Say that it lay within `size` from `start` on."""
        self._low = (self._low + start * self._range) & MASK
        self._range = self._range * size & MASK
        self._refill()

    @override
    def bit(self, probability: int) -> bool:
        """Decode one bit."""
        self._range >>= BIN_BITS
        one = (self._code - self._low & MASK) >= self._range * probability
        if one:
            self.take(probability, (1 << BIN_BITS) - probability)
        else:
            self.take(0, probability)
        return one

    def _refill(self) -> None:
        while True:
            if (self._low ^ (self._low + self._range & MASK)) >= TOP:
                if self._range >= BOTTOM:
                    return
                self._range = -self._low & BOTTOM - 1
            self._range = self._range << 8 & MASK
            self._low = self._low << 8 & MASK
            self._code = (self._code << 8 | self._byte()) & MASK


class See:
    """How often contexts of one class are left.

    Attributes:
        sum: mean frequency, shifted left by `shift`.
        shift: grows as the mean becomes sure.
        count: bytes until it grows.
    """

    __slots__ = ("count", "shift", "sum")

    def __init__(self, summary: int, shift: int, count: int) -> None:
        self.sum = summary
        self.shift = shift
        self.count = count

    def escape(self) -> int:
        """The frequency of leaving; it is taken from the mean until it is added."""
        mean = self.sum >> self.shift
        self.sum = (self.sum - mean) & 0xFFFF
        return mean or 1

    def found(self) -> None:
        """Note that a context of the class was not left."""
        if self.shift < PERIOD_BITS:
            self.count -= 1
            if self.count == 0:
                self.sum = self.sum << 1 & 0xFFFF
                self.count = 3 << self.shift & 0xFF
                self.shift += 1
