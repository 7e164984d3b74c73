"""Unpack the data of the Nullsoft Scriptable Install System.

First header, at a multiple of 512 bytes of a program, numbers little-endian:

    offset  length  field
    0       4       flags: 4 there is no CRC-32 behind the data
    4       16      EF BE AD DE "NullsoftInst"
    20      4       length of the header, unpacked
    24      4       length of all, from here to behind the CRC-32

Then blocks, of which the first is the header, the script in short. Each on its own: a
length, with its highest bit set if the block is packed, and the block. Or all in one
stream ("solid"): what it holds are lengths and blocks. Of the header's own layout see
`nsis_names`. How a block is packed is not said, see `packed`.

Source: NSIS, Source/exehead/fileform.h (zlib licence).
"""

from collections.abc import Iterator
from struct import Struct

from clearward.core.errors import Malformed, Truncated
from clearward.core.limits import MIB
from clearward.core.part import Gap, Item, Part
from clearward.core.reader import Reader, Stream
from clearward.core.reasons import Reason
from clearward.formats.installers.nsis_names import names
from clearward.formats.installers.packed import unpacked

NAME = "nsis"
MAGIC_PLACE = 4
FIRST = Struct("<I16xII")
WITHOUT_CRC = 4
CRC = 4
LENGTH = 4
PACKED = 1 << 31
MOST_HEADER = 16 * MIB
HEADER_NAME = b"[script]"


def unpack(data: Reader) -> Iterator[Item]:
    """Yield the header and the content of each file, in the order they are stored.

    Args:
        data: from the first header on.

    Raises:
        Malformed: a block is damaged. What came before has been yielded.
        Truncated: the data end too early.
    """
    head = data.at(0, FIRST.size)
    if len(head) < FIRST.size:
        raise Truncated(NAME, data.size, "first header")
    flags, size, total = FIRST.unpack(head)
    end = min(max(total, FIRST.size), data.size)
    if not flags & WITHOUT_CRC and total <= data.size:
        end = max(end - CRC, FIRST.size)
    content = data.slice(FIRST.size, end - FIRST.size)
    if size > MOST_HEADER:
        yield Gap(Reason.MEMORY_LIMIT)
        return
    header = _first_block(content, size)
    if header is not None:
        yield Part(Reader.of(header), HEADER_NAME)
        yield from _blocks(content, names(header))
    else:
        yield from _solid(content, size)
    if total > data.size:
        raise Truncated(NAME, data.size, "length of all")


def _first_block(content: Reader, size: int) -> bytes | None:
    """Return the header if it is a block on its own, None if all is one stream."""
    length = _length(content, 0)
    if length is None:
        return None
    packed = length & ~PACKED
    if packed > content.size - LENGTH:
        return None
    block = content.slice(LENGTH, packed)
    if not length & PACKED:
        return block.at(0, size) if packed == size else None
    try:
        header = Stream(unpacked(block, NAME)).take(size + 1)
    except Malformed:
        return None
    return header if len(header) == size else None


def _length(content: Reader, offset: int) -> int | None:
    field = content.at(offset, LENGTH)
    return int.from_bytes(field, "little") if len(field) == LENGTH else None


def _blocks(content: Reader, named: dict[int, bytes]) -> Iterator[Item]:
    """Yield blocks that are packed on their own, the header left out."""
    offset = LENGTH + ((_length(content, 0) or 0) & ~PACKED)
    first = offset
    while (length := _length(content, offset)) is not None:
        packed = length & ~PACKED
        left = content.size - offset - LENGTH
        block = content.slice(offset + LENGTH, min(packed, left))
        name = named.get(offset - first, b"")
        if length & PACKED:
            yield Part(Stream(unpacked(block, NAME)), name, packed)
        elif packed:
            yield Part(block, name, packed)
        if packed > left:
            raise Truncated(NAME, content.size, "block")
        offset += LENGTH + packed


def _solid(content: Reader, size: int) -> Iterator[Item]:
    """Yield the blocks of one stream."""
    stream = Stream(unpacked(content, NAME))
    try:
        first = stream.take(LENGTH)
    except Malformed:
        first = b""
    if int.from_bytes(first, "little") != size or len(first) < LENGTH:
        yield Gap(Reason.UNSUPPORTED)
        return
    header = stream.take(size)
    yield Part(Reader.of(header), HEADER_NAME)
    named = names(header)
    offset = 0
    while len(field := stream.take(LENGTH)) == LENGTH:
        length = int.from_bytes(field, "little")
        name = named.get(offset, b"")
        if length:
            yield Part(stream.part(length), name, content.size)
        offset += LENGTH + length
        if stream.offset - LENGTH - size < offset:
            raise Truncated(NAME, content.size, "block")
