"""Streams of NTFS and comments in RAR archives of version 3 and later.

They are services, which libarchive passes over. Each is packed by itself in the way of
a file, so it is written anew as the file of an archive of its own, and read so.
"""

from collections.abc import Iterator

from clearward.core.errors import Malformed
from clearward.core.part import Gap, Item, Part
from clearward.core.reader import Reader
from clearward.formats import libarchive, rar_blocks
from clearward.formats.rar import members, new
from clearward.formats.rar.joined import Joined
from clearward.formats.rar.numbers import Fields, number
from clearward.formats.rar.writing import MOST_BLOCKS
from clearward.formats.rar_blocks import Block

CONTENTS = (b"STM", b"CMT")


def in_old(archive: Reader) -> Iterator[Item]:
    """Yield those of an archive of RAR 3."""
    for block in rar_blocks.blocks(archive):
        if block.kind == rar_blocks.SERVICE and block.name in CONTENTS:
            header = bytearray(block.header)
            header[2] = rar_blocks.FILE
            flags = block.flags & ~rar_blocks.SOLID
            file = Block(rar_blocks.changed(bytes(header), flags), block.place)
            yield from members.Members(archive, solid=True).file(file)


def in_new(archive: Reader) -> Iterator[Item]:
    """Yield those of an archive of RAR 5."""
    header, _, length = new.plain_header(archive, new.SIGNATURE)
    front = archive.slice(0, min(new.SIGNATURE + length, archive.size))
    place = new.SIGNATURE
    for _ in range(MOST_BLOCKS):
        header, data, length = new.plain_header(archive, place)
        kind = Fields(header).number()
        start = place + length
        place = start + data
        if not header or kind in (new.LOCKED, new.END) or place > archive.size:
            return
        if kind == new.SERVICE and new.name_of(header) in CONTENTS:
            alone = Joined()
            alone.add(front)
            header = number(new.FILE) + header[1:]
            new.add(alone, header, archive.slice(start, data))
            yield from _named(alone.reader(), new.name_of(header), data)


def _named(archive: Reader, name: bytes, packed: int) -> Iterator[Item]:
    try:
        for item in libarchive.unpack("rar", archive, "rar5"):
            if isinstance(item, Part):
                yield Part(item.content, name, packed)
            elif isinstance(item, Gap):
                yield Gap(item.reason, name)
    except Malformed as error:
        yield Gap(error.reason, name)
