"""Unpack disks of QEMU: the disk inside, as a part.

Numbers big-endian:

    offset  length  field
    0       4, 4    "QFI" and FB, version: 2 or 3
    8       8       place of the name of another disk that this one differs from, or 0
    20      4, 8    bits of a cluster's length, bytes of the disk
    32      4       1, 2: encrypted
    36      4, 8    entries of the first table, its place
    60      4       snapshots
    72      8       version 3: 4 data in another file, 8 other compression, 10 other
                    entries

An entry of the first table is the place of a second table, a cluster long; one of that
is the place of a cluster, or with bit 62 of deflated data, and with bit 0 nothing but
zeros. Snapshots and the disk this one differs from are not read, which is said.

Source: QEMU documentation, interop/qcow2.
"""

import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from struct import Struct

from clearward.core.errors import Malformed, Truncated
from clearward.core.part import Gap, Item, Part
from clearward.core.reader import Reader
from clearward.core.reasons import Reason
from clearward.formats.disks.mapped import blocks

NAME = "qcow"
MAGIC = b"QFI\xfb"
VERSIONS = (2, 3)
HEADER = Struct(">4sIQIIQIIQ12xI8x")
FEATURES = Struct(">72xQ")
UNREADABLE = 0x04 | 0x08 | 0x10
CLUSTER_BITS = range(9, 22)
PLACE = 0x00FFFFFFFFFFFE00
COMPRESSED = 1 << 62
ZEROS = 1
SECTOR = 512


@dataclass(slots=True)
class _Disk:
    """The clusters of a disk by their number.

    Attributes:
        faults: what was said about clusters that could not be read.
    """

    file: Reader
    bits: int
    table: int
    entries: int
    faults: set[Reason] = field(default_factory=set)

    def load(self, number: int) -> bytes:
        """Return a cluster; what cannot be read is empty and noted."""
        per_table = self.bits - 3
        first = number >> per_table
        second = self._entry(self.table, first) if first < self.entries else 0
        if not second & PLACE:
            return b""
        entry = self._entry(second & PLACE, number & ((1 << per_table) - 1))
        if entry & COMPRESSED:
            return self._deflated(entry)
        place = entry & PLACE
        if entry & ZEROS or not place:
            return b""
        data = self.file.at(place, 1 << self.bits)
        if not data:
            self.faults.add(Reason.TRUNCATED)
        return data

    def _entry(self, table: int, number: int) -> int:
        data = self.file.at(table + number * 8, 8)
        if len(data) < 8:  # noqa: PLR2004 - bytes of an entry
            self.faults.add(Reason.TRUNCATED)
        return int.from_bytes(data, "big")

    def _deflated(self, entry: int) -> bytes:
        place_bits = 62 - (self.bits - 8)
        place = entry & ((1 << place_bits) - 1)
        sectors = (entry & (COMPRESSED - 1)) >> place_bits
        size = (sectors + 1) * SECTOR - place % SECTOR
        stream = zlib.decompressobj(-15)
        try:
            data = stream.decompress(self.file.at(place, size), 1 << self.bits)
        except zlib.error:
            self.faults.add(Reason.CORRUPT)
            return b""
        if len(data) < 1 << self.bits and not stream.eof:
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
    _, _, other, _, bits, size, _, entries, table, saved = HEADER.unpack(head)
    if (barred := _barred(file)) is not None:
        yield Gap(barred)
        return
    if bits not in CLUSTER_BITS:
        raise Malformed(NAME, 20, "length of a cluster")
    disk = _Disk(file, bits, table, entries)
    yield Part(blocks(size, 1 << bits, disk.load), b"disk")
    for reason in sorted(disk.faults, key=lambda each: each.word):
        yield Gap(reason, b"disk")
    if other:
        yield Gap(Reason.UNSUPPORTED, b"the disk it differs from")
    if saved:
        yield Gap(Reason.UNSUPPORTED, b"snapshots")


def _barred(file: Reader) -> Reason | None:
    """Return why nothing of a disk can be read, None if it can."""
    head = file.at(0, FEATURES.size).ljust(FEATURES.size, b"\0")
    magic, version, *_ = HEADER.unpack_from(head)
    if magic != MAGIC or version not in VERSIONS:
        return Reason.UNSUPPORTED
    if HEADER.unpack_from(head)[6]:
        return Reason.ENCRYPTED
    (features,) = FEATURES.unpack(head)
    is_readable = version == VERSIONS[0] or not features & UNREADABLE
    return None if is_readable else Reason.UNSUPPORTED
