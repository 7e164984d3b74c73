"""Unpack Windows images: the files of installation media and of backups.

Layout, numbers little-endian (Windows Imaging File Format, 2007):

    offset  length  field
    0       8       "MSWIM" and zeros
    16      4, 4    flags: 2 compressed, 20000 XPRESS, 40000 LZX, 80000 LZMS; bytes of a
                    chunk
    40      2, 2    number of this file, and of how many
    48      24      resource of the table of resources

    a resource: size (7), flags (1): 2 metadata, 4 compressed, 10 in a solid block;
    place (8), size of the content (8). An entry of the table (50): a resource, number
    of the file that has it (2), references (4), SHA-1 (20)

What is compressed begins with a table of places, counted from behind it, of all chunks
but the first, each 4 bytes, or 8 if the content has 4 GiB or more; a chunk that takes
as much as it has is stored. Names stand in the metadata (`formats/wim_names`). LZMS and
solid blocks are not read.
"""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from struct import Struct

from clearward.core.errors import Malformed, Truncated
from clearward.core.limits import MIB
from clearward.core.part import Gap, Item, Part
from clearward.core.reader import Reader, Stream
from clearward.core.reasons import Reason
from clearward.formats.lz import lzx, xpress
from clearward.formats.lz.lzx_codes import SLOTS
from clearward.formats.wim_names import names

NAME = "wim"
MAGIC = b"MSWIM\0\0\0"
HEADER = Struct("<8sIIII16xHHI")
TABLE = 48  # offset of the resource of the table
RESOURCE = 24
ENTRY = Struct("<24sHI20s")
METADATA, COMPRESSED, SOLID = 2, 4, 16
XPRESS, LZX = 0x20000, 0x40000
LARGE = 1 << 32
MOST_NAMES = 32 * MIB  # bytes of metadata that are read for names
MOST_TABLE = 16 * MIB  # more than 300,000 files


@dataclass(frozen=True, slots=True)
class Resource:
    """Where content lies.

    Attributes:
        packed: bytes that it takes.
        flags: as the layout has them.
        place: offset in the image.
        size: bytes of the content.
    """

    packed: int
    flags: int
    place: int
    size: int


