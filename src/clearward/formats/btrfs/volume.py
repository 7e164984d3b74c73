"""Read the trees of Btrfs.

Layout, numbers little-endian (Btrfs documentation, on-disk format):

    superblock  at 65536: at 80 tree of roots (8), 88 tree of chunks (8), 96 log (8),
                144 bytes of a sector (4), 148 of a node (4), 160 of the first chunks
                (4), 198 levels of these trees (1 each), 201 this device (8), 811 the
                first chunks, each a key and a chunk
    key         object (8), kind (1), offset (8)
    chunk       length (8), at 24 kind (8: 8, 40, 80, 100 split over devices), at 44
                stripes (2), at 48 stripes of 32: device (8), place (8)
    node        at 48 its own place (8), 96 entries (4), 100 level (1), at 101 the
                entries: key and place (8, 8 more), in a leaf key, place behind 101 (4)
                and size (4) of an item

All places but those of stripes are logical: that of a chunk is the offset of its key.
"""

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from struct import Struct

from clearward.core.errors import Malformed, Truncated
from clearward.core.reader import Reader
from clearward.core.reasons import Reason
from clearward.formats.decompressor import Undecoded

NAME = "btrfs"
SUPERBLOCK, SUPERBLOCK_SIZE = 65536, 4096
FIRST_CHUNKS = 811
KEY = Struct("<QBQ")
CHUNK_KIND = 228
CHUNK_HEAD, STRIPE = 48, 32
SPLIT = 0x8 | 0x40 | 0x80 | 0x100
NODE_HEAD = 101
POINTER = Struct("<QBQQ8x")
ITEM = Struct("<QBQII")
NODES = range(12, 17)  # powers of two that a node has
SECTORS = range(9, 17)
MOST_LEVEL = 7
TIMES = 16  # so often all bytes may be read as nodes: snapshots share them


def number(data: bytes, place: int, size: int = 8) -> int:
    """Return a number, 0 behind the end."""
    return int.from_bytes(data[place : place + size], "little")


@dataclass(frozen=True, slots=True)
class Item:
    """An item of a tree.

    Attributes:
        owner: the object that it is about, such as an inode.
        kind: what it says.
        offset: the last part of its key.
        data: the item.
    """

    owner: int
    kind: int
    offset: int
    data: bytes


class Volume:
    """A file system of Btrfs, or the part of it that one device has.

    Attributes:
        sector: bytes of a sector.
        root: tree of roots, place and level.
        log: tree of what was not yet put into the others, place and level; place 0 if
            there is none.
        damage: the first that was met.

    Raises:
        Malformed: the superblock is wrong.
        Truncated: it is not all there.
    """

    def __init__(self, image: Reader) -> None:
        head = image.at(SUPERBLOCK, SUPERBLOCK_SIZE)
        if len(head) < SUPERBLOCK_SIZE:
            raise Truncated(NAME, image.size, "superblock")
        self.sector, self._node = number(head, 144, 4), number(head, 148, 4)
        if self._node not in {1 << power for power in NODES}:
            raise Malformed(NAME, SUPERBLOCK + 148, "size of a node")
        if self.sector not in {1 << power for power in SECTORS}:
            raise Malformed(NAME, SUPERBLOCK + 144, "size of a sector")
        self.image = image
        self.root = number(head, 80), head[198]
        self.log = number(head, 96), head[200]
        self.damage: Malformed | None = None
        self._device = number(head, 201)
        self._left = TIMES * image.size
        self._chunks: dict[int, tuple[int, int]] = {}
        self._starts: list[int] = []
        self._first_chunks(head[FIRST_CHUNKS:][: number(head, 160, 4)])
        for item in self.items(number(head, 88), head[199]):
            if item.kind == CHUNK_KIND:
                self._chunk(item.offset, item.data)
        self._starts = sorted(self._chunks)

    def note(self, damage: Malformed) -> None:
        """Remember damage."""
        self.damage = self.damage or damage

    def place(self, logical: int, size: int) -> int:
        """Return where bytes lie in the image.

        Raises:
            Malformed: nowhere.
            Undecoded: on several devices, or on another one.
        """
        at = bisect_right(self._starts, logical) - 1
        start = self._starts[at] if at >= 0 else 0
        length, place = self._chunks.get(start, (0, 0))
        if not 0 <= logical - start <= length - size:
            raise Malformed(NAME, 0, "place in chunks")
        if place < 0:
            raise Undecoded(NAME, 0, "chunk on other devices", Reason.UNSUPPORTED)
        return place + logical - start

    def items(self, logical: int, level: int) -> Iterator[Item]:
        """Yield the items of a tree in the order of their keys.

        What is damaged is passed over and noted.

        Raises:
            Undecoded: more was read than there can be.
        """
        waiting, known = [(logical, level)], set()
        while waiting:
            logical, level = waiting.pop()
            if logical in known:
                self.note(Malformed(NAME, 0, "tree that goes round"))
                continue
            known.add(logical)
            self._left -= self._node
            if self._left < 0:
                raise Undecoded(NAME, 0, "number of nodes", Reason.PARTS_LIMIT)
            try:
                data = self._read(logical, level)
            except Malformed as error:
                self.note(error)
                continue
            if level:
                waiting += [(place, level - 1) for place in _pointers(data)]
            else:
                yield from self._leaf(data)

    def _read(self, logical: int, level: int) -> bytes:
        place = self.place(logical, self._node)
        if place > self.image.size - self._node:
            raise Truncated(NAME, self.image.size, "node")
        data = self.image.at(place, self._node)
        if number(data, 48) != logical or data[100] != level or level > MOST_LEVEL:
            raise Malformed(NAME, place, "node")
        return data

    def _leaf(self, data: bytes) -> Iterator[Item]:
        most = (len(data) - NODE_HEAD) // ITEM.size
        for at in range(min(number(data, 96, 4), most)):
            row = ITEM.unpack_from(data, NODE_HEAD + at * ITEM.size)
            owner, kind, offset, place, size = row
            place += NODE_HEAD
            if size > len(data) - place:
                self.note(Malformed(NAME, 0, "item"))
            yield Item(owner, kind, offset, data[place : place + size])

    def _first_chunks(self, data: bytes) -> None:
        at = 0
        while at + KEY.size + CHUNK_HEAD <= len(data):
            _, kind, offset = KEY.unpack_from(data, at)
            at += KEY.size
            if kind != CHUNK_KIND:
                break
            self._chunk(offset, data[at:])
            at += CHUNK_HEAD + number(data, at + 44, 2) * STRIPE
        self._starts = sorted(self._chunks)

    def _chunk(self, start: int, data: bytes) -> None:
        """Note where a chunk lies: -1 if not on this device, or not as one."""
        length, kind = number(data, 0), number(data, 24)
        count = min(number(data, 44, 2), (len(data) - CHUNK_HEAD) // STRIPE)
        place = -1
        for at in range(CHUNK_HEAD, CHUNK_HEAD + count * STRIPE, STRIPE):
            if number(data, at) == self._device and (count == 1 or not kind & SPLIT):
                place = number(data, at + 8)
                break
        self._chunks[start] = length, place


def _pointers(data: bytes) -> list[int]:
    """Return the places in a node, the last first."""
    most = (len(data) - NODE_HEAD) // POINTER.size
    count = min(number(data, 96, 4), most)
    return [
        POINTER.unpack_from(data, NODE_HEAD + at * POINTER.size)[3]
        for at in reversed(range(count))
    ]
