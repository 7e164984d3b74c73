"""Solid blocks of Windows images: the content of many files, packed as one.

Layout, numbers little-endian (images that `dism /compress:recovery` writes): size of
the content (8), bytes of a chunk (4), method (4, `packing.py`), then the size of each
chunk (4) as it is packed, and the chunks.

In the table of resources a row of entries with flag 10 is a run. The blocks of a run
are those whose size of content is said to be 2^32; they count as one content, block
after block. The others are files: their place and packed size are place and size in it.
"""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from struct import Struct, unpack

from clearward.core.errors import Malformed, Truncated
from clearward.core.reader import CHUNK, Reader, Stream
from clearward.core.reasons import Reason
from clearward.formats.wim.packing import NAME, Packing
from clearward.formats.wim.resources import BLOCK, Entry, Image

HEAD = Struct("<QII")
ROW = 4  # bytes of the size of a chunk
ROWS = 1 << 16  # that are added up at once


class Block:
    """A solid block, read forwards.

    Args:
        data: the block.

    Attributes:
        size: bytes of its content, 0 if its header is not all there.
        packed: bytes that it takes.
        reason: why it cannot be read, None if it can.
    """

    __slots__ = (
        "_data",
        "_held",
        "_number",
        "_packing",
        "_place",
        "packed",
        "reason",
        "size",
    )

    def __init__(self, data: Reader) -> None:
        head = data.at(0, HEAD.size).ljust(HEAD.size, b"\0")
        self.size, chunk, method = HEAD.unpack(head)
        self._packing = Packing(method, chunk)
        self._data = data
        self.packed = data.size
        self.reason = self._packing.reason()
        rows = -(-self.size // chunk) * ROW if self.reason is None else 0
        if data.size < HEAD.size + rows:
            self.reason = Reason.TRUNCATED
        self._number = -1  # of the chunk that is held
        self._held: bytes | bytearray = b""
        self._place = HEAD.size + rows

    def read(self, start: int, size: int) -> Iterator[bytes]:
        """Yield bytes of the content; no chunk before one that was read is read again.

        Raises:
            Malformed: a chunk is damaged, or lies before one that was read.
            Truncated: the block ends early.
        """
        if size > self.size - start:
            raise Truncated(NAME, self._data.size, "solid block")
        while size > 0:
            number, skip = divmod(start, self._packing.chunk)
            self._hold(number)
            piece = bytes(self._held[skip : skip + min(size, CHUNK)])
            if not piece:
                raise Malformed(NAME, self._place, "chunk of a solid block")
            yield piece
            start += len(piece)
            size -= len(piece)

    def release(self) -> None:
        """Give back the memory: nothing of the chunk that was read is read again."""
        self._held = b""

    def _hold(self, number: int) -> None:
        """Unpack a chunk, or as much of it as there is."""
        if number < self._number:
            raise Malformed(NAME, self._place, "order in a solid block")
        if number == self._number:
            return
        self.release()  # before there is another one: chunks are large
        for passed in range(max(self._number, 0), number, ROWS):
            self._place += sum(self._packed(passed, min(ROWS, number - passed)))
        self._number = number
        data = self._data
        (length,) = self._packed(number, 1)
        if self._place >= data.size or length > data.size - self._place:
            raise Truncated(NAME, data.size, "chunk of a solid block")
        chunk = self._packing.chunk
        size = min(chunk, self.size - number * chunk)
        self._held = self._packing.whole(data.slice(self._place, length), size)

    def _packed(self, number: int, count: int) -> tuple[int, ...]:
        """Return how many bytes chunks take."""
        rows = self._data.at(HEAD.size + number * ROW, count * ROW)
        if len(rows) < count * ROW:
            raise Truncated(NAME, self._data.size, "solid block")
        return unpack(f"<{count}I", rows)


@dataclass(frozen=True, slots=True)
class Inside:
    """A file in a solid block.

    Attributes:
        entry: its row in the table.
        content: the bytes, or why they cannot be read.
        packed: its share of the bytes that the block takes.
    """

    entry: Entry
    content: Stream | Reason
    packed: int = 0


def insides(image: Image, run: Sequence[Entry]) -> Iterator[Inside]:
    """Yield the files of a run in the order of their places; read each before the next.

    Args:
        image: has the blocks.
        run: rows of the table that follow each other.
    """
    blocks = [
        Block(image.bytes_of(entry.resource))
        for entry in run
        if entry.resource.size == BLOCK
    ]
    ends = list(accumulate(block.size for block in blocks))
    files = [entry for entry in run if entry.resource.size != BLOCK]
    before = None
    for entry in sorted(files, key=lambda entry: entry.resource.place):
        at = bisect_right(ends, entry.resource.place)
        if at == len(blocks):
            yield Inside(entry, Reason.CORRUPT)
            continue
        block, size = blocks[at], entry.resource.packed
        if before not in (None, block):
            before.release()
        before = block
        if block.reason is not None:
            yield Inside(entry, block.reason)
            continue
        start = entry.resource.place - (ends[at] - block.size)
        share = -(-size * block.packed // max(block.size, 1))
        yield Inside(entry, Stream(block.read(start, size)), share)
