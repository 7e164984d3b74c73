"""Unpack Btrfs: the files of all subvolumes and snapshots.

`formats/btrfs/volume.py` draws trees and `extents.py` content. Kinds of items, numbers
little-endian (Btrfs documentation, on-disk format): 1 an inode (at 16 size, 8, at 52
mode, 4), 12 a name of it (folder above is the key's offset; at 8 length, 2, then the
name), 108 an extent of it, 132 a root (at 176 place, 8, at 238 level, 1). Of the roots
the object is 5, or 256 and above for subvolumes, or -6 for what is still in the log.
"""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import groupby

from clearward.core import part
from clearward.core.errors import Malformed
from clearward.core.part import Gap, Part
from clearward.core.reader import Reader
from clearward.core.reasons import Reason
from clearward.formats.btrfs.extents import Extent, content, reason
from clearward.formats.btrfs.volume import Item, Volume, number

INODE, NAMED, EXTENT, ROOT = 1, 12, 108, 132
FILES, FIRST, LAST = 5, 256, (1 << 64) - 256
LOG = (1 << 64) - 6
FOLDER, FILE, KIND = 0x4000, 0x8000, 0xF000
MOST_EXTENTS = 1 << 18  # of a file
MOST_WAY = 64  # folders


@dataclass(slots=True)
class _Object:
    """What the items of an inode say.

    Attributes:
        kind: such as `FILE`, 0 if that is not known.
        size: bytes of the content.
        above: inode of the folder above.
        name: in it.
        extents: pieces of the content, no more than `MOST_EXTENTS` and one.
    """

    kind: int = 0
    size: int = 0
    above: int = 0
    name: bytes = b""
    extents: list[Extent] = field(default_factory=list)

    def take(self, item: Item) -> None:
        """Take in an item."""
        data = item.data
        if item.kind == INODE:
            self.kind, self.size = number(data, 52, 4) & KIND, number(data, 16)
        elif item.kind == NAMED and not self.name:
            self.above = item.offset
            self.name = data[10 : 10 + number(data, 8, 2)]
        elif item.kind == EXTENT and len(self.extents) <= MOST_EXTENTS:
            self.extents.append(Extent(item.offset, data))
            if not self.kind:
                self.size = item.offset + self.extents[-1].size

    def digest(self) -> bytes:
        """What tells the content from all others, without reading it."""
        found = hashlib.blake2b(self.size.to_bytes(8, "little"), digest_size=16)
        for extent in self.extents:
            found.update(extent.start.to_bytes(8, "little") + extent.data)
        return found.digest()


@dataclass(slots=True)
class _Tree:
    """Folders of a subvolume: the folder above and the name, by inode."""

    folders: dict[int, tuple[int, bytes]] = field(default_factory=dict)

    def way(self, above: int, name: bytes) -> bytes:
        """Return the way to a name, as far as the folders above are known."""
        names = [name]
        for _ in range(MOST_WAY):
            if above not in self.folders:
                break
            above, name = self.folders[above]
            names.append(name)
        return b"/".join(reversed(names))


Known = set[bytes]  # contents that were yielded: snapshots have most of them again


def unpack(image: Reader) -> Iterator[part.Item]:
    """Yield the content of each file once, whatever snapshots it is in.

    Raises:
        Malformed: something is wrong; what there is was yielded.
        Truncated: something lies behind the end; the same.
    """
    volume = Volume(image)
    known: Known = set()
    for place, level in _roots(volume):
        tree = _Tree()
        for owner, items in groupby(volume.items(place, level), _owner):
            yield from _object(volume, tree, owner, items, known)
    if volume.damage is not None:
        raise volume.damage


def _owner(item: Item) -> int:
    return item.owner


def _roots(volume: Volume) -> Iterator[tuple[int, int]]:
    """Yield place and level of each tree of files."""
    trees = [volume.root, volume.log] if volume.log[0] else [volume.root]
    for place, level in trees:
        for item in volume.items(place, level):
            is_tree = item.owner in (FILES, LOG) or FIRST <= item.owner <= LAST
            if item.kind == ROOT and is_tree and number(item.data, 176):
                yield number(item.data, 176), number(item.data, 238, 1)


def _object(
    volume: Volume, tree: _Tree, owner: int, items: Iterable[Item], known: Known
) -> Iterator[part.Item]:
    """Yield the content of an inode, if it is a file that was not met before."""
    found = _Object()
    for item in items:
        found.take(item)
    if found.kind == FOLDER and found.above != owner:
        tree.folders[owner] = found.above, found.name
    is_file = found.kind in (0, FILE) and found.size and found.extents
    if is_file and (digest := found.digest()) not in known:
        known.add(digest)
        way = tree.way(found.above, found.name or b"%d" % owner)
        yield _file(volume, found, way)


def _file(volume: Volume, found: _Object, way: bytes) -> part.Item:
    if len(found.extents) > MOST_EXTENTS:
        return Gap(Reason.MEMORY_LIMIT, way)
    why = reason(found.extents)
    if why is not None:
        return Gap(why, way)
    try:
        return Part(content(volume, found.extents, found.size), way)
    except Malformed as error:
        volume.note(error)
        return Gap(error.reason, way)
