"""Blocks of RAR 1.5 to 4.

Layout, numbers little-endian (as libarchive's reader describes it):

    offset  length  field
    0       2       CRC-32 of the rest of the header, its low half
    2       1       type
    3       2       flags
    5       2       size of the header
    7       4       size of the data behind, if the flag 8000 hex is set or it is a file

A file's block, type 74 hex, and that of a service, type 7A hex:

    7       4       packed size
    11      4       size
    16      4       CRC-32
    24      1       version that is needed, times ten
    25      1       method; 30 hex: stored
    26      2       length of the name
    32      8       high halves of packed size and size, if the flag 100 hex is set
                    then the name
"""

from collections.abc import Iterator
from dataclasses import dataclass
from zlib import crc32

from clearward.core.reader import Reader

FIRST = 7  # offset of the first block
ARCHIVE, FILE, SERVICE, END = 0x73, 0x74, 0x7A, 0x7B  # types
TYPES = range(0x72, END + 1)
SMALLEST, FILE_HEADER, FILE_HEADER_LARGE = 7, 32, 40
USUAL = 128  # bytes that hold most headers
VOLUME, SOLID_ARCHIVE, LOCKED_HEADERS = 1, 8, 0x80  # flags of the archive's block
BEFORE, AFTER, LOCKED, COMMENT, SOLID = 1, 2, 4, 8, 0x10  # flags of a file's block
LARGE, SALTED, DATA = 0x100, 0x400, 0x8000
FOLDER = 0xE0
STORED = 0x30
SECOND, THIRD = 20, 29  # versions that pack in another way


@dataclass(frozen=True, slots=True)
class Block:
    """A block.

    Attributes:
        header: its header, as far as it is there; at least `SMALLEST` bytes.
        place: where it begins, in bytes.
    """

    header: bytes
    place: int = 0

    @property
    def kind(self) -> int:
        """Its type."""
        return self.header[2]

    @property
    def flags(self) -> int:
        """Its flags."""
        return self._number(3, 2)

    @property
    def size(self) -> int:
        """Bytes of the header."""
        return max(self._number(5, 2), SMALLEST)

    @property
    def data(self) -> int:
        """Bytes of the data behind."""
        header = self.header
        flags = header[3] | header[4] << 8
        is_file = header[2] in (FILE, SERVICE)
        if not is_file and not flags & DATA:
            return 0
        data = int.from_bytes(header[7:11], "little")
        if is_file and flags & LARGE:
            data += int.from_bytes(header[32:36], "little") << 32
        return data

    @property
    def start(self) -> int:
        """Where the data begin, in bytes."""
        return self.place + self.size

    @property
    def is_file(self) -> bool:
        """A file or a service, with the fields of a file."""
        return self.kind in (FILE, SERVICE)

    @property
    def is_large(self) -> bool:
        """Sizes have high halves."""
        return self.is_file and bool(self.flags & LARGE)

    @property
    def is_folder(self) -> bool:
        """A folder; it has no content."""
        return self.flags & FOLDER == FOLDER

    @property
    def is_packed(self) -> bool:
        """A file with content that is not stored."""
        return self.kind == FILE and self.method != STORED and bool(self.unpacked)

    @property
    def unpacked(self) -> int:
        """Bytes of a file's content."""
        return self._number(11, 4) + (self._number(36, 4) << 32 if self.is_large else 0)

    @property
    def crc(self) -> int:
        """CRC-32 of a file's content."""
        return self._number(16, 4)

    @property
    def version(self) -> int:
        """What a file needs, such as 29."""
        return self._number(24, 1)

    @property
    def method(self) -> int:
        """How a file is packed."""
        return self._number(25, 1)

    @property
    def name_end(self) -> int:
        """Where the name ends, in bytes from the front of the header."""
        front = FILE_HEADER_LARGE if self.is_large else FILE_HEADER
        return front + self._number(26, 2)

    @property
    def name(self) -> bytes:
        """The name of a file, as it is stored."""
        front = FILE_HEADER_LARGE if self.is_large else FILE_HEADER
        return self.header[front : self.name_end]

    def content(self, archive: Reader) -> Reader:
        """Return the data behind, as far as they are there."""
        there = min(self.start, archive.size)
        return archive.slice(there, min(self.data, archive.size - there))

    def _number(self, offset: int, size: int) -> int:
        return int.from_bytes(self.header[offset : offset + size], "little")


def block_at(archive: Reader, place: int) -> Block | None:
    """Return the block at a place, None if there is no room for one."""
    head = archive.at(place, USUAL)
    size = max(int.from_bytes(head[5:7], "little"), SMALLEST)
    header = head[:size] if size <= USUAL else archive.at(place, size)
    return Block(header, place) if len(header) >= SMALLEST else None


def blocks(archive: Reader) -> Iterator[Block]:
    """Yield the blocks up to the end, or to one of a type that is none."""
    place = FIRST
    while (block := block_at(archive, place)) is not None:
        if block.kind not in TYPES or block.kind == END:
            return
        yield block
        place = block.start + block.data


def changed(header: bytes, flags: int) -> bytes:
    """Return a header with other flags, its size and its CRC set right."""
    body = header[2:3] + flags.to_bytes(2, "little")
    body += len(header).to_bytes(2, "little") + header[7:]
    return (crc32(body) & 0xFFFF).to_bytes(2, "little") + body
