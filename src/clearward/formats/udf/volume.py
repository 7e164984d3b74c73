"""Find the partitions of a UDF volume, and where its root folder is described.

Layout, numbers little-endian (ECMA-167, UDF 2.60); every descriptor begins with a tag
of 16 bytes: identifier (2), then version, checksums and the like, and its block (4):

    2     anchor, at block 256, or 256 or 1 from the end: at 16 length and block of the
          volume descriptors, at 24 of their copy; a block is 2048, 512 or 4096 bytes
    5     partition: at 22 its number, at 188 first block and number of blocks
    6     logical volume: at 212 bytes of a block, at 248 where the file set is, at 264
          length and number of partition maps, which begin at 440
    256   file set: at 400 where the root folder's entry is

A map is its type (1), its length (1); type 1: at 4 the number of a partition; type 2:
at 5 a name, at 38 the number of a partition, and of a metadata partition at 40 the
block of the entry of a file that holds all of it, at 44 of its mirror.
"""

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate

from clearward.core.errors import Malformed, Truncated
from clearward.core.reader import Reader
from clearward.core.reasons import Reason
from clearward.formats.decompressor import Undecoded

NAME = "iso"
BLOCKS = (2048, 512, 4096, 1024)
ANCHOR, PARTITION, LOGICAL, TERMINATOR = 2, 5, 6, 8
ANCHOR_BLOCK = 256
MOST_DESCRIPTORS = 256
MOST_MAPS = 16
METADATA = b"*UDF Metadata Partition"
VIRTUAL = b"*UDF Virtual Partition"
LENGTH = 0x3FFFFFFF  # the bits of an extent's length that are a length


@dataclass(frozen=True, slots=True)
class Extent:
    """Bytes of the image, one behind the other; without a place they are zeros."""

    place: int | None
    size: int


class Space:
    """The blocks of a partition, wherever they lie.

    Args:
        extents: in order.
        block: bytes of a block.
    """

    __slots__ = ("_ends", "_extents", "block")

    def __init__(self, extents: list[Extent], block: int) -> None:
        self._extents = extents
        self._ends = list(accumulate(each.size for each in extents))
        self.block = block

    def pieces(self, number: int, size: int) -> Iterator[Extent]:
        """Yield where `size` bytes from a block on lie, as far as there are any."""
        offset = number * self.block
        row = bisect_right(self._ends, offset)
        while size > 0 and row < len(self._extents):
            extent = self._extents[row]
            inside = offset - (self._ends[row] - extent.size)
            there = min(size, extent.size - inside)
            place = None if extent.place is None else extent.place + inside
            yield Extent(place, there)
            offset += there
            size -= there
            row += 1


@dataclass(frozen=True, slots=True)
class Map:
    """One partition map.

    Attributes:
        space: the blocks of the partition.
        metadata: blocks of the entries that hold a metadata partition; empty if it is
            none.
    """

    space: Space
    metadata: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Volume:
    """What the descriptors of a volume say.

    Attributes:
        maps: the partitions in the order in which entries count them.
        files: the descriptor of files: block, and which of `maps`.
        block: bytes of a block.
    """

    maps: tuple[Map, ...]
    files: tuple[int, int]
    block: int


def number(data: bytes, place: int, size: int) -> int:
    """Return a number in a descriptor, 0 behind its end."""
    return int.from_bytes(data[place : place + size], "little")


def identifier(data: bytes) -> int:
    """Return what a descriptor is."""
    return number(data, 0, 2)


def volume(image: Reader) -> Volume:
    """Return the volume of an image.

    Raises:
        Truncated: what must be there lies behind the end.
        Malformed: there is no such thing where it must be.
        Undecoded: it is of a kind that is not read here.
    """
    anchor, block = _anchor(image)
    for place in (16, 24):  # the copy, where the first is damaged
        size, first = number(anchor, place, 4), number(anchor, place + 4, 4)
        found = _descriptors(image, first, size // block, block)
        if LOGICAL in found and PARTITION in found:
            break
    else:
        raise Malformed(NAME, 0, "volume descriptors of UDF")
    logical = found[LOGICAL][0]
    block = number(logical, 212, 4)
    if block not in BLOCKS:
        raise Malformed(NAME, 0, "block of UDF")
    partitions = {
        number(each, 22, 2): Extent(
            number(each, 188, 4) * block, number(each, 192, 4) * block
        )
        for each in found[PARTITION]
    }
    maps = tuple(_maps(logical, partitions, block))
    return Volume(maps, (number(logical, 252, 4), number(logical, 256, 2)), block)


def _anchor(image: Reader) -> tuple[bytes, int]:
    for block in BLOCKS:
        last = image.size // block
        for at in (
            ANCHOR_BLOCK,
            last - 1,
            last - 1 - ANCHOR_BLOCK,
            last - ANCHOR_BLOCK,
        ):
            data = image.at(at * block, 512) if at > 0 else b""
            if identifier(data) == ANCHOR and number(data, 12, 4) == at:
                return data, block
    if image.size < ANCHOR_BLOCK * BLOCKS[0] + 512:
        raise Truncated(NAME, image.size, "anchor of UDF")
    raise Malformed(NAME, ANCHOR_BLOCK * BLOCKS[0], "anchor of UDF")


def _descriptors(
    image: Reader, first: int, count: int, block: int
) -> dict[int, list[bytes]]:
    """Return the descriptors of a sequence by what they are."""
    found: dict[int, list[bytes]] = {}
    for at in range(first, first + min(count, MOST_DESCRIPTORS)):
        data = image.at(at * block, max(block, 2048))
        kind = identifier(data)
        if kind == TERMINATOR or not data:
            break
        found.setdefault(kind, []).append(data)
    return found


def _maps(logical: bytes, partitions: dict[int, Extent], block: int) -> Iterator[Map]:
    place = 440
    for _ in range(min(number(logical, 268, 4), MOST_MAPS)):
        kind, length = number(logical, place, 1), number(logical, place + 1, 1)
        data = logical[place : place + length]
        which = number(data, 4 if kind == 1 else 38, 2)
        name = data[5:28].rstrip(b"\0") if kind != 1 else b""
        if name == VIRTUAL:
            raise Undecoded(NAME, 0, "virtual partition", Reason.UNSUPPORTED)
        if which not in partitions or length < 6:  # noqa: PLR2004 - of type 1
            raise Malformed(NAME, 0, "partition map of UDF")
        space = Space([partitions[which]], block)
        entries = (number(data, 40, 4), number(data, 44, 4))
        yield Map(space, entries if name == METADATA else ())
        place += length
