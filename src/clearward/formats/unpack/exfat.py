"""Unpack exFAT: memory cards and sticks of more than 32 GiB.

Boot sector, numbers little-endian:

    offset  length  field
    3       8       "EXFAT   "
    72      8       sectors
    80      4, 4    first sector of the table, its sectors
    88      4, 4    first sector of the clusters, how many clusters
    96      4       first cluster of the root
    106     2       flags: 1 the second table counts
    108     1, 1    sectors of so many bits, clusters of so many more
    110     1       tables

A folder is entries of 32 bytes, of which several make a file: 85, C0 and a C1 for every
15 letters. Without the bit 80 they are free, which deleted ones are.

    85      1       entries that follow; at 4 attributes (2): 10 a folder
    C0      1       flags: 2 its clusters lie together, and the table says nothing
            3       letters of the name
            8       8, 4, 4, 8 bytes that were written, none, first cluster, bytes
    C1      2       15 letters of the name

Files that were deleted are not read, but the whole is matched with what is left of
them. What was not written yet is zeros, whatever the clusters hold.

Source: Microsoft exFAT specification, 1.00.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from struct import Struct

from clearward.core.errors import Malformed, Truncated
from clearward.core.limits import KIB
from clearward.core.part import Gap, Item, Part
from clearward.core.reader import Reader
from clearward.core.reasons import Reason
from clearward.formats.disks.chains import Chains, filled

NAME = "exfat"
BOOT = Struct("<72xQIIIII4x2xHBBB")
SECTOR_BITS = range(9, 13)
MOST_CLUSTER_BITS = 25
SECOND_TABLE = 1
ENTRY = 32
AT_ONCE = 64 * KIB
LAST, FILE, STREAM, LETTERS = 0, 0x85, 0xC0, 0xC1
FOLDER = 0x10
TOGETHER = 2
DATA = Struct("<xBxB4xQ4xIQ")
MOST_FOLDERS = 100_000
LARGEST_FOLDER = 256 << 20  # bytes


@dataclass(frozen=True, slots=True)
class _File:
    """A file or folder.

    Attributes:
        name: in UTF-8.
        folder: it is a folder.
        together: its clusters lie together.
        first: its first cluster.
        valid: bytes that were written.
        size: bytes.
    """

    name: bytes
    folder: bool
    together: bool
    first: int
    valid: int
    size: int

    def content(self, chains: Chains) -> Reader:
        """Return the content; shorter than its size if its clusters are."""
        lie = chains.together if self.together else chains.content
        size = min(self.size, LARGEST_FOLDER) if self.folder else self.size
        return filled(lie(self.first, size), self.valid, size)


def unpack(volume: Reader) -> Iterator[Item]:
    """Yield the content of each file, folder by folder.

    Raises:
        Malformed: the boot sector cannot be one.
        Truncated: the file system is longer than the part. What there is was yielded.
    """
    chains, root, size = _layout(volume)
    folders = [(chains.content(root, LARGEST_FOLDER), b"")]
    for count, (folder, path) in enumerate(folders):
        for file in _files(folder):
            where = path + file.name
            content = file.content(chains)
            if not file.folder and file.size:
                yield Part(content, where)
            elif file.folder and len(folders) < MOST_FOLDERS:
                folders.append((content, where + b"/"))
            if content.size < file.size:
                yield Gap(Reason.CORRUPT, where)
        folders[count] = (Reader.of(b""), b"")  # its map is no longer needed
    if len(folders) >= MOST_FOLDERS:
        yield Gap(Reason.PARTS_LIMIT)
    if size > volume.size:
        raise Truncated(NAME, volume.size, "sectors")


def _layout(volume: Reader) -> tuple[Chains, int, int]:
    """Return the clusters, the first of the root, and the bytes of all sectors."""
    head = volume.at(0, BOOT.size)
    if len(head) < BOOT.size:
        raise Truncated(NAME, volume.size, "boot sector")
    (sectors, table, length, data, clusters, root, flags, bits, more, tables) = (
        BOOT.unpack(head)
    )
    if bits not in SECTOR_BITS or bits + more > MOST_CLUSTER_BITS:
        raise Malformed(NAME, 108, "bytes of a sector")
    if not clusters or data << bits >= volume.size:
        raise Malformed(NAME, 88, "clusters")
    if flags & SECOND_TABLE and tables > 1:
        table += length

    def following(cluster: int) -> int:
        return int.from_bytes(volume.at((table << bits) + cluster * 4, 4), "little")

    chains = Chains(volume, data << bits, 1 << bits + more, clusters, following)
    return chains, root, sectors << bits


def _files(folder: Reader) -> Iterator[_File]:
    """Yield what a folder lists."""
    attributes = left = 0
    stream = letters = b""
    for entry in _entries(folder):
        kind = entry[0]
        if kind == FILE:
            attributes, left = entry[4], entry[1]
            stream = letters = b""
            continue
        if kind == STREAM and left:
            stream = entry
        elif kind == LETTERS and left:
            letters += entry[2:]
        left = max(left - 1, 0)
        if stream and not left:
            yield _file(attributes, stream, letters)
            stream = b""


def _entries(folder: Reader) -> Iterator[bytes]:
    """Yield the entries of a folder up to the one that ends it."""
    for start in range(0, folder.size, AT_ONCE):
        data = folder.at(start, AT_ONCE)
        for place in range(0, len(data) - ENTRY + 1, ENTRY):
            if data[place] == LAST:
                return
            yield data[place : place + ENTRY]


def _file(attributes: int, stream: bytes, letters: bytes) -> _File:
    flags, length, valid, first, size = DATA.unpack_from(stream)
    name = letters[: 2 * length].decode("utf-16-le", "surrogatepass")
    return _File(
        name.encode("utf-8", "surrogatepass"),
        bool(attributes & FOLDER),
        bool(flags & TOGETHER),
        first,
        valid,
        size,
    )