class Image:
    """A file of an image.

    Raises:
        Truncated: its header is not all there.
    """

    def __init__(self, file: Reader) -> None:
        head = file.at(0, HEADER.size)
        if len(head) < HEADER.size:
            raise Truncated(NAME, file.size, "header")
        _, _, _, self._flags, self._chunk, self.number, self.files, _ = HEADER.unpack(
            head
        )
        self._file = file

    def resource(self, data: bytes) -> Resource:
        """Read a description of a resource."""
        return Resource(
            int.from_bytes(data[:7], "little"),
            data[7],
            int.from_bytes(data[8:16], "little"),
            int.from_bytes(data[16:24], "little"),
        )

    def readable(self, resource: Resource) -> bool:
        """Say whether the way in which a resource is packed is known."""
        if resource.flags & SOLID:
            return False
        if not resource.flags & COMPRESSED:
            return True
        window = self._chunk.bit_length() - 1
        if window not in SLOTS or self._chunk != 1 << window:
            return False
        return bool(self._flags & (XPRESS | LZX))

    def content(self, resource: Resource) -> Reader | Stream:
        """Return the content of a resource that is readable."""
        place = min(resource.place, self._file.size)
        there = min(resource.packed, self._file.size - place)
        packed = self._file.slice(place, there)
        if resource.flags & COMPRESSED:
            return Stream(self._chunks(packed, resource))
        return packed

    def _chunks(self, packed: Reader, resource: Resource) -> Iterator[bytes]:
        """Yield the chunks of a content.

        Raises:
            Malformed: a chunk is damaged; what is behind it is not read.
            Truncated: they end early; the same.
        """
        count = -(-resource.size // self._chunk)
        width = 8 if resource.size >= LARGE else 4
        front = max(count - 1, 0) * width
        for number in range(count):
            start = self._start(packed, number, width)
            end = self._start(packed, number + 1, width)
            if number + 1 >= count:
                end = packed.size - front
            size = min(self._chunk, resource.size - number * self._chunk)
            if not 0 <= start < end <= packed.size - front or end - start > size:
                raise Truncated(NAME, resource.place, "chunk")
            yield from self._unpacked(packed.slice(front + start, end - start), size)

    @staticmethod
    def _start(packed: Reader, number: int, width: int) -> int:
        if not number:
            return 0
        return int.from_bytes(packed.at((number - 1) * width, width), "little")

    def _unpacked(self, data: Reader, size: int) -> Iterator[bytes]:
        if data.size == size:
            return data.chunks()
        if self._flags & LZX:
            return lzx.chunk(data, NAME, self._chunk.bit_length() - 1, size)
        return xpress.chunk(data.at(0, data.size), NAME, size)


def unpack(file: Reader) -> Iterator[Item]:
    """Yield the content of each file once, whatever names it has.

    Raises:
        Malformed: the table is wrong.
        Truncated: something lies behind the end.
    """
    if file.at(0, len(MAGIC)) != MAGIC:
        yield Gap(Reason.UNSUPPORTED)
        return
    image = Image(file)
    table = image.resource(file.at(TABLE, RESOURCE).ljust(RESOURCE, b"\0"))
    if not image.readable(table) or table.size > MOST_TABLE:
        is_readable = image.readable(table)
        yield Gap(Reason.PARTS_LIMIT if is_readable else Reason.UNSUPPORTED)
        return
    entries = list(_entries(image, table))
    known = _names(image, entries)
    for entry in entries:
        yield from _part(image, entry, known)
    if image.number != image.files:
        yield Gap(Reason.TRUNCATED)
    if table.place + table.packed > file.size:
        raise Truncated(NAME, file.size, "table of resources")


Entry = tuple[Resource, int, bytes]


def _part(image: Image, entry: Entry, known: Mapping[bytes, bytes]) -> Iterator[Item]:
    resource, number, digest = entry
    name = known.get(digest, digest.hex().encode())
    if number != image.number:
        yield Gap(Reason.TRUNCATED, name)
    elif not image.readable(resource):
        yield Gap(Reason.UNSUPPORTED, name)
    elif resource.size:
        content = image.content(resource)
        if isinstance(content, Stream):
            content = Stream(_checked(content, digest, resource.place))
        yield Part(content, name, packed=resource.packed)


def _checked(content: Stream, digest: bytes, place: int) -> Iterator[bytes]:
    """Yield a content; raise if it does not have its digest."""
    found = hashlib.sha1(usedforsecurity=False)
    for data in content.rest():
        found.update(data)
        yield data
    if found.digest() != digest:
        raise Malformed(NAME, place, "digest")


def _entries(image: Image, table: Resource) -> Iterator[Entry]:
    content = image.content(table)
    data = _read(content, table.size)
    for fields in ENTRY.iter_unpack(data[: len(data) // ENTRY.size * ENTRY.size]):
        described, number, _, digest = fields
        yield image.resource(described), number, digest


def _names(image: Image, entries: list[Entry]) -> dict[bytes, bytes]:
    """Return the ways to files by the SHA-1 of their content."""
    known: dict[bytes, bytes] = {}
    left = MOST_NAMES
    for resource, _, _ in entries:
        left -= resource.size if resource.flags & METADATA else 0
        if resource.flags & METADATA and image.readable(resource) and left > 0:
            try:
                known |= names(_read(image.content(resource), resource.size))
            except Malformed:
                continue  # it is said where the metadata itself are looked at
    return known


def _read(content: Reader | Stream, size: int) -> bytes:
    return content.at(0, size) if isinstance(content, Reader) else content.take(size)
