"""Unpack what lzop packed.

Layout, numbers big-endian (the manual of lzop, and file(1)):

    0     9      magic
    9     2, 2   version, that of the library; from 0940 hex on that which is needed (2)
          1      method: 1 to 3 are LZO1X; from version 0940 on level (1)
          4      flags: 1 and 2 an Adler-32 of each block, plain and packed; 100 and 200
                 a CRC-32 likewise; 40 an extra field; 800 a filter (4) follows
          4, 4   mode, time; from version 0940 on its high half (4)
          1      length of the name, name, checksum (4)
                 the extra field: length (4), data, checksum (4)
    then blocks: size (4; 0 ends the file), packed size (4), sums of the plain data, and
    those of the packed data if the block is packed, that is if it is smaller so
"""

import zlib
from collections.abc import Iterator

from clearward.core.errors import Malformed, Truncated
from clearward.core.limits import MIB
from clearward.core.part import Gap, Item, Part
from clearward.core.reader import CHUNK, Cursor, Reader, Stream
from clearward.core.reasons import Reason
from clearward.formats.decompressor import Undecoded
from clearward.formats.lz import lzo

NAME = "lzop"
MAGIC_SIZE = 9
NEWER = 0x0940
METHODS = (1, 2, 3)
ADLER, ADLER_PACKED, EXTRA, CRC, CRC_PACKED, FILTER = 1, 2, 0x40, 0x100, 0x200, 0x800
MOST_BLOCK = 64 * MIB  # lzop's own bound


def unpack(file: Reader) -> Iterator[Item]:
    """Yield the content.

    Raises:
        Truncated: the header is not all there.
    """
    if file.size < MAGIC_SIZE:
        raise Truncated(NAME, file.size, "header")
    source = Cursor(file, MAGIC_SIZE)
    version = _number(source, 2)
    _number(source, 4 if version >= NEWER else 2)
    method = _number(source, 1)
    if version >= NEWER:
        _number(source, 1)
    flags = _number(source, 4)
    for _ in range((3 if version >= NEWER else 2) + bool(flags & FILTER)):
        _number(source, 4)
    name = source.take(_number(source, 1))
    _number(source, 4)
    if flags & EXTRA:
        source.skip(_number(source, 4) + 4)
    if method not in METHODS or flags & FILTER:
        yield Gap(Reason.UNSUPPORTED, name)
        return
    yield Part(Stream(_blocks(source, flags)), name, packed=file.size)
    if source.offset < file.size:
        yield Part(file.slice(source.offset, file.size - source.offset), b"trailing")


def _number(source: Cursor, size: int) -> int:
    data = source.take(size)
    if len(data) < size:
        raise Truncated(NAME, source.offset, "header")
    return int.from_bytes(data)


def _blocks(source: Cursor, flags: int) -> Iterator[bytes]:
    """Yield the blocks.

    Raises:
        Malformed: one is damaged. Those before it were yielded.
        Truncated: the file ends early; the same.
    """
    while size := _number(source, 4):
        packed = _number(source, 4)
        if size > MOST_BLOCK or packed > size:
            raise Undecoded(NAME, source.offset, "block", Reason.MEMORY_LIMIT)
        adler = _number(source, 4) if flags & ADLER else None
        crc = _number(source, 4) if flags & CRC else None
        for flag in (ADLER_PACKED, CRC_PACKED):
            if flags & flag and packed < size:
                _number(source, 4)
        data = source.take(packed)
        plain = data if packed == size else lzo.block(data, NAME, size)
        for at in range(0, len(plain), CHUNK):
            yield plain[at : at + CHUNK]
        if len(plain) < size:
            raise Truncated(NAME, source.offset, "block")
        if adler not in (None, zlib.adler32(plain)) or crc not in (
            None,
            zlib.crc32(plain),
        ):
            raise Malformed(NAME, source.offset, "checksum")
