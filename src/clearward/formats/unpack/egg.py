"""Unpack EGG archives, the second format of ALZip.

Layout, numbers little-endian (ESTsoft, EGG Specification 1.0):

    "EGGA", version (2), number (4), reserved (4), extra fields
    0A8590E3  file: number (4), size (8), extra fields
    02B50C13  block: method (1), hint (1), size (4), packed size (4), CRC-32 (4), extra
              fields, content; it belongs to the file before it
    04C63672  comment, an extra field without others
    08E28222  ends extra fields, and the archive

Extra fields: magic (4), flags (1), size (2; 4 with flag 1), content. 0A8591AC is a
name, 08D1470F encryption, 24F5A262 says that the archive has other parts, 24E5A060 that
all files are one stream.

Methods: 0 stored, 1 deflate, 2 bzip2, 3 AZO (not read here), 4 LZMA.
"""

import lzma
from collections.abc import Generator, Iterator
from functools import partial
from struct import Struct

from clearward.core.errors import Malformed, Truncated
from clearward.core.part import Gap, Item, Part
from clearward.core.reader import Reader, Stream
from clearward.core.reasons import Reason
from clearward.formats.lz import packed
from clearward.formats.lz.declared import Declared
from clearward.formats.zip.methods import LZMA_HEADER, METHODS, TooLarge

NAME = "egg"
START = 14
FILE = 0x0A8590E3
FILE_FIELDS = 12
BLOCK = 0x02B50C13
BLOCK_FIELDS = Struct("<BBIII")
COMMENT = 0x04C63672
END = 0x08E28222
FILE_NAME = 0x0A8591AC
ENCRYPTION = 0x08D1470F
SPLIT = 0x24F5A262
EXTRA = Struct("<IB")
WIDE = 1
STORED, DEFLATE, BZIP2, AZO, LZMA = range(5)
LZMA_METHOD = 14  # of zip: the same header
NAME_MOST = 4096


class _Extra:
    """Extra fields that stand together.

    Attributes:
        offset: where they end.
        name: of a file, if they hold one.
        locked: they hold one about encryption.
        split: they say that there are other parts.
    """

    def __init__(self, reader: Reader, offset: int) -> None:
        self.offset = offset
        self.name = b""
        self.locked = False
        self.split = False
        while self._field(reader):
            pass

    def _field(self, reader: Reader) -> bool:
        """Read one; return False behind the last."""
        magic = _number(reader, self.offset, 4)
        if magic == END:
            self.offset += 4
            return False
        width = 4 if _number(reader, self.offset + 4, 1) & WIDE else 2
        place = self.offset + EXTRA.size
        size = _number(reader, place, width)
        place += width
        if magic == FILE_NAME:
            self.name = reader.at(place, min(size, NAME_MOST))
        self.locked |= magic == ENCRYPTION
        self.split |= magic == SPLIT
        self.offset = place + size
        return True


def _number(reader: Reader, offset: int, size: int) -> int:
    data = reader.at(offset, size)
    if len(data) < size:
        raise Truncated(NAME, min(offset, reader.size), "record")
    return int.from_bytes(data, "little")


def unpack(reader: Reader) -> Iterator[Item]:
    """Yield each block of each file in archive order.

    Raises:
        Malformed: what follows is no record. The blocks before it have been yielded.
        Truncated: the archive ends early.
    """
    extra = _Extra(reader, START)
    if extra.split:
        yield Gap(Reason.TRUNCATED)
    offset = extra.offset
    while (magic := _number(reader, offset, 4)) != END:
        if magic == FILE:
            extra = _Extra(reader, offset + 4 + FILE_FIELDS)
            offset = extra.offset
        elif magic == BLOCK:
            offset = yield from _block(reader, offset + 4, extra)
        elif magic == COMMENT:
            width = 4 if _number(reader, offset + 4, 1) & WIDE else 2
            size = _number(reader, offset + EXTRA.size, width)
            offset += EXTRA.size + width + size
        else:
            raise Malformed(NAME, offset, "record")


def _block(reader: Reader, offset: int, file: _Extra) -> Generator[Item, None, int]:
    fields = reader.at(offset, BLOCK_FIELDS.size)
    if len(fields) < BLOCK_FIELDS.size:
        raise Truncated(NAME, offset, "block")
    size: int
    length: int
    method, _, size, length, crc = BLOCK_FIELDS.unpack(fields)
    start = _Extra(reader, offset + BLOCK_FIELDS.size).offset
    if start > reader.size:
        raise Truncated(NAME, offset, "block")
    content = reader.slice(start, min(length, reader.size - start))
    if file.locked:
        yield Gap(Reason.ENCRYPTED, file.name)
    else:
        try:
            chunks = _chunks(content, method, size)
        except TooLarge:
            yield Gap(Reason.MEMORY_LIMIT, file.name)
        except ValueError:
            yield Gap(Reason.UNSUPPORTED, file.name)
        else:
            checked = Declared(NAME, start, size, crc).hold(chunks)
            yield Part(Stream(checked), file.name, content.size)
    if start + length > reader.size:
        raise Truncated(NAME, reader.size, "content")
    return start + length


def _chunks(content: Reader, method: int, size: int) -> Iterator[bytes]:
    """Return an iterator over the content of a block.

    Raises:
        TooLarge: the dictionary is larger than may be allocated.
        ValueError: the method is not read here.
    """
    if method == STORED:
        return content.chunks()
    if method == DEFLATE:
        return packed.unpacked(NAME, content, packed.deflate)
    if method == BZIP2:
        return packed.unpacked(NAME, content, packed.bzip2)
    if method != LZMA:
        raise ValueError("a method that is not read")
    begin = partial(METHODS[LZMA_METHOD].make, content.at(0, LZMA_HEADER), size)
    begin()
    skipped = min(LZMA_HEADER, content.size)
    rest = content.slice(skipped, content.size - skipped)
    return packed.unpacked(NAME, rest, begin, (*packed.ERRORS, lzma.LZMAError))
