"""Unpack disk images of macOS: each partition as a part.

The last 512 bytes, numbers big-endian:

    offset  length  field
    0       4, 4    "koly", version 4
    24      8       where the data begin
    216     8, 8    place and length of a property list in XML

The list holds, in base64, a table for each partition:

    0       4       "mish"
    16      8       sectors of 512 bytes
    24      8       added to the places of chunks
    200     4       chunks, 40 bytes each: kind (4), note (4), first sector (8), sectors
                    (8), place (8), bytes (8)

Kinds: 0 and 2 zeros, 1 as it is, 80000005 zlib, 80000006 bzip2, 80000008 xz; 80000004,
ADC, and 80000007, LZFSE, are not read. 7FFFFFFE and FFFFFFFF are no chunks.

Source: as published by J. Levin, "Demystifying the DMG file format"; libarchive and
file(1) agree.
"""

import bz2
import lzma
import re
import zlib
from bisect import bisect_right
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from struct import Struct

from clearward.core.errors import Malformed, Truncated
from clearward.core.limits import MIB
from clearward.core.part import Gap, Item, Part
from clearward.core.reader import Reader
from clearward.core.reasons import Reason
from clearward.formats.normalise.dataurl import from_base64

NAME = "dmg"
MAGIC = b"koly"
TRAILER_SIZE = 512
SECTOR = 512
TRAILER = Struct(">24xQ184xQQ")
MOST_LIST = 64 * MIB
TABLE_MAGIC = b"mish"
TABLE = Struct(">4s12xQQ168xI")
CHUNK = Struct(">I4xQQQQ")
LARGEST_CHUNK = 32 * MIB
ZEROS, NOTES = (0, 2), (0x7FFFFFFE, 0xFFFFFFFF)
ERRORS = (zlib.error, OSError, lzma.LZMAError)

_DATA = re.compile(rb"<data>([^<]*+)")

Unpack = Callable[[bytes, int], bytes]
METHODS: dict[int, Unpack] = {
    1: lambda data, most: data[:most],
    0x80000005: lambda data, most: zlib.decompressobj().decompress(data, most),
    0x80000006: lambda data, most: bz2.BZ2Decompressor().decompress(data, most),
    0x80000008: lambda data, most: lzma.LZMADecompressor(
        lzma.FORMAT_XZ, 65 * MIB
    ).decompress(data, most),
}


@dataclass(frozen=True, slots=True)
class _Chunk:
    """Some sectors of a partition; all in bytes."""

    start: int
    size: int
    kind: int
    place: int
    packed: int


@dataclass(slots=True)
class _Partition:
    """The chunks of a partition, in order.

    Attributes:
        faults: what was said about chunks that could not be read.
    """

    file: Reader
    size: int
    chunks: list[_Chunk]
    faults: set[Reason] = field(default_factory=set)
    starts: list[int] = field(default_factory=list)
    last: int = -1
    held: bytes = b""

    def read(self, offset: int, wanted: int) -> bytes:
        """Return bytes of the partition; what cannot be read is zeros, and noted."""
        end = min(offset + wanted, self.size)
        pieces = []
        while offset < end:
            number = bisect_right(self.starts, offset) - 1
            chunk = self.chunks[number] if number >= 0 else None
            following = self.starts[number + 1 : number + 2] or [self.size]
            stop = min(end, max(following[0], offset + 1))
            data = b""
            if chunk is not None and chunk.kind not in ZEROS:
                skipped = offset - chunk.start
                data = self._data(number, chunk)[skipped : skipped + stop - offset]
            pieces.append(data.ljust(stop - offset, b"\0"))
            offset = stop
        return b"".join(pieces)

    def _data(self, number: int, chunk: _Chunk) -> bytes:
        if number != self.last:
            self.held = b""
            self.held, self.last = self._load(chunk), number
        return self.held

    def _load(self, chunk: _Chunk) -> bytes:
        method = METHODS.get(chunk.kind)
        if method is None:
            self.faults.add(Reason.UNSUPPORTED)
            return b""
        if max(chunk.size, chunk.packed) > LARGEST_CHUNK:
            self.faults.add(Reason.MEMORY_LIMIT)
            return b""
        packed = self.file.at(chunk.place, chunk.packed)
        try:
            data = method(packed, chunk.size)
        except ERRORS:
            self.faults.add(Reason.CORRUPT)
            return b""
        if len(packed) < chunk.packed:
            self.faults.add(Reason.TRUNCATED)
        elif len(data) < chunk.size:
            self.faults.add(Reason.CORRUPT)
        return data


def unpack(file: Reader) -> Iterator[Item]:
    """Yield each partition, and the property list.

    Raises:
        Malformed: there is no property list, or no table in it.
        Truncated: the end is missing.
    """
    place = file.size - TRAILER_SIZE
    trailer = file.at(place, TRAILER.size)
    if len(trailer) < TRAILER.size:
        raise Truncated(NAME, file.size, "trailer")
    base, start, length = TRAILER.unpack(trailer)
    if length > MOST_LIST:
        yield Gap(Reason.MEMORY_LIMIT)
        return
    properties = file.at(start, length)
    count = 0
    for found in _DATA.finditer(properties):
        table = from_base64(found[1])
        if table.startswith(TABLE_MAGIC) and len(table) >= TABLE.size:
            count += 1
            partition = _partition(file, table, base)
            content = Reader(partition.read, partition.size)
            yield Part(content, b"partition%d" % count)
            for reason in sorted(partition.faults, key=lambda each: each.word):
                yield Gap(reason, b"partition%d" % count)
    if not count or len(properties) < length:
        raise Malformed(NAME, place, "property list")


def _partition(file: Reader, table: bytes, base: int) -> _Partition:
    _, sectors, offset, count = TABLE.unpack_from(table)
    chunks = []
    most = (len(table) - TABLE.size) // CHUNK.size
    for number in range(min(count, most)):
        at = TABLE.size + number * CHUNK.size
        kind, first, several, place, packed = CHUNK.unpack_from(table, at)
        if kind not in NOTES and several:
            place += base + offset
            start, size = first * SECTOR, several * SECTOR
            chunks.append(_Chunk(start, size, kind, place, packed))
    chunks.sort(key=lambda each: each.start)
    partition = _Partition(file, sectors * SECTOR, chunks)
    partition.starts = [each.start for each in chunks]
    if count > most:
        partition.faults.add(Reason.TRUNCATED)
    ends = (each.start + each.size for each in chunks if each.kind not in ZEROS)
    if max(ends, default=0) > partition.size:
        partition.faults.add(Reason.CORRUPT)
    return partition
