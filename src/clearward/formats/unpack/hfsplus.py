"""Unpack HFS+ and HFSX: file systems of macOS and of its disk images.

The volume header at 1024, numbers big-endian:

    offset  length  field
    40      4, 4    bytes of a block, blocks
    192     80      fork of the extents' tree; 272 of the catalog; 352 of the attributes

A fork: bytes (8), clump (4), blocks (4), eight extents of first block and count (4, 4).
Of further extents the tree of extents tells, by kind of the fork, number of the file
and the first of the blocks (2, 4, 4). In the catalog a file is a record of type 2: its
number (at 8), data fork (at 88), resource fork (at 168).

Source: Apple TN1150.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from struct import Struct

from clearward.core.errors import Malformed, Truncated
from clearward.core.part import Gap, Item, Part
from clearward.core.reader import Reader, Stream
from clearward.core.reasons import Reason
from clearward.formats.disks.mapped import Run, runs
from clearward.formats.hfsplus import decmpfs
from clearward.formats.hfsplus.tree import records

NAME = "hfsplus"
HEADER_PLACE = 1024
HEADER = Struct(">40xII144x80s80s80s")
FORK = Struct(">Q4xI")
EXTENT = Struct(">II")
EXTENTS = 8
LARGEST_BLOCK = 1 << 26
FILE_TYPE = b"\0\2"
FILE = Struct(">8xI76x80s80s")
OVERFLOW_KEY = Struct(">BxII")
DATA, RESOURCE = 0, 0xFF
ATTRIBUTE_KEY = Struct(">2xI4xH")
ATTRIBUTE_NAME = "com.apple.decmpfs".encode("utf-16-be")
INLINE = Struct(">I8xI")
INLINE_KIND = 0x10
MOST_NOTED = 500_000  # extents and attributes that are kept at hand

Key = tuple[int, int]


@dataclass(slots=True)
class _Volume:
    """Forks of files, with what the trees say of them.

    Attributes:
        more: further extents by kind of the fork and number of the file.
        packed: attributes of packed files by number of the file.
    """

    volume: Reader
    block: int
    more: dict[Key, list[tuple[int, bytes]]] = field(default_factory=dict)
    packed: dict[int, bytes] = field(default_factory=dict)

    def fork(self, data: bytes, key: Key | None = None) -> tuple[Reader, bool]:
        """Return the content of a fork, and whether all of it is there."""
        size, _ = FORK.unpack_from(data)
        further = sorted(self.more.get(key, ())) if key else ()
        extents = (data[FORK.size :], *(each for _, each in further))
        # Not even a file of overlapping extents is longer than the volume.
        most = min(size, self.volume.size)
        content = runs(self.volume, self._runs(extents), most)
        return content, content.size == size

    def _runs(self, extents: Iterable[bytes]) -> Iterator[Run]:
        for eight in extents:
            whole = len(eight) - len(eight) % EXTENT.size
            for first, count in EXTENT.iter_unpack(eight[:whole][: EXTENTS * 8]):
                place = first * self.block
                left = max(self.volume.size - place, 0)
                yield Run(place, min(count * self.block, left))


def unpack(volume: Reader) -> Iterator[Item]:
    """Yield the content of each file, and its resource fork.

    Raises:
        Malformed: the header or the catalog cannot be right.
        Truncated: the file system is longer than the part. What there is was yielded.
    """
    head = volume.at(HEADER_PLACE, HEADER.size)
    if len(head) < HEADER.size:
        raise Truncated(NAME, volume.size, "volume header")
    block, blocks, extents, catalog, attributes = HEADER.unpack(head)
    if not 0 < block <= LARGEST_BLOCK:
        raise Malformed(NAME, HEADER_PLACE + 40, "bytes of a block")
    system = _Volume(volume, block)
    whole = _overflow(system, extents) and _attributes(system, attributes)
    tree, is_whole = system.fork(catalog, (DATA, 4))
    for key, record in records(tree):
        if record.startswith(FILE_TYPE) and len(record) >= FILE.size:
            yield from _file(system, key, record)
    if not (whole and is_whole):
        yield Gap(Reason.CORRUPT)
    if block * blocks > volume.size:
        raise Truncated(NAME, volume.size, "blocks")


def _overflow(system: _Volume, fork: bytes) -> bool:
    """Note further extents; return False if some could not be read."""
    tree, whole = system.fork(fork)
    if not tree.size:
        return whole
    for count, (key, extents) in enumerate(_lenient(tree)):
        if len(key) >= OVERFLOW_KEY.size:
            kind, number, first = OVERFLOW_KEY.unpack_from(key)
            system.more.setdefault((kind, number), []).append((first, extents))
        if count > MOST_NOTED:
            return False
    return whole


def _attributes(system: _Volume, fork: bytes) -> bool:
    """Note the attributes of packed files; return False if some could not be read."""
    tree, whole = system.fork(fork, (DATA, 8))
    if not tree.size:
        return whole
    for key, record in _lenient(tree):
        name = key[ATTRIBUTE_KEY.size :]
        if name == ATTRIBUTE_NAME and len(record) >= INLINE.size:
            number, _ = ATTRIBUTE_KEY.unpack_from(key)
            kind, size = INLINE.unpack_from(record)
            data = record[INLINE.size : INLINE.size + size]
            system.packed[number] = data if kind == INLINE_KIND else b""
        if len(system.packed) > MOST_NOTED:
            return False
    return whole


def _lenient(tree: Reader) -> Iterator[tuple[bytes, bytes]]:
    """Yield the records of a tree that the catalog can be read without."""
    try:
        yield from records(tree)
    except Malformed:
        return


def _file(system: _Volume, key: bytes, record: bytes) -> Iterator[Item]:
    number, data, resources = FILE.unpack_from(record)
    name = key[6:].decode("utf-16-be", "replace").encode("utf-8", "replace")
    content, whole = system.fork(data, (DATA, number))
    fork, is_whole = system.fork(resources, (RESOURCE, number))
    if content.size:
        yield Part(content, name)
    attribute = system.packed.get(number)
    if attribute is None:
        if fork.size:
            yield Part(fork, name + b"/..namedfork/rsrc")
    elif decmpfs.readable(attribute):
        yield Part(Stream(decmpfs.content(attribute, fork)), name)
    else:
        yield Gap(Reason.UNSUPPORTED, name)
    if not (whole and is_whole):
        yield Gap(Reason.CORRUPT, name)
