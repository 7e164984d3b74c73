"""PPMd inside of what RAR 3 packs.

    1 bit     1, on a whole byte
    7 bits    20 hex: a new model, with a byte for its memory, in MiB less one; its
              order is one more than the low 5 bits, above 16 in steps of 3;
              40 hex: a byte that is the escape from here on, at first 2

The byte behind an escape says what follows: 0 codes, 2 the end of the file, 3 a filter,
4 a match (3 bytes of distance, high one first, less two; its length less 32), 5 a match
at distance one (its length less 4); anything else that it was no escape.

Source: libarchive's and XADMaster's readers of RAR 3, read as descriptions.
"""

from collections.abc import Callable
from typing import TypeVar

from clearward.core.errors import Malformed, Truncated
from clearward.core.limits import MIB
from clearward.core.reader import Reader
from clearward.core.reasons import Reason
from clearward.formats.decompressor import Undecoded
from clearward.formats.lz.bits import HighBits
from clearward.formats.seven.ppmd.fastest import Rar

NEW, ESCAPE, ORDER = 0x20, 0x40, 0x1F
EVERY, STEP = 16, 3  # orders up to which there is every one; then steps
MOST_MEMORY = 128 * MIB
CODES, END, FILTER, MATCH, RUN = 0, 2, 3, 4, 5
NONE = -1  # no escape
TWO, THIRTY_TWO, FOUR = 2, 32, 4

Result = TypeVar("Result")


class Bytes:
    """Whole bytes of bits, one at a time."""

    def __init__(self, bits: HighBits) -> None:
        self.bits = bits

    @property
    def offset(self) -> int:
        """Bytes that are used up."""
        return self.bits.offset

    def take(self, size: int) -> bytes:  # noqa: ARG002 - one is enough, always
        """Return the next byte; nothing at the end."""
        return b"" if self.bits.at_end() else bytes((self.bits.take(8),))


class Texts:
    """PPMd, as far as it is known.

    Attributes:
        going: it is what follows.
        escape: the byte that says that something else follows.
    """

    def __init__(self) -> None:
        self.going = False
        self.escape = 2
        self._source = Bytes(HighBits(Reader.of(b""), ""))
        self._model: Rar | None = None

    def begin(self, bits: HighBits) -> None:
        """Read how PPMd begins.

        Raises:
            Undecoded: it wants too much memory.
            Malformed: it goes on with a model that there is not.
        """
        flags = bits.take(7)
        memory = (bits.take(8) + 1) * MIB if flags & NEW else 0
        if flags & ESCAPE:
            self.escape = bits.take(8)
        self.going = True
        order = (flags & ORDER) + 1
        if order > EVERY:
            order = EVERY + (order - EVERY) * STEP
        if flags & NEW:
            self._anew(bits, order, memory)
        else:
            self._go_on(bits)

    def _anew(self, bits: HighBits, order: int, memory: int) -> None:
        if order == 1:
            raise bits.bad("order of PPMd")
        if memory > MOST_MEMORY:
            reason = Reason.MEMORY_LIMIT
            raise Undecoded(bits.format, bits.offset, "memory of PPMd", reason)
        self._model = None  # the memory of the last one is free before that
        self._source = Bytes(bits)
        self._model = self._told(bits, lambda: Rar(self._source, order, memory))

    def _go_on(self, bits: HighBits) -> None:
        model = self._model
        if model is None:
            raise bits.bad("model of PPMd")
        self._source.bits = bits
        self._told(bits, model.restart)

    def next(self, bits: HighBits) -> int:
        """Return the next byte.

        Raises:
            Malformed: the stream is damaged.
            Truncated: it ends early.
        """
        model = self._model
        if model is None:
            raise bits.bad("model of PPMd")
        return self._told(bits, model.next)

    def match(self, bits: HighBits, kind: int) -> tuple[int, int]:
        """Return distance and length of a match."""
        if kind == RUN:
            return 1, self.next(bits) + FOUR
        high, middle, low, length = (self.next(bits) for _ in range(4))
        distance = high << 16 | middle << 8 | low
        return distance + TWO, length + THIRTY_TWO

    def _told(self, bits: HighBits, step: Callable[[], Result]) -> Result:
        """Do something; damage is that of the archive."""
        try:
            return step()
        except Truncated:
            raise Truncated(bits.format, bits.offset, "stream end") from None
        except Malformed:
            raise bits.bad("stream of PPMd") from None
