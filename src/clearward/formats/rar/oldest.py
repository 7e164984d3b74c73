"""Files of a RAR archive of version 1.4 and before.

Layout, numbers little-endian (as README files of rars' test archives and the bytes of
archives show it):

    offset  length  field
    0       4       "RE~^"
    4       2       size of this header
    6       1       flags: 1: a volume; 8: solid
    then for each file:
    0       4, 4    packed size, size
    8       2       checksum: each byte is added, and the sum turned left by a bit
    10      2       size of this header
    12      4, 1    time, attributes
    17      1       flags: 1 and 2: goes on in other volumes; 4: encrypted
    18      1       version
    19      1       length of the name
    20      1       method; 0: stored
    21              name

What is packed is packed as in RAR 1.5. There is no end but that of the archive.
"""

from collections.abc import Iterator
from struct import Struct

from typing_extensions import override

from clearward.core.errors import Malformed, Truncated
from clearward.core.part import Gap, Item
from clearward.core.reader import Reader
from clearward.core.reasons import Reason
from clearward.formats import rar_blocks
from clearward.formats.rar.members import NAME, Members
from clearward.formats.rar_blocks import Block

MAGIC = b"RE~^"
FRONT = 7
VOLUME, SOLID = 1, 8
FILE = Struct("<IIHHIBBBBB")
BLOCK = Struct("<HBHHIIBIIBBHI")
VERSION = 15  # what packs in the same way


def unpack(archive: Reader) -> Iterator[Item]:
    """Yield the content of each file.

    Raises:
        Malformed: a header is none. What came before has been yielded.
        Truncated: a file is longer than the archive; the same.
    """
    front = archive.at(0, FRONT)
    place = int.from_bytes(front[4:6], "little")
    if len(front) < FRONT or place < FRONT:
        raise Malformed(NAME, min(4, archive.size), "size of the header")
    members = _Members(archive, solid=bool(front[6] & SOLID))
    while place < archive.size:
        block = _block(archive, place)
        yield from members.file(block)
        place = block.start + block.data
    if place > archive.size:
        raise Truncated(NAME, archive.size, "content")
    if front[6] & VOLUME:
        yield Gap(Reason.TRUNCATED)


def _block(archive: Reader, place: int) -> Block:
    """Return a file's header as RAR 1.5 has it."""
    data = archive.at(place, FILE.size)
    if len(data) < FILE.size:
        raise Truncated(NAME, archive.size, "header")
    packed, size, _, length, time, kind, flags, _, named, method = FILE.unpack(data)
    if length < FILE.size:
        raise Malformed(NAME, place + 10, "size of the header")
    kept = flags & (rar_blocks.BEFORE | rar_blocks.AFTER | rar_blocks.LOCKED)
    fields = (0, rar_blocks.FILE, kept, length, packed, size, 0, 0, time, VERSION)
    method = min(rar_blocks.STORED + method, 0xFF)
    front = BLOCK.pack(*fields, method, named, kind)
    return Block(front + archive.at(place + FILE.size, named), place)


class _Members(Members):
    """The files of one archive, of which all or none are solid."""

    @override
    def _is_solid(self, block: Block) -> bool:
        return self._solid

    @override
    def _crc(self, block: Block) -> int | None:
        return None
