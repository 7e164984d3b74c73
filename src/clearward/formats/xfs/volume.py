"""Read inodes of XFS, and where their content lies.

Layout, numbers big-endian ("XFS Algorithms & Data Structures"):

    superblock  at 4 bytes of a block (4), 56 inode of the root (8), 84 blocks of a
                group (4), 100 version (2, low 4 bits), 104 bytes of an inode (2);
                powers of two: 123 inodes in a block, 124 blocks of a group rounded up,
                192 blocks in one of a folder (1 each); 200 and 216 features
    inode       "IN", mode (2: 4000 folder, 8000 file), version (1), format (1: 1 here,
                2 runs, 3 tree of runs); at 24 runs (8) if so in 120, else at 76 (4);
                at 56 size (8), 82 bytes of the data in eights (1), 90 flags (2: 1 on
                the realtime device); data at 100, or at 176 from version 3 on
    run         128 bits: unwritten (1), first block (54), place (52), blocks (21)
    tree        in an inode level and entries (2 each), elsewhere magic (4), these, 16
                bytes of neighbours and 48 more if it is "BMA3"; then keys (8 each) for
                as many entries as there is room for, and their places, or runs

Numbers of blocks and of inodes have the group in their high bits.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from clearward.core.errors import Malformed, Truncated
from clearward.core.reader import Reader
from clearward.core.reasons import Reason
from clearward.formats.decompressor import Undecoded
from clearward.formats.disks.mapped import HOLE, Run
from clearward.formats.disks.mapped import runs as mapped

NAME = "xfs"
SUPERBLOCK = 272
FOLDER, FILE, KIND = 0x4000, 0x8000, 0xF000
LOCAL, RUNS, TREE = 1, 2, 3
CORE, LARGE_CORE = 100, 176
WITH_SUMS = 5  # version of the file system
LARGE_COUNTS = 0x10
REALTIME = 1
RUN = 16
BLOCKS = range(9, 17)  # powers of two that a block has
INODES = range(8, 12)
MOST_RUNS = 1 << 18  # of a file
MOST_LEVEL = 10


def number(data: bytes, place: int, size: int = 4) -> int:
    """Return a number, 0 behind the end."""
    return int.from_bytes(data[place : place + size], "big")


@dataclass(frozen=True, slots=True)
class Inode:
    """One inode.

    Attributes:
        kind: such as `FILE`.
        form: where the data are, such as `RUNS`.
        size: bytes of the content.
        count: of runs.
        data: what the inode has of them.
        realtime: the content is on another device.
    """

    kind: int
    form: int
    size: int
    count: int
    data: bytes
    realtime: bool

    @classmethod
    def of(cls, data: bytes) -> "Inode":
        """Read an inode.

        Raises:
            Malformed: it is none.
        """
        if data[:2] != b"IN":
            raise Malformed(NAME, 0, "inode")
        is_large = data[4] >= 3  # noqa: PLR2004 - the version that has sums
        start = LARGE_CORE if is_large else CORE
        is_counted = is_large and data[127] & LARGE_COUNTS
        end = start + 8 * data[82] if data[82] else len(data)
        return cls(
            kind=number(data, 2, 2) & KIND,
            form=data[5],
            size=number(data, 56, 8),
            count=number(data, 24, 8) if is_counted else number(data, 76),
            data=data[start:end],
            realtime=bool(number(data, 90, 2) & REALTIME),
        )


class Volume:
    """A file system of XFS.

    Attributes:
        root: number of the root's inode.
        folder_block: bytes of a block of a folder.
        kinds: entries of folders say what they are.
        damage: the first that was met.

    Raises:
        Malformed: the superblock is wrong.
        Truncated: it is not all there.
    """

    def __init__(self, image: Reader) -> None:
        head = image.at(0, SUPERBLOCK)
        if len(head) < SUPERBLOCK:
            raise Truncated(NAME, image.size, "superblock")
        self._block = number(head, 4)
        self._inode = number(head, 104, 2)
        self._group = number(head, 84)
        self._inode_bits, self._group_bits = head[123], head[124]
        if self._block not in {1 << power for power in BLOCKS}:
            raise Malformed(NAME, 4, "size of a block")
        if self._inode not in {1 << power for power in INODES}:
            raise Malformed(NAME, 104, "size of an inode")
        if self._group_bits > 32 or head[192] > 7:  # noqa: PLR2004 - no number is wider
            raise Malformed(NAME, 124, "size of a group")
        self._image = image
        self.root = number(head, 56, 8)
        self.folder_block = self._block << head[192]
        self._is_summed = number(head, 100, 2) & 15 >= WITH_SUMS
        features = number(head, 216) & 1 if self._is_summed else number(head, 200) & 512
        self.kinds = bool(features)
        self._left = 2 * image.size  # bytes of folders and of trees that are still read
        self.damage: Malformed | None = None

    def note(self, damage: Malformed) -> None:
        """Remember damage."""
        self.damage = self.damage or damage

    def charge(self, size: int) -> None:
        """Count bytes that are read besides content.

        Raises:
            Malformed: they are more than there can be.
        """
        self._left -= size
        if self._left < 0:
            raise Malformed(NAME, 0, "size of folders and maps")

    def inode(self, which: int) -> Inode:
        """Read an inode.

        Raises:
            Malformed: there is none.
            Truncated: it lies behind the end.
        """
        block, at = which >> self._inode_bits, which & ((1 << self._inode_bits) - 1)
        place = self._place(block) + at * self._inode
        data = self._image.at(place, self._inode)
        if len(data) < self._inode:
            raise Truncated(NAME, self._image.size, "inode")
        return Inode.of(data)

    def content(self, inode: Inode) -> Reader:
        """Return what an inode holds.

        Raises:
            Malformed: where it lies is told wrongly.
        """
        if inode.form == LOCAL:
            return Reader.of(inode.data[: inode.size])
        pieces, ends, end = [], [0], 0
        for first, place, size in sorted(self._runs(inode)):
            if first > end:
                pieces.append(Run(HOLE, first - end))
            passed = min(max(end - first, 0), size)  # what two runs both have
            pieces.append(Run(place + passed if place >= 0 else HOLE, size - passed))
            ends.append(place + size)
            end = max(end, first + size)
        if inode.size > end:
            pieces.append(Run(HOLE, inode.size - end))
        if max(ends) >= self._image.size + self._block:
            self.note(Truncated(NAME, self._image.size, "block"))
        return mapped(self._image, pieces, inode.size)

    def _place(self, block: int) -> int:
        group, at = block >> self._group_bits, block & ((1 << self._group_bits) - 1)
        return (group * self._group + at) * self._block

    def _runs(self, inode: Inode) -> Iterator[tuple[int, int, int]]:
        """Yield offset, place or `HOLE`, and size of each run.

        Raises:
            Malformed: the map is wrong, or goes round.
            Undecoded: it is in too many pieces.
        """
        left = min(inode.count, MOST_RUNS + 1)
        for data in self._rows(inode):
            for at in range(0, min(len(data) // RUN, left) * RUN, RUN):
                row = number(data, at, RUN)
                first, block = row >> 73 & (1 << 54) - 1, row >> 21 & (1 << 52) - 1
                size = (row & (1 << 21) - 1) * self._block
                place = HOLE if row >> 127 else self._place(block)
                yield first * self._block, place, size
            left -= len(data) // RUN
            if left <= 0:
                break
        if inode.count > MOST_RUNS:
            raise Undecoded(NAME, 0, "number of pieces", Reason.MEMORY_LIMIT)
        if left > 0:
            raise Malformed(NAME, 0, "number of pieces")

    def _rows(self, inode: Inode) -> Iterator[bytes]:
        """Yield rows of runs as they stand, of the tree's leaves if there is one."""
        if inode.form == RUNS:
            yield inode.data
            return
        level, known = number(inode.data, 0, 2), set()
        if inode.form != TREE or level > MOST_LEVEL:
            raise Malformed(NAME, 0, "format of an inode")
        waiting = [(place, level) for place in _places(inode.data, 4)]
        while waiting:
            block, level = waiting.pop()
            if block in known or not level:
                raise Malformed(NAME, 0, "map that goes round")
            known.add(block)
            self.charge(self._block)
            data = self._image.at(self._place(block), self._block)
            front = {b"BMAP": 24, b"BMA3": 72}.get(data[:4])
            if front is None or number(data, 4, 2) != level - 1:
                raise Malformed(NAME, 0, "map")
            if level > 1:
                waiting += [
                    (place, level - 1) for place in _places(data[4:], front - 4)
                ]
            else:
                yield data[front : front + number(data, 6, 2) * RUN]


def _places(data: bytes, front: int) -> list[int]:
    """Return the places in a node, the last first."""
    most = (len(data) - front) // 16
    count = min(number(data, 2, 2), most)
    start = front + 8 * most
    return [number(data, start + 8 * at, 8) for at in reversed(range(count))]
