"""Unpack lzip files: one or more members, joined as `lzip -d` joins them.

Layout of a member, numbers little-endian (lzip manual, file format):

    offset  length  field
    0       4       magic, "LZIP"
    4       1       version, 1; 0 in old files
    5       1       dictionary: the low 5 bits are the power of two, from it that many
                    sixteenths are taken as the high 3 bits say
    6               LZMA stream with an end mark; lc 3, lp 0, pb 2
    -20     4       CRC-32 of the content
    -16     8       size of the content
    -8      8       size of the member; left out in version 0

A dictionary of more than 64 MiB is decoded with 64 MiB, which is exact unless the data
reach back farther.
"""

import lzma
from collections.abc import Iterator

from zlib_ng.zlib_ng import crc32

from clearward.core.errors import Malformed
from clearward.core.limits import MIB
from clearward.core.part import Item, Part
from clearward.core.reader import Cursor, Reader, Stream
from clearward.formats.decompressor import Decompressor, Narrowed
from clearward.formats.inflate import Frames

NAME = "lzip"
MAGIC = b"LZIP"
HEADER_SIZE = 6
TRAILER_SIZE = 20
TRAILER_SIZE_0 = 12  # of version 0
SMALLEST, LARGEST = 12, 29  # powers of two
MOST = 64 * MIB
MEMORY = 65 * MIB  # the dictionary and what stands around it


def unpack(source: Reader) -> Iterator[Item]:
    """Yield the content, then whatever lies behind it.

    Raises:
        Undecoded: memory-limit, a dictionary above 64 MiB that is used.
        Malformed: a member or its checksum is wrong.
        Truncated: the last member has no end.
    """
    if _begin(source.at(0, HEADER_SIZE)) is None:
        raise Malformed(NAME, 0, "header")
    members = Frames(NAME, Cursor(source), _begin, errors=(lzma.LZMAError,))
    yield Part(Stream(iter(members)))
    tail = members.tail()
    if tail is not None:
        yield Part(tail, name=b"trailing")


def _begin(head: bytes) -> Decompressor | None:
    if not head.startswith((MAGIC + b"\0", MAGIC + b"\1")) or len(head) < HEADER_SIZE:
        return None
    power = head[5] & 31
    if not SMALLEST <= power <= LARGEST:
        return None
    size = (1 << power) - (1 << power >> 4) * (head[5] >> 5)
    alone = b"\x5d" + min(size, MOST).to_bytes(4, "little") + b"\xff" * 8
    errors = (lzma.LZMAError,) if size > MOST else ()
    inner = lzma.LZMADecompressor(lzma.FORMAT_ALONE, MEMORY)
    stream = Narrowed(inner, HEADER_SIZE, alone, errors=errors)
    return _Member(stream, TRAILER_SIZE if head[4] else TRAILER_SIZE_0)


class _Member:
    """A member as a decompressor: what its trailer says is checked."""

    def __init__(self, stream: Decompressor, trailer: int) -> None:
        self._stream = stream
        self._trailer = trailer
        self._behind: bytes | None = None  # the stream's end, once it was reached
        self._check = 0
        self.eof = False
        self.unused_data = b""

    @property
    def needs_input(self) -> bool:
        """No more output without more input."""
        if self._behind is not None:
            return len(self._behind) < self._trailer
        return self._stream.needs_input

    def decompress(self, data: bytes, max_length: int) -> bytes:
        """Take input, give at most `max_length` bytes of output.

        Raises:
            lzma.LZMAError: damage, or a checksum that is wrong.
        """
        if self._behind is None:
            output = self._stream.decompress(data, max_length)
            self._check = crc32(output, self._check)
            if self._stream.eof:
                self._behind = self._stream.unused_data
            if output or self._behind is None:
                # A wrong checksum must not hide the last piece.
                return output
            data = b""
        self._behind += data
        if len(self._behind) >= self._trailer:
            if int.from_bytes(self._behind[:4], "little") != self._check:
                raise lzma.LZMAError("checksum")
            self.unused_data = self._behind[self._trailer :]
            self.eof = True
        return b""
