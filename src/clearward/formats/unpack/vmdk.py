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
from collections.abc import Iterator
from struct import Struct

from clearward.core.errors import Malformed, Truncated
from clearward.core.limits import MIB
from clearward.core.part import Gap, Item
from clearward.core.reader import Reader
from clearward.core.reasons import Reason
from clearward.formats.disks.tables import Tables
from clearward.formats.disks.whole import disk

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
    tables = -(-sectors // (grain * per_table))
    place = directory * SECTOR, tables, per_table
    found = _tables(file, place, grain * SECTOR, deflated=deflated)
    yield from disk(found, sectors * SECTOR, grain * SECTOR)
    if _PARENT.search(file.at(text * SECTOR, min(length * SECTOR, LONGEST_TEXT))):
        yield Gap(Reason.UNSUPPORTED, b"the disk it differs from")


def _tables(
    file: Reader, place: tuple[int, int, int], grain: int, *, deflated: bool
) -> Tables:
    """Return the tables of grains.

    Args:
        file: the whole file.
        place: of the directory, its entries, and those of a table.
        grain: bytes of one.
        deflated: grains are.
    """

    def read(entry: int) -> bytes:
        if not deflated:
            return file.at(entry * SECTOR, grain)
        head = file.at(entry * SECTOR, GRAIN.size)
        if len(head) < GRAIN.size:
            return b""
        _, size = GRAIN.unpack(head)
        packed = file.at(entry * SECTOR + GRAIN.size, min(size, 2 * LARGEST_GRAIN))
        return found.inflated(packed, grain, header=True)

    directory, entries, per_table = place
    found = Tables(
        file,
        first=directory,
        entries=entries,
        per_table=per_table,
        width=4,
        order="little",
        place_of=lambda entry: entry * SECTOR,
        is_there=lambda entry: entry > 1,
        read=read,
    )
    return found
