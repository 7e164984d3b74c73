"""Unpack ARC archives.

Layout, numbers little-endian (T. Henderson's ARC 5 and 6, as file(1) knows them): for
each member 1A, method (1; 0 ends the archive), name with a zero behind it (13), packed
size (4), date (2), time (2), CRC-16 (2), size (4, not with method 1), content. Spark
sets the high bit of methods and adds 12 bytes of RISC OS's fields.

Methods: 1 and 2 stored; 3 with runs (a byte, 90, a count; 90 00 is 90 itself); 8 LZW of
at most 12 bits over runs, behind a byte that says so; 9 LZW of 13 bits. Others are not
read here: 4 Huffman codes, 5 to 7 older LZW, 10 and 11 of PAK.
"""

from collections.abc import Generator, Iterator
from struct import Struct

from clearward.core.errors import Malformed, Truncated
from clearward.core.part import Gap, Item, Member, Part
from clearward.core.reader import Reader, Stream
from clearward.core.reasons import Reason
from clearward.formats.lz import lzw
from clearward.formats.lz.crc16 import crc16
from clearward.formats.lz.declared import Declared
from clearward.formats.lz.runs import without_runs

NAME = "arc"
HEADER = Struct("<BB13sIIHI")
MARK = 0x1A
RISC_OS = 0x80
RISC_OS_FIELDS = 12
OLD, STORED, RUNS, CRUNCHED, SQUASHED = 1, 2, 3, 8, 9
OLD_SIZE = 25
CRUNCHED_BITS = 12
SQUASHED_BITS = 13


def unpack(reader: Reader) -> Iterator[Item]:
    """Yield the content of each member in archive order.

    Raises:
        Malformed: what follows is no header. The members before it were yielded.
        Truncated: the archive ends early; the same.
    """
    offset = position = 0
    while (start := reader.at(offset, 2)) != bytes((MARK, 0)):
        if len(start) < len(b"\x1a\0"):
            raise Truncated(NAME, min(offset, reader.size), "header")
        if start[0] != MARK:
            raise Malformed(NAME, offset, "header")
        position += 1
        offset = yield from _member(reader, offset, position)


def _member(reader: Reader, offset: int, position: int) -> Generator[Item, None, int]:
    data = reader.at(offset, HEADER.size)
    if len(data) < OLD_SIZE:
        raise Truncated(NAME, offset, "header")
    _, method, name, packed, _, crc, size = HEADER.unpack(data.ljust(HEADER.size))
    length = HEADER.size
    if method & ~RISC_OS == OLD:
        size, length = packed, OLD_SIZE
    start = offset + length + RISC_OS_FIELDS * bool(method & RISC_OS)
    there = min(start, reader.size)
    content = reader.slice(there, min(packed, reader.size - there))
    said = Member(position, packed, size, start=offset)
    name = name.partition(b"\0")[0]
    chunks = _chunks(content, method & ~RISC_OS)
    if chunks is None:
        yield Gap(Reason.UNSUPPORTED, name, said)
    else:
        checked = Declared(NAME, there, size, crc).hold(chunks, crc16)
        yield Part(Stream(checked), name, content.size, said)
    if start + packed > reader.size:
        raise Truncated(NAME, reader.size, "content")
    end: int = start + packed
    return end


def _chunks(content: Reader, method: int) -> Iterator[bytes] | None:
    if method in (OLD, STORED):
        return content.chunks()
    if method == RUNS:
        return without_runs(content.chunks())
    if method == CRUNCHED and content.at(0, 1) == bytes((CRUNCHED_BITS,)):
        kind = lzw.Kind(CRUNCHED_BITS, groups=True)
        behind = content.slice(1, content.size - 1)
        return without_runs(lzw.expand(behind, NAME, kind))
    if method == SQUASHED:
        return lzw.expand(content, NAME, lzw.Kind(SQUASHED_BITS, groups=True))
    return None
