"""Unpack file systems of Linux: the files of ext2, ext3 and ext4.

Layout of the superblock at 1024, numbers little-endian (Linux documentation,
filesystems/ext4): at 20 first block of data (4), at 24 a power of two of KiB in a block
(4), at 40 inodes of a group (4), at 76 revision (4), at 88 bytes of an inode (2), at 96
what a reader must know (4): 1 compression, 8 a journal alone, 10 groups elsewhere, 80
numbers of 64 bits; at 254 bytes of a group's descriptor (2).

The descriptors follow the superblock's block; at 8 and 40 halves of the block of the
group's inodes. A folder's entries: inode (4), length (2), length of the name (1), type
(1), name. Inode 2 is the root. `formats/ext` draws inodes.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from clearward.core.errors import Malformed, Truncated
from clearward.core.part import Gap, Item, Part
from clearward.core.reader import Reader
from clearward.core.reasons import Reason
from clearward.formats.disks.mapped import HOLE
from clearward.formats.disks.mapped import runs as mapped
from clearward.formats.ext.inodes import (
    ENCRYPTED,
    FILE,
    FOLDER,
    INLINE,
    MAP_SIZE,
    NAME,
    Inode,
    Places,
    number,
)

SUPERBLOCK = 1024
MOST_POWER = 6
UNREADABLE = 0x01 | 0x08 | 0x10
WIDE = 0x80
ROOT = 2
SMALL_INODE = 128
ENTRY = 8  # bytes before a name
MOST_FOLDER = 64 << 20


@dataclass(slots=True)
class _System:
    """What is known of a file system.

    Attributes:
        left: bytes of folders that are still read.
        damage: the first that was met.
    """

    image: Reader
    head: bytes
    block: int
    left: int
    damage: Malformed | None = None
    known: set[int] = field(default_factory=set)

    def inode(self, which: int) -> Inode:
        """Read an inode.

        Raises:
            Truncated: it lies behind the end.
        """
        group, at = divmod(which - 1, number(self.head, 40) or 1)
        wide = bool(number(self.head, 96) & WIDE)
        stride = max(number(self.head, 254, 2), 32) if wide else 32
        place = (number(self.head, 20) + 1) * self.block + group * stride
        described = self.image.at(place, stride)
        table = number(described, 8) | (number(described, 40) << 32 if wide else 0)
        size = number(self.head, 88, 2) if number(self.head, 76) else SMALL_INODE
        size = max(size, SMALL_INODE)
        data = self.image.at(table * self.block + at * size, size)
        if len(data) < SMALL_INODE:
            raise Truncated(NAME, self.image.size, "inode")
        return Inode.of(data)

    def content(self, inode: Inode) -> Reader:
        """Return what an inode holds.

        Raises:
            Malformed: where it lies is told wrongly.
        """
        if inode.flags & INLINE:
            return Reader.of(inode.inline())
        runs = Places(self.image, self.block).runs(inode)
        ends = [run.place + run.size for run in runs if run.place != HOLE]
        if max(ends, default=0) >= self.image.size + self.block:
            self.note(Truncated(NAME, self.image.size, "block"))
        return mapped(self.image, runs, inode.size)

    def note(self, damage: Malformed) -> None:
        """Remember damage."""
        self.damage = self.damage or damage


def unpack(image: Reader) -> Iterator[Item]:
    """Yield the content of each file below the root once.

    Raises:
        Malformed: the superblock is wrong, or something below it; what there is was
            yielded.
        Truncated: something lies behind the end; the same.
    """
    head = image.at(SUPERBLOCK, 1024)
    power = number(head, 24)
    if len(head) < SUPERBLOCK:
        raise Truncated(NAME, image.size, "superblock")
    if power > MOST_POWER:
        raise Malformed(NAME, SUPERBLOCK + 24, "size of a block")
    if number(head, 96) & UNREADABLE:
        yield Gap(Reason.UNSUPPORTED)
        return
    system = _System(image, head, 1024 << power, 2 * image.size)
    yield from _below(system)
    if system.damage is not None:
        raise system.damage


def _below(system: _System) -> Iterator[Item]:
    """Yield the files below the root."""
    waiting = [(ROOT, b"")]
    while waiting:
        which, path = waiting.pop()
        try:
            inode = system.inode(which)
            if inode.kind == FOLDER:
                waiting += _folder(system, inode, path)
            elif inode.kind == FILE and inode.size:
                yield from _file(system, inode, path)
        except Malformed as error:
            system.note(error)
            yield Gap(error.reason, path)


def _file(system: _System, inode: Inode, path: bytes) -> Iterator[Item]:
    if inode.flags & ENCRYPTED:
        yield Gap(Reason.ENCRYPTED, path)
        return
    yield Part(system.content(inode), path)
    if inode.flags & INLINE and inode.size > MAP_SIZE:
        yield Gap(Reason.UNSUPPORTED, path)  # the rest is among its attributes


def _folder(system: _System, inode: Inode, path: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield the inodes in a folder that were not met yet, with their ways."""
    size = min(inode.size, MOST_FOLDER)
    system.left -= size
    if system.left < 0:
        raise Malformed(NAME, 0, "size of folders")
    data = system.content(inode).at(0, size)
    at = 4 if inode.flags & INLINE else 0  # there the folder above comes first
    while at + ENTRY <= len(data):
        which, length = number(data, at), number(data, at + 4, 2)
        name = data[at + ENTRY : at + ENTRY + data[at + 6]]
        if length < ENTRY:
            if any(data[at : at + ENTRY]):
                system.note(Malformed(NAME, 0, "folder"))
            return
        if which and name not in (b".", b"..") and which not in system.known:
            system.known.add(which)
            yield which, path + b"/" + name if path else name
        at += length
