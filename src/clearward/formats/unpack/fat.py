"""Unpack FAT file systems: floppies, memory cards, the first partition of many disks.

Boot sector, numbers little-endian:

    offset  length  field
    11      2, 1, 2 bytes of a sector, sectors of a cluster, reserved sectors
    16      1, 2, 2 copies of the table, entries of the root, sectors
    22      2       sectors of a table
    32      4, 4    sectors if the others are 0, sectors of a table if the other is 0
    44      4       first cluster of the root, where the table has 32 bits

The table tells of each cluster which follows. A folder is entries of 32 bytes:

    0       11, 1   name, kind: 08 a label, 10 a folder, 0F a piece of a long name
    20, 26  2, 2    first cluster, high and low half
    28      4       bytes

Files that were deleted are not read, but the whole is matched with what is left of
them.

Source: ECMA-107; Microsoft FAT specification 1.03.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from struct import Struct

from clearward.core.errors import Malformed, Truncated
from clearward.core.part import Gap, Item, Part
from clearward.core.reader import Reader
from clearward.core.reasons import Reason
from clearward.formats.disks.chains import Chains

NAME = "fat"
BOOT = Struct("<11xHBHBHH3xI")
BOOT_SECTORS = Struct("<19xHBH8xI")
BOOT_32 = Struct("<36xI4xI")
SMALL, MIDDLE = 4085, 65525  # clusters from which on a table has 16 and 32 bits
ENTRY = Struct("<11sB8xH4xHI")
FREE, LAST = 0xE5, 0
LABEL, FOLDER = 0x08, 0x10
DOTS = (b".".ljust(11), b"..".ljust(11))
MOST_FOLDERS = 100_000
LARGEST_FOLDER = 32 << 20  # bytes; more than 65,536 entries are never written


@dataclass(frozen=True, slots=True)
class _Layout:
    """Where things lie, in bytes, and what a cluster is."""

    sector: int
    cluster: int
    table: int
    root: int
    root_size: int
    data: int
    clusters: int
    root_cluster: int


def unpack(volume: Reader) -> Iterator[Item]:
    """Yield the content of each file, folder by folder.

    Raises:
        Malformed: the boot sector cannot be one.
        Truncated: the file system is longer than the part. What there is was yielded.
    """
    layout = _layout(volume)
    chains = _chains(volume, layout)
    mask = 0xFFFFFFFF if layout.clusters >= MIDDLE else 0xFFFF
    folders = [(_root(volume, layout, chains), b"")]
    for count, (folder, path) in enumerate(folders):
        for name, kind, first, size in _entries(folder, mask):
            where = path + name
            if not kind & FOLDER:
                yield from _file(chains, first, size, where)
            elif len(folders) < MOST_FOLDERS:
                inner = chains.content(first, LARGEST_FOLDER)
                folders.append((inner, where + b"/"))
        folders[count] = (Reader.of(b""), b"")  # its map is no longer needed
    if len(folders) >= MOST_FOLDERS:
        yield Gap(Reason.PARTS_LIMIT)
    if layout.data + layout.clusters * layout.cluster > volume.size:
        raise Truncated(NAME, volume.size, "sectors")


def _root(volume: Reader, layout: _Layout, chains: Chains) -> Reader:
    if layout.root_cluster:
        return chains.content(layout.root_cluster, LARGEST_FOLDER)
    size = min(layout.root_size, volume.size - layout.root)
    return volume.slice(layout.root, size)


def _file(chains: Chains, first: int, size: int, name: bytes) -> Iterator[Item]:
    if not size:
        return
    content = chains.content(first, size)
    yield Part(content, name)
    if content.size < size:
        yield Gap(Reason.CORRUPT, name)


def _layout(volume: Reader) -> _Layout:
    head = volume.at(0, 64)
    if len(head) < 64:  # noqa: PLR2004 - what the fields of the boot sector end in
        raise Truncated(NAME, volume.size, "boot sector")
    sector, per_cluster, reserved, copies, entries, _, _ = BOOT.unpack_from(head)
    few, _, short, many = BOOT_SECTORS.unpack_from(head)
    long, root_cluster = BOOT_32.unpack_from(head)
    if not sector or not per_cluster:
        raise Malformed(NAME, 11, "bytes of a sector")
    table = reserved * sector
    root = table + copies * (short or long) * sector
    root_size = entries * ENTRY.size
    data = root + -(-root_size // sector) * sector
    clusters = ((few or many) * sector - data) // (sector * per_cluster)
    if clusters <= 0 or data >= volume.size:
        raise Malformed(NAME, 19, "sectors")
    return _Layout(
        sector,
        sector * per_cluster,
        table,
        root,
        root_size,
        data,
        clusters,
        root_cluster if not short else 0,
    )


def _chains(volume: Reader, layout: _Layout) -> Chains:
    """Return the clusters, whose table has 12, 16 or 32 bits for each."""

    def entry(place: int, size: int) -> int:
        return int.from_bytes(volume.at(layout.table + place, size), "little")

    def following12(cluster: int) -> int:
        value = entry(cluster * 3 // 2, 2)
        return value >> 4 if cluster % 2 else value & 0xFFF

    def following16(cluster: int) -> int:
        return entry(cluster * 2, 2)

    def following32(cluster: int) -> int:
        return entry(cluster * 4, 4) & 0x0FFFFFFF

    following = following32
    if layout.clusters < SMALL:
        following = following12
    elif layout.clusters < MIDDLE:
        following = following16
    return Chains(volume, layout.data, layout.cluster, layout.clusters, following)


def _entries(folder: Reader, mask: int) -> Iterator[tuple[bytes, int, int, int]]:
    """Yield name, kind, first cluster and size of what a folder lists.

    Args:
        folder: its entries.
        mask: the bits of a first cluster that count.
    """
    for offset in range(0, folder.size, ENTRY.size):
        entry = folder.at(offset, ENTRY.size)
        if len(entry) < ENTRY.size or entry[0] == LAST:
            return
        name, kind, high, low, size = ENTRY.unpack(entry)
        if entry[0] == FREE or name in DOTS or kind & LABEL:
            continue
        stem, suffix = name[:8].rstrip(), name[8:].rstrip()
        yield (
            stem + (b"." + suffix if suffix else b""),
            kind,
            (high << 16 | low) & mask,
            size,
        )
