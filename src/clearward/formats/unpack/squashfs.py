"""Unpack SquashFS, version 4: file systems of live disks, snaps, routers, AppImages.

Superblock, numbers little-endian:

    offset  length  field
    0       4       "hsqs"
    12      4       bytes of a block
    20      2       method: 1 zlib, 2 LZMA, 3 LZO, 4 xz, 5 LZ4, 6 Zstandard
    28      2       version, 4
    40      8       bytes used
    48      8       place of the owners' table
    64      8, 8    places of inodes, of listings
    80      8       place of the fragments' table: places of blocks of its entries, each
                    place (8), length (4), unused (4)

Other versions and makers' variants are not read.

Source: Linux documentation, filesystems/squashfs.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from struct import Struct

from clearward.core.errors import Malformed, Truncated
from clearward.core.limits import MIB
from clearward.core.part import Gap, Item, Part
from clearward.core.reader import Reader, Stream
from clearward.core.reasons import Reason
from clearward.formats.squashfs import inodes
from clearward.formats.squashfs.packed import METHODS, MOST_META, PLAIN_META, Blocks

NAME = "squashfs"
MAGIC = b"hsqs"
VERSION = 4
SUPERBLOCK = Struct("<4s8xI4xH6xH10xQQ8xQQQQ")
LARGEST_BLOCK = 1 * MIB
PLAIN = 1 << 24
FRAGMENT = Struct("<QI4x")
FRAGMENTS = MOST_META // FRAGMENT.size  # entries in a block of their table
ABSENT = 0xFFFFFFFFFFFFFFFF


@dataclass(slots=True)
class _System:
    """Contents of files, with the fragment that was read last."""

    image: Reader
    blocks: Blocks
    size: int  # of a block
    fragments: int
    last: int = -1
    held: bytes = b""

    def content(self, file: inodes.File) -> Iterator[bytes]:
        """Yield the content of a file, block by block.

        Raises:
            Malformed: a block is damaged.
        """
        place, left = file.start, file.size
        for at in range(0, len(file.lengths), 4):
            value = int.from_bytes(file.lengths[at : at + 4], "little")
            length, wanted = value & (PLAIN - 1), min(left, self.size)
            if length:
                plain = bool(value & PLAIN)
                data = self.blocks.block(place, length, self.size, plain=plain)
                yield data[:wanted]
                if len(data) < wanted:
                    raise Malformed(NAME, min(place, self.image.size), "block")
            else:
                yield bytes(wanted)
            place += length
            left -= wanted
        if left and file.fragment != inodes.NO_FRAGMENT:
            end = self._fragment(file.fragment)[file.offset : file.offset + left]
            yield end
            if len(end) < left:
                raise Malformed(NAME, min(place, self.image.size), "fragment")

    def _fragment(self, number: int) -> bytes:
        if number != self.last:
            which, inside = divmod(number, FRAGMENTS)
            place = _number(self.image, self.fragments + which * 8, 8)
            head = _number(self.image, place, 2)
            entries = self.blocks.block(
                place + 2,
                head & ~PLAIN_META,
                MOST_META,
                plain=bool(head & PLAIN_META),
            )
            entry = entries[inside * FRAGMENT.size :][: FRAGMENT.size]
            if len(entry) < FRAGMENT.size:
                raise Malformed(NAME, min(place, self.image.size), "fragment")
            start, value = FRAGMENT.unpack(entry)
            length, plain = value & (PLAIN - 1), bool(value & PLAIN)
            self.held = self.blocks.block(start, length, self.size, plain=plain)
            self.last = number
        return self.held


def _number(image: Reader, place: int, size: int) -> int:
    data = image.at(place, size)
    if len(data) < size:
        raise Truncated(NAME, min(place, image.size), "table")
    return int.from_bytes(data, "little")


def unpack(image: Reader) -> Iterator[Item]:
    """Yield the content of each file, in the order of their inodes.

    Raises:
        Malformed: a table is damaged. The files before that were yielded.
        Truncated: the file system is longer than the part; the same.
    """
    head = image.at(0, SUPERBLOCK.size)
    if len(head) < SUPERBLOCK.size:
        raise Truncated(NAME, image.size, "superblock")
    magic, size, method, version, used, owners, first, listings, fragments, links = (
        SUPERBLOCK.unpack(head)
    )
    if magic != MAGIC or version != VERSION or method not in METHODS:
        yield Gap(Reason.UNSUPPORTED)
        return
    if not 0 < size <= LARGEST_BLOCK:
        raise Malformed(NAME, 12, "bytes of a block")
    blocks = Blocks(image, METHODS[method])
    tables = (owners, fragments, links)
    end = min((image.size, *(_first(image, each) for each in tables)))
    names = inodes.names(Stream(blocks.table(listings, end)))
    system = _System(image, blocks, size, fragments)
    for file in inodes.files(Stream(blocks.table(first, listings)), size):
        name = names.get(file.number, b"%d" % file.number)
        packed = len(file.lengths) // 4 * size  # blocks of zeros take no place
        yield Part(Stream(system.content(file)), name, packed=packed)
    if used > image.size:
        raise Truncated(NAME, image.size, "bytes used")


def _first(image: Reader, index: int) -> int:
    """Return where the first block of a table lies; `ABSENT` if there is none."""
    data = image.at(index, 8) if index != ABSENT else b""
    return int.from_bytes(data, "little") if len(data) > 7 else ABSENT  # noqa: PLR2004
