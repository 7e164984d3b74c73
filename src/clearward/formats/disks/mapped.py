"""Readers over bytes that lie in pieces: blocks of a disk, runs of a file.

Neither copies anything before it is read, so that a disk of many gigabytes with few
blocks costs what its blocks do.
"""

from bisect import bisect_right
from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from clearward.core.reader import Reader

KEPT = 8  # blocks that are held, since they are read in small pieces
HOLE = -1  # place of a run that has only zeros


@dataclass(frozen=True, slots=True)
class Run:
    """Bytes that lie together.

    Attributes:
        place: their offset in what holds them, or `HOLE`.
        size: how many there are.
    """

    place: int
    size: int


def blocks(size: int, block: int, load: Callable[[int], bytes]) -> Reader:
    """Return a reader over blocks of one size.

    Args:
        size: bytes of all blocks; the last may be shorter.
        block: bytes of each.
        load: gives the bytes of a block by its number; fewer are filled with zeros.
            What it raises passes through to who reads.
    """
    kept: OrderedDict[int, bytes] = OrderedDict()

    def one(number: int) -> bytes:
        if number not in kept:
            kept[number] = load(number)[:block].ljust(block, b"\0")
            if len(kept) > KEPT:
                kept.popitem(last=False)
        return kept[number]

    def read(offset: int, wanted: int) -> bytes:
        end = min(offset + wanted, size)
        pieces = []
        while offset < end:
            number, skipped = divmod(offset, block)
            pieces.append(one(number)[skipped : skipped + end - offset])
            offset += len(pieces[-1])
        return b"".join(pieces)

    return Reader(read, size)


def runs(source: Reader, pieces: Iterable[Run], size: int) -> Reader:
    """Return a reader over runs, one behind the other.

    Args:
        source: what the runs lie in; what lies behind its end is zeros.
        pieces: the runs, in order.
        size: bytes of all that count, fewer if the runs are shorter.
    """
    joined: list[Run] = []
    for piece in pieces:
        last = joined[-1] if joined else None
        if last and last.place >= 0 and last.place + last.size == piece.place:
            joined[-1] = Run(last.place, last.size + piece.size)
        elif piece.size > 0:
            joined.append(piece)
    starts = []
    total = 0
    for piece in joined:
        starts.append(total)
        total += piece.size
    size = min(size, total)

    def read(offset: int, wanted: int) -> bytes:
        end = min(offset + wanted, size)
        found = []
        while offset < end:
            number = bisect_right(starts, offset) - 1
            piece, skipped = joined[number], offset - starts[number]
            count = min(piece.size - skipped, end - offset)
            is_hole = piece.place < 0
            data = b"" if is_hole else source.at(piece.place + skipped, count)
            found.append(data.ljust(count, b"\0"))
            offset += count
        return b"".join(found)

    return Reader(read, size)
