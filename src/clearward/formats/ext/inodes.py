"""Read inodes of ext2, ext3 and ext4, and where their content lies.

Layout, numbers little-endian (Linux documentation, filesystems/ext4):

    inode       at 0 mode (2): 4000 folder, 8000 file; at 4 and 108 halves of the size;
                at 32 flags (4): 800 encrypted, 80000 extents, 10000000 content inside;
                at 40 the map (60)
    extents     F30A, entries (2), room (2), depth (2), other (4); then entries of 12
                bytes: first block (4); at depth 0 how many (2; above 32768 they are
                zeros), high and low part of the place (2, 4); else low and high part
                of the place of more (4, 2)
    blocks      12 places, then those of blocks of places, of blocks of these, of blocks
                of those; 0 is a hole
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from clearward.core.errors import Malformed
from clearward.core.reader import Reader
from clearward.core.reasons import Reason
from clearward.formats.decompressor import Undecoded
from clearward.formats.disks.mapped import HOLE, Run

NAME = "ext"
FOLDER, FILE, KIND = 0x4000, 0x8000, 0xF000
ENCRYPTED, EXTENTS, INLINE = 0x800, 0x80000, 0x10000000
MAP, MAP_SIZE = 40, 60
DIRECT = 12
EXTENT_MAGIC = 0xF30A
ROW = 12
MOST_DEPTH = 5
ZEROS = 0x8000
MOST_RUNS = 1 << 18  # of a file


def number(data: bytes, place: int, size: int = 4) -> int:
    """Return a number, 0 behind the end."""
    return int.from_bytes(data[place : place + size], "little")


@dataclass(frozen=True, slots=True)
class Inode:
    """One inode.

    Attributes:
        data: its bytes.
        kind: such as `FILE`.
        flags: as the layout has them.
        size: bytes of the content.
    """

    data: bytes
    kind: int
    flags: int
    size: int

    @classmethod
    def of(cls, data: bytes) -> "Inode":
        """Read an inode."""
        size = number(data, 4, 4) | number(data, 108, 4) << 32
        return cls(data, number(data, 0, 2) & KIND, number(data, 32, 4), size)

    def inline(self) -> bytes:
        """What stands in the map instead of it."""
        return self.data[MAP : MAP + min(self.size, MAP_SIZE)]


class Places:
    """Where the content of an inode lies.

    Args:
        image: the file system.
        block: bytes of a block.
    """

    __slots__ = ("_block", "_image", "_known")

    def __init__(self, image: Reader, block: int) -> None:
        self._image = image
        self._block = block
        self._known: set[int] = set()  # blocks of places that were read

    def runs(self, inode: Inode) -> list[Run]:
        """Return the content's runs, in order.

        Raises:
            Malformed: the map is wrong, or goes round.
        Undecoded: it is in too many pieces.
        """
        self._known.clear()
        fields = inode.data[MAP : MAP + MAP_SIZE]
        if inode.flags & EXTENTS:
            return _joined(self._of_extents(fields, inode.size))
        return _joined(self._of_blocks(fields, -(-inode.size // self._block)))

    def _of_extents(self, fields: bytes, size: int) -> Iterator[Run]:
        end = 0  # bytes so far
        leaves = list(islice(self._leaves(fields), MOST_RUNS))
        for first, count, place in sorted(leaves):
            start = first * self._block
            if start > end:
                yield Run(HOLE, start - end)
            end = start + count * self._block
            yield Run(place, count * self._block)
        if end < size:
            yield Run(HOLE, size - end)

    def _leaves(self, root: bytes) -> Iterator[tuple[int, int, int]]:
        """Yield first block, number of blocks, and place in bytes or `HOLE`."""
        waiting = [(root, MOST_DEPTH + 1)]
        while waiting:
            data, above = waiting.pop()
            entries, depth = number(data, 2, 2), number(data, 6, 2)
            if number(data, 0, 2) != EXTENT_MAGIC or depth >= above:
                raise Malformed(NAME, 0, "extents")
            for at in range(ROW, min(entries + 1, len(data) // ROW) * ROW, ROW):
                row = data[at : at + ROW]
                if depth:
                    place = number(row, 4, 4) | number(row, 8, 2) << 32
                    waiting.append((self._places(place), depth))
                    continue
                count = number(row, 4, 2)
                place = (number(row, 8, 4) | number(row, 6, 2) << 32) * self._block
                if count > ZEROS:
                    count, place = count - ZEROS, HOLE
                yield number(row, 0, 4), count, place

    def _of_blocks(self, fields: bytes, count: int) -> Iterator[Run]:
        each = self._block // 4
        waiting = [
            (number(fields, 4 * (DIRECT + depth)), depth + 1) for depth in (2, 1, 0)
        ]
        waiting += [(number(fields, 4 * n), 0) for n in reversed(range(DIRECT))]
        while waiting and count > 0:
            place, depth = waiting.pop()
            held = each**depth
            if not place:
                yield Run(HOLE, min(held, count) * self._block)
            elif not depth:
                yield Run(place * self._block, self._block)
            else:
                data = self._places(place)
                waiting += [
                    (number(data, 4 * n), depth - 1) for n in reversed(range(each))
                ]
                continue
            count -= held

    def _places(self, block: int) -> bytes:
        """A block of places, which no content has twice."""
        if block in self._known:
            raise Malformed(NAME, 0, "map that goes round")
        self._known.add(block)
        return self._image.at(block * self._block, self._block)


def _joined(runs: Iterator[Run]) -> list[Run]:
    """Runs with those that follow each other made one."""
    found: list[Run] = []
    for run in runs:
        last = found[-1] if found else None
        if last and last.place != HOLE and last.place + last.size == run.place:
            found[-1] = Run(last.place, last.size + run.size)
        elif len(found) >= MOST_RUNS:
            raise Undecoded(NAME, 0, "number of pieces", Reason.MEMORY_LIMIT)
        else:
            found.append(run)
    return found
