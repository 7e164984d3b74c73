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

from collections.abc import Iterator
from struct import Struct

from clearward.core.errors import Malformed, Truncated
from clearward.core.part import Gap, Item
from clearward.core.reader import Reader
from clearward.core.reasons import Reason
from clearward.formats.disks.tables import Tables
from clearward.formats.disks.whole import disk

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
    yield from disk(_tables(file, bits, table, entries), size, 1 << bits)
    if other:
        yield Gap(Reason.UNSUPPORTED, b"the disk it differs from")
    if saved:
        yield Gap(Reason.UNSUPPORTED, b"snapshots")


def _tables(file: Reader, bits: int, table: int, entries: int) -> Tables:
    place_bits = 62 - (bits - 8)

    def is_there(entry: int) -> bool:
        return bool(entry & COMPRESSED or (entry & PLACE and not entry & ZEROS))

    def read(entry: int) -> bytes:
        if not entry & COMPRESSED:
            return file.at(entry & PLACE, 1 << bits)
        place = entry & ((1 << place_bits) - 1)
        sectors = (entry & (COMPRESSED - 1)) >> place_bits
        packed = file.at(place, (sectors + 1) * SECTOR - place % SECTOR)
        return found.inflated(packed, 1 << bits, header=False) if packed else b""

    found = Tables(
        file,
        first=table,
        entries=entries,
        per_table=1 << bits - 3,
        width=8,
        order="big",
        place_of=lambda entry: entry & PLACE,
        is_there=is_there,
        read=read,
    )
    return found


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
