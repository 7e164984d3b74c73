"""Unpack VMware disks that are one growing file: the disk inside, as a part.

Numbers little-endian, places and sizes in sectors of 512 bytes:

    offset  length  field
    0       4, 4    "KDMV", version
    8       4       flags: 10000 grains are deflated
    12      8, 8    sectors of the disk, of a grain
    28      8, 8    place and length of a description in text
    44      4       entries of a table
    56      8       place of the directory; all bits set: it stands in the footer

The directory has the place of each table (4), a table that of each grain (4); 0 and 1
are a grain of zeros. A deflated grain: sector (8), bytes (4), zlib stream (RFC 1950).

Source: VMware Virtual Disk Format 5.0, hosted sparse extents.
"""

import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from struct import Struct

from clearward.core.errors import Malformed, Truncated
from clearward.core.limits import MIB
from clearward.core.part import Gap, Item, Part
from clearward.core.reader import Reader
from clearward.core.reasons import Reason
from clearward.formats.disks.mapped import blocks

NAME = "vmdk"
MAGIC = b"KDMV"
HEADER = Struct("<4sIIQQQQIQQ")
DEFLATED = 0x10000
IN_FOOTER = 0xFFFFFFFFFFFFFFFF
FOOTER = 1024  # bytes from the end
SECTOR = 512
GRAIN = Struct("<QI")
LARGEST_GRAIN = 1 * MIB
LARGEST_TABLE = 64 * 1024
LONGEST_TEXT = 64 * 1024

_PARENT = re.compile(rb"parentCID\s*=\s*(?!f{8})[0-9a-f]", re.IGNORECASE)


@dataclass(slots=True)
class _Disk:
    """The grains of a disk by their number.

    Attributes:
        faults: what was said about grains that could not be read.
    """

    file: Reader
    directory: int
    per_table: int
    grain: int
    deflated: bool
    faults: set[Reason] = field(default_factory=set)

    def load(self, number: int) -> bytes:
        """Return a grain; what cannot be read is empty and noted."""
        which, inside = divmod(number, self.per_table)
        table = self._entry(self.directory, which)
        place = self._entry(table, inside) if table else 0
        if place <= 1:
            return b""
        if self.deflated:
            return self._inflated(place * SECTOR)
        data = self.file.at(place * SECTOR, self.grain)
        if not data:
            self.faults.add(Reason.TRUNCATED)
        return data

    def _entry(self, table: int, number: int) -> int:
        data = self.file.at(table * SECTOR + number * 4, 4)
        if len(data) < 4:  # noqa: PLR2004 - bytes of an entry
            self.faults.add(Reason.TRUNCATED)
        return int.from_bytes(data, "little")

    def _inflated(self, place: int) -> bytes:
        head = self.file.at(place, GRAIN.size).ljust(GRAIN.size, b"\0")
        _, size = GRAIN.unpack(head)
        packed = self.file.at(place + GRAIN.size, min(size, 2 * LARGEST_GRAIN))
        stream = zlib.decompressobj()
        try:
            data = stream.decompress(packed, self.grain)
        except zlib.error:
            self.faults.add(Reason.CORRUPT)
            return b""
        if len(data) < self.grain and not stream.eof:
            self.faults.add(Reason.TRUNCATED)
        return data


def unpack(file: Reader) -> Iterator[Item]:
    """Yield the disk.

    Raises:
        Malformed: the header cannot be right.
        Truncated: it is not there.
    """
    head = file.at(0, HEADER.size)
    if len(head) < HEADER.size:
        raise Truncated(NAME, file.size, "header")
    if head[: len(MAGIC)] != MAGIC:
        yield Gap(Reason.UNSUPPORTED)
        return
    if HEADER.unpack(head)[-1] == IN_FOOTER:
        head = file.at(max(file.size - FOOTER, 0), HEADER.size)
    if len(head) < HEADER.size or head[: len(MAGIC)] != MAGIC:
        raise Truncated(NAME, file.size, "footer")
    _, _, flags, sectors, grain, text, length, per_table, _, directory = HEADER.unpack(
        head
    )
    if not 0 < grain * SECTOR <= LARGEST_GRAIN or not 0 < per_table <= LARGEST_TABLE:
        raise Malformed(NAME, 20, "length of a grain")
    deflated = bool(flags & DEFLATED)
    disk = _Disk(file, directory, per_table, grain * SECTOR, deflated)
    yield Part(blocks(sectors * SECTOR, grain * SECTOR, disk.load), b"disk")
    for reason in sorted(disk.faults, key=lambda each: each.word):
        yield Gap(reason, b"disk")
    if _PARENT.search(file.at(text * SECTOR, min(length * SECTOR, LONGEST_TEXT))):
        yield Gap(Reason.UNSUPPORTED, b"the disk it differs from")
