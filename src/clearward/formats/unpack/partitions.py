"""Unpack disks: each partition as a part.

MS-DOS table, numbers little-endian, sectors of 512 bytes:

    offset  length  field
    446     4 x 16  status, 3 bytes, kind, 3 bytes, first sector (4), count (4)
    510     2       55 AA

A partition of kind 5, 0F or 85 holds more: in its first sector is such a table, whose
first entry counts from there, and whose second, from the start of the outermost one,
leads to the next. Kind EE stands in front of a GUID table.

GUID table, in the second sector:

    0       8       "EFI PART"
    72      8, 4, 4 first sector of the entries, how many, bytes of each
    entry           kind (16), name (16), first sector (8), last (8), flags (8), label

Source: UEFI 2.10, 5.2 and 5.3; extended partitions as in "Partition types" of the
Linux documentation of fdisk.
"""

from collections.abc import Iterator
from functools import partial
from struct import Struct

from clearward.core.errors import Malformed, Truncated
from clearward.core.part import Gap, Item, Part
from clearward.core.reader import Reader
from clearward.core.reasons import Reason

NAME = "partitions"
SECTOR = 512
TABLE = 446
ENTRY = Struct("<B3xB3xII")
EXTENDED = frozenset({0x05, 0x0F, 0x85})
GUID_TABLE = 0xEE
MOST_LINKED = 1024  # tables of an extended partition
GUID_HEADER = Struct("<8s64xQII")
GUID_MAGIC = b"EFI PART"
GUID_PLACES = (512, 4096)
GUID_ENTRY = Struct("<16s16sQQQ")
MOST_ENTRIES = 4096
LARGEST_ENTRY = 4096

Place = tuple[int, int]


def unpack_mbr(disk: Reader) -> Iterator[Item]:
    """Yield each partition of an MS-DOS table, with those inside extended ones.

    Raises:
        Truncated: a partition lies behind the end of the disk. What there is of it,
            and all others, were yielded.
    """
    places: dict[Place, None] = {}
    for kind, first, count in _entries(disk, 0):
        if kind in EXTENDED:
            for place in _extended(disk, first):
                places.setdefault(place)
        elif kind != GUID_TABLE or not _has_guid_table(disk):
            places.setdefault((first, count))
    yield from _parts(disk, places, SECTOR)


def _has_guid_table(disk: Reader) -> bool:
    return any(disk.at(at, len(GUID_MAGIC)) == GUID_MAGIC for at in GUID_PLACES)


def _entries(disk: Reader, sector: int) -> Iterator[tuple[int, int, int]]:
    """Yield kind, first sector and count of what a table lists."""
    table = disk.at(sector * SECTOR + TABLE, 4 * ENTRY.size)
    for number in range(len(table) // ENTRY.size):
        _, kind, first, count = ENTRY.unpack_from(table, number * ENTRY.size)
        if kind and count and first:
            yield kind, first, count


def _extended(disk: Reader, outer: int) -> Iterator[Place]:
    """Yield the partitions in an extended one."""
    sector = outer
    seen: set[int] = set()
    while sector not in seen and len(seen) < MOST_LINKED:
        seen.add(sector)
        following = sector
        for kind, first, count in _entries(disk, sector):
            if kind in EXTENDED:
                following = outer + first
            else:
                yield sector + first, count
        sector = following


def unpack_gpt(disk: Reader, sector: int) -> Iterator[Item]:
    """Yield each partition of a GUID table.

    Args:
        disk: all of it.
        sector: bytes of a sector, 512 or 4096.

    Raises:
        Malformed: the table cannot be one.
        Truncated: a partition lies behind the end of the disk; as above.
    """
    head = disk.at(sector, GUID_HEADER.size)
    if len(head) < GUID_HEADER.size:
        raise Truncated(NAME, disk.size, "GUID table")
    _, start, count, size = GUID_HEADER.unpack(head)
    if not GUID_ENTRY.size <= size <= LARGEST_ENTRY:
        raise Malformed(NAME, min(sector + 84, disk.size), "length of an entry")
    if count > MOST_ENTRIES:
        yield Gap(Reason.PARTS_LIMIT)
    places: dict[Place, None] = {}
    for number in range(min(count, MOST_ENTRIES)):
        entry = disk.at(start * sector + number * size, GUID_ENTRY.size)
        if len(entry) < GUID_ENTRY.size:
            raise Truncated(NAME, disk.size, "entry")
        kind, _, first, last, _ = GUID_ENTRY.unpack(entry)
        if any(kind) and 0 < first <= last:
            places.setdefault((first, last - first + 1))
    yield from _parts(disk, places, sector)


unpack_gpt512 = partial(unpack_gpt, sector=512)
unpack_gpt4k = partial(unpack_gpt, sector=4096)


def _parts(disk: Reader, places: dict[Place, None], sector: int) -> Iterator[Item]:
    cut = False
    for number, (first, count) in enumerate(places, start=1):
        start, size = first * sector, count * sector
        here = min(size, max(disk.size - start, 0))
        cut |= here < size
        if here:
            yield Part(disk.slice(start, here), b"partition%d" % number)
    if cut:
        raise Truncated(NAME, disk.size, "partition beyond the disk")
