"""Unpack Virtual PC disks: the disk inside, as a part.

A footer of 512 bytes ends the file; one of growing size begins with a copy of it.
Numbers big-endian:

    offset  length  field
    0       8       magic
    16      8       place of the second header, if the size grows
    48      8       bytes of the disk
    60      4       2 of fixed size, 3 growing, 4 only what differs from another disk

    second header: "cxsparse"
    16      8       place of the table
    28      4, 4    entries, bytes of a block

An entry is the sector of a block, FFFFFFFF if it has only zeros. A block is a bit for
each of its sectors, filled up to a sector, and the sectors.

Source: Microsoft Virtual Hard Disk image format specification 1.0.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from struct import Struct

from clearward.core.errors import Malformed, Truncated
from clearward.core.limits import KIB
from clearward.core.part import Gap, Item, Part
from clearward.core.reader import Reader
from clearward.core.reasons import Reason
from clearward.formats.disks.whole import disk

NAME = "vhd"
MAGIC = bytes.fromhex("636f6e6563746978")
SECTOR = 512
FOOTER = Struct(">16xQ24xQ4xI")
HEADER = Struct(">8s8xQ4xII")
HEADER_MAGIC = b"cxsparse"
FIXED, DIFFERING = 2, 4
UNUSED = b"\xff" * 4
PIECE = 64 * KIB  # of a block, read at once


@dataclass(slots=True)
class _Disk:
    """Pieces of the blocks of a disk by their number.

    Attributes:
        faults: what was said about pieces that could not be read.
    """

    file: Reader
    table: int
    block: int
    piece: int
    entries: int
    faults: set[Reason] = field(default_factory=set)

    def load(self, number: int) -> bytes:
        """Return a piece; what cannot be read is empty and noted."""
        which, skipped = divmod(number * self.piece, self.block)
        entry = self.file.at(self.table + which * 4, len(UNUSED))
        if entry == UNUSED:
            return b""
        if len(entry) < len(UNUSED):
            return self._cut()
        bitmap = -(-(self.block // SECTOR // 8) // SECTOR) * SECTOR
        place = int.from_bytes(entry, "big") * SECTOR + bitmap + skipped
        data = self.file.at(place, self.piece)
        return data if len(data) == self.piece else self._cut(data)

    def there(self) -> Iterator[int]:
        """Yield the numbers of the pieces that the file has."""
        pieces = self.block // self.piece
        for which in range(min(self.entries, self.file.size // len(UNUSED))):
            entry = self.file.at(self.table + which * 4, len(UNUSED))
            if len(entry) == len(UNUSED) and entry != UNUSED:
                yield from range(which * pieces, (which + 1) * pieces)

    def _cut(self, data: bytes = b"") -> bytes:
        """Note that some were behind the end of the file; return what was not."""
        self.faults.add(Reason.TRUNCATED)
        return data


def unpack_fixed(file: Reader) -> Iterator[Item]:
    """Yield the disk of a file of fixed size.

    Raises:
        Malformed: the footer is that of another kind, which begins elsewhere.
    """
    size = file.size - SECTOR
    _, _, kind = FOOTER.unpack(file.at(size, FOOTER.size).ljust(FOOTER.size, b"\0"))
    if kind == FIXED:
        yield Part(file.slice(0, max(size, 0)), b"disk")
    elif file.at(0, len(MAGIC)) != MAGIC:
        raise Malformed(NAME, max(size, 0), "kind of disk")


def unpack(file: Reader) -> Iterator[Item]:
    """Yield the disk of a file of growing size.

    Raises:
        Malformed: the headers cannot be right.
        Truncated: the file ends inside them.
    """
    head = file.at(0, FOOTER.size)
    if len(head) < FOOTER.size:
        raise Truncated(NAME, file.size, "footer")
    second, size, kind = FOOTER.unpack(head)
    if kind == FIXED:
        return  # it ends with the footer that counts
    header = file.at(second, HEADER.size)
    if len(header) < HEADER.size:
        raise Truncated(NAME, file.size, "second header")
    magic, table, entries, block = HEADER.unpack(header)
    if magic != HEADER_MAGIC or block < SECTOR or block & (block - 1):
        raise Malformed(NAME, second, "second header")
    found = _Disk(file, table, block, min(block, PIECE), entries)
    yield from disk(found, min(size, entries * block), found.piece)
    if kind == DIFFERING:
        yield Gap(Reason.UNSUPPORTED, b"the disk it differs from")
