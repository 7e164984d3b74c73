"""The resources of a Windows image: where content lies, and how it is packed.

Layout, numbers little-endian (Windows Imaging File Format, 2007), of the header:
"MSWIM" and zeros (8), length (4), version (4), flags (4: 20000 and 200000 XPRESS, 40000
LZX, 80000 LZMS), bytes of a chunk (4), at 40 number of this file (2) and of how many
(2).

    a resource: size (7), flags (1): 2 metadata, 4 compressed, 10 in a solid block;
    place (8), size of the content (8). An entry of the table (50): a resource, number
    of the file that has it (2), references (4), SHA-1 (20)

What is compressed begins with a table of places, counted from behind it, of all chunks
but the first, each 4 bytes, or 8 if the content has 4 GiB or more.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from struct import Struct

from clearward.core.errors import Truncated
from clearward.core.reader import Reader, Stream
from clearward.core.reasons import Reason
from clearward.formats.wim.packing import LZMS, LZX, NAME, XPRESS, Packing

HEADER = Struct("<8sIIII16xHHI")
RESOURCE = 24
ENTRY = Struct("<24sHI20s")
METADATA, COMPRESSED, SOLID = 2, 4, 16
METHODS = ((0x40000, LZX), (0x80000, LZMS), (0x20000, XPRESS), (0x200000, XPRESS))
LARGE = 1 << 32
BLOCK = 1 << 32  # said to be the size of the content of a solid block


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

    @classmethod
    def of(cls, data: bytes) -> "Resource":
        """Read a description of a resource."""
        return cls(
            int.from_bytes(data[:7], "little"),
            data[7],
            int.from_bytes(data[8:16], "little"),
            int.from_bytes(data[16:24], "little"),
        )

    @property
    def end(self) -> int:
        """Where it ends in the image; 0 for a file, whose place is in a solid block."""
        inside = self.flags & SOLID and self.size != BLOCK
        return 0 if inside else self.place + self.packed


@dataclass(frozen=True, slots=True)
class Entry:
    """A row of the table.

    Attributes:
        resource: where the content lies.
        number: of the file that has it.
        digest: its SHA-1.
    """

    resource: Resource
    number: int
    digest: bytes


class Image:
    """A file of an image.

    Raises:
        Truncated: its header is not all there.
    """

    def __init__(self, file: Reader) -> None:
        head = file.at(0, HEADER.size)
        if len(head) < HEADER.size:
            raise Truncated(NAME, file.size, "header")
        _, _, _, flags, chunk, self.number, self.files, _ = HEADER.unpack(head)
        methods = [method for bit, method in METHODS if flags & bit]
        self._packing = Packing(methods[0] if methods else -1, chunk)
        self._file = file

    def reason(self, resource: Resource) -> Reason | None:
        """Say why a resource outside a solid block cannot be read, None if it can."""
        return self._packing.reason() if resource.flags & COMPRESSED else None

    def bytes_of(self, resource: Resource) -> Reader:
        """Return the bytes of a resource as they stand, fewer at the end."""
        place = min(resource.place, self._file.size)
        return self._file.slice(place, min(resource.packed, self._file.size - place))

    def content(self, resource: Resource) -> Reader | Stream:
        """Return the content of a resource that can be read."""
        packed = self.bytes_of(resource)
        if resource.flags & COMPRESSED:
            return Stream(self._chunks(packed, resource))
        return packed

    def entries(self, table: Resource) -> Iterator[Entry]:
        """Yield the rows of the table.

        Raises:
            Malformed: it is damaged.
        """
        content = self.content(table)
        if isinstance(content, Reader):
            data = content.at(0, table.size)
        else:
            data = content.take(table.size)
        for row in ENTRY.iter_unpack(data[: len(data) // ENTRY.size * ENTRY.size]):
            described, number, _, digest = row
            yield Entry(Resource.of(described), number, digest)

    def _chunks(self, packed: Reader, resource: Resource) -> Iterator[bytes]:
        """Yield the chunks of a content.

        Raises:
            Malformed: a chunk is damaged; what is behind it is not read.
            Truncated: they end early; the same.
        """
        chunk = self._packing.chunk
        count = -(-resource.size // chunk)
        width = 8 if resource.size >= LARGE else 4
        front = max(count - 1, 0) * width
        for number in range(count):
            start = _start(packed, number, width)
            end = _start(packed, number + 1, width)
            if number + 1 >= count:
                end = packed.size - front
            size = min(chunk, resource.size - number * chunk)
            if not 0 <= start < end <= packed.size - front or end - start > size:
                raise Truncated(NAME, resource.place, "chunk")
            data = packed.slice(front + start, end - start)
            yield from self._packing.unpacked(data, size)


def _start(packed: Reader, number: int, width: int) -> int:
    if not number:
        return 0
    return int.from_bytes(packed.at((number - 1) * width, width), "little")
