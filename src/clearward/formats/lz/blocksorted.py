"""The installer's blocks of bzip2 by the fastest decoder that is there.

That is a compiled one, which takes a block at a time, or else `blocksort`. What the
compiled one is given is a window of the stream that moves on when a block does not end
inside of it; what takes more than a window, as no block of an encoder does, is left to
the one in Python.
"""

from collections.abc import Callable, Iterator

from clearward.core.errors import Malformed, Truncated
from clearward.core.limits import MIB
from clearward.core.reader import CHUNK, Reader
from clearward.formats.lz import blocksort
from clearward.formats.lz.blocksort import BLOCK, END

WINDOW = 4 * MIB
MARK = 8  # bits
SPARE = 259  # bytes that a piece may be longer by than is asked for
ENDED = "stream end"

Read = Callable[[bytes, int], tuple[bytes, int, str]]
Spread = Callable[[bytes, int, int], tuple[bytes, int]]

COMPILED: tuple[Read, Spread] | None = None

try:
    from clearward.native import _blocksort
except ImportError as missing:
    # Anything else that is missing is a fault, not a choice.
    if missing.name not in {"clearward.native._blocksort", "clearward.native"}:
        raise
else:
    COMPILED = _blocksort.read, _blocksort.spread


def expand(content: Reader, format: str) -> Iterator[bytes]:
    """Yield what the blocks hold, up to the end mark.

    Args:
        content: from the first block on.
        format: name for errors.

    Raises:
        Malformed: a block is damaged.
        Truncated: the blocks end before the end mark.
    """
    if COMPILED is None:
        yield from blocksort.expand(content, format)
    else:
        yield from _Blocks(content, format, *COMPILED).expand()


class _Blocks:
    """A stream of blocks.

    Args:
        content: all of them.
        format: name for errors.
        read, spread: compiled, as ``native/blocksort/module.c`` has them.
    """

    def __init__(
        self, content: Reader, format: str, read: Read, spread: Spread
    ) -> None:
        self._content = content
        self._format = format
        self._read = read
        self._spread = spread
        self._start = 0  # of the window
        self._data = content.at(0, WINDOW)
        self._place = 0  # bits of the window that were passed over

    def expand(self) -> Iterator[bytes]:
        while True:
            before = self._place
            mark = self._mark()
            if mark == END:
                return
            if mark is None and self._move(before):
                continue
            self._check_mark(mark)
            block, place, fault = self._read(self._data, self._place)
            if fault == ENDED and self._move(before):
                continue
            if fault == ENDED and self._window_end < self._content.size:
                yield from self._slowly(before)
                return
            if fault:
                raise self._bad(place, fault)
            self._place = place
            yield from self._pieces(block)

    @property
    def _window_end(self) -> int:
        return self._start + len(self._data)

    def _mark(self) -> int | None:
        """Pass over a mark and return it, None if the window ends before it does."""
        if 8 * len(self._data) - self._place < MARK:
            return None
        byte, bit = divmod(self._place, 8)
        two = int.from_bytes(self._data[byte : byte + 2].ljust(2, b"\0"))
        self._place += MARK
        return two >> (8 - bit) & 0xFF

    def _move(self, place: int) -> bool:
        """Begin the window at a bit of it; False if there would be no more in it."""
        if self._window_end >= self._content.size or place < MARK:
            return False
        self._start += place // 8
        self._place = place % 8
        self._data = self._content.at(self._start, WINDOW)
        return True

    def _check_mark(self, mark: int | None) -> None:
        if mark is None:
            raise self._bad(self._place, ENDED)
        if mark != BLOCK:
            raise self._bad(self._place, "mark of a block")

    def _slowly(self, place: int) -> Iterator[bytes]:
        """Yield what the blocks from a place on hold, in plain Python."""
        start = self._start + place // 8
        rest = self._content.slice(start, self._content.size - start)
        yield from blocksort.expand(rest, self._format, start, passed=place % 8)

    def _bad(self, place: int, field: str) -> Malformed:
        offset = self._start + (place + 7) // 8
        kind = Truncated if field == ENDED else Malformed
        return kind(self._format, offset, field)

    def _pieces(self, block: bytes) -> Iterator[bytes]:
        """Yield a block with its runs written out."""
        place = 0
        while place < len(block):
            piece, place = self._spread(block, place, CHUNK - SPARE)
            yield piece
