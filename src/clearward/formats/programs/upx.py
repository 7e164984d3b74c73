"""Find the blocks that UPX packs a program of Unix into, and say whether there are any.

    headers of the program that unpacks
    l_info          checksum 4, "UPX!", size of the loader 2, version 1, format 1
    p_info          0, size of the file 4, size of a block 4
    b_info          size 4, packed size 4, method 1, filter 1, its parameter 1,
                    0, or of Mach-O the number of the segment
    packed bytes
    b_info ...      behind the last block lies code; then may come another such chain

Numbers are in the byte order of the program. The first block unpacks to its headers,
the others to its segments, and those of the second chain to what lies between these.

Whoever wants to hide from an unpacker writes over l_info and p_info, which the program
itself does not read. So the first block is known by itself: what it unpacks to begins
as the program around it does, and what every method makes of these bytes is known.

Source: the structures l_info, p_info and b_info as descriptions of UPX have them; what
upx 4.2 writes.
"""

import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from struct import Struct

from clearward.core.limits import GIB, KIB, MIB
from clearward.core.reader import Reader

MARK = b"UPX!"
ELF = b"\x7fELF"
MAGICS = {  # and the byte order of a program that starts so; of ELF, a byte says it
    ELF: "",
    b"\xcf\xfa\xed\xfe": "<",
    b"\xce\xfa\xed\xfe": "<",
    b"\xfe\xed\xfa\xcf": ">",
    b"\xfe\xed\xfa\xce": ">",
}
ELF_CLASS, ELF_ORDER = 4, 5
SECTIONS = {b"\1": (32, 4), b"\2": (40, 8)}  # place and size of the table's place
BLOCK = "IIBBBB"
BLOCK_SIZE = 12
METHOD_PLACE = 8
LZMA_METHOD = b"\x0e\0\0\0"  # and no filter
LZMA_BYTES = 6  # from there to the range coder's: two properties stand between
BEHIND_MARK = 20  # from the mark to the first block
STORED, LZMA, DEFLATE = 0, 14, 15
NRV = {  # letter and unit of each method
    2: ("b", 4),
    3: ("b", 1),
    4: ("b", 2),
    5: ("d", 4),
    6: ("d", 1),
    7: ("d", 2),
    8: ("e", 4),
    9: ("e", 1),
    10: ("e", 2),
}
METHODS = frozenset({STORED, LZMA, DEFLATE, *NRV})
MOST = GIB  # bytes of one block
LEAST_HEADERS, MOST_HEADERS = 28, 64 * KIB
UNITS = (4, 1, 2, 0)  # bytes in front of a first byte that stands as it is; 0: stored
TRIES = 64
MOST_EXTRA = 63  # what stands in the last byte for Mach-O: a number of the segment
FOUR_BYTES = 0b1111  # the first bits of NRV: so many follow, as they are
NEAR = 4 * KIB  # of a program with sections, which is searched
END = 256  # bytes at the end of a program that a mark may stand in
SEARCHED = 4 * MIB  # of a program with such a mark


@dataclass(frozen=True, slots=True)
class Block:
    """What a b_info says.

    Attributes:
        place: of its b_info.
        size: bytes of its content.
        packed: bytes it takes.
        method: of compression.
        filter: what was done to the content before.
        parameter: of that.
    """

    place: int
    size: int
    packed: int
    method: int
    filter: int
    parameter: int

    @property
    def start(self) -> int:
        """Place of its first packed byte."""
        return self.place + BLOCK_SIZE

    @property
    def end(self) -> int:
        """Place behind its last packed byte."""
        return self.start + self.packed


def order(head: bytes) -> str:
    """Return the byte order of a program, as `struct` has it."""
    known = MAGICS.get(head[:4], "<")
    return known or (">" if head[ELF_ORDER : ELF_ORDER + 1] == b"\x02" else "<")


def block(reader: Reader, place: int, order: str) -> Block | None:
    """Return the block at a place, None if there is none."""
    data = reader.at(place, BLOCK_SIZE)
    if len(data) < BLOCK_SIZE:
        return None
    size, packed, method, filter, parameter, extra = Struct(order + BLOCK).unpack(data)
    if method not in METHODS or extra > MOST_EXTRA or not 0 < packed <= size <= MOST:
        return None
    if packed > reader.size - place - BLOCK_SIZE:
        return None
    if method == STORED and packed != size:
        return None
    return Block(place, size, packed, method, filter, parameter)


def chain(reader: Reader, place: int, order: str) -> Iterator[Block]:
    """Yield the blocks that follow each other from a place on."""
    while (found := block(reader, place, order)) is not None:
        yield found
        place = found.end


def looks_packed(head: bytes, reader: Reader) -> bool:
    """Say whether a program of Unix was packed by UPX."""
    return first(head, reader) is not None


def first(head: bytes, reader: Reader) -> Block | None:
    """Return the block that holds a program's headers, None if there is none.

    Args:
        head: the front of the program.
        reader: all of it.
    """
    if head[:4] not in MAGICS:
        return None
    found = _first(head[:NEAR] if _has_sections(head) else head, reader)
    if found is None and MARK in reader.at(max(reader.size - END, 0), END):
        found = _first(reader.at(0, SEARCHED), reader)
    return found


def _has_sections(head: bytes) -> bool:
    """Say whether a program of ELF has a table of sections, as few packed ones do."""
    if not head.startswith(ELF):
        return False
    place, size = SECTIONS.get(head[ELF_CLASS : ELF_CLASS + 1], (0, 0))
    return any(head[place : place + size])


def _first(front: bytes, reader: Reader) -> Block | None:
    magic = front[:4]
    for place in _places(front, magic):
        found = block(reader, place, order(front)) if place > 0 else None
        if found is not None and LEAST_HEADERS <= found.size <= MOST_HEADERS:
            start = reader.at(found.start, min(found.packed, 64))
            if not found.filter and _begins(found, start, magic):
                return found
    return None


def _places(front: bytes, magic: bytes) -> Iterator[int]:
    """Yield where the first block may be."""
    found = 0
    for _ in range(TRIES):
        found = front.find(magic, found + 1)
        if found < 0:
            break
        yield from (found - unit - BLOCK_SIZE for unit in UNITS)
    yield from _as_lzma(front, magic[0])
    found = -1
    for _ in range(TRIES):
        found = front.find(MARK, found + 1)
        if found < 0:
            break
        yield found + BEHIND_MARK


def _as_lzma(front: bytes, first: int) -> Iterator[int]:
    """Yield where a block may be that LZMA packed and that begins with a byte."""
    begins = bytes((0, first >> 1))
    found = -1
    while (found := front.find(LZMA_METHOD, found + 1)) >= 0:
        if front.startswith(begins, found + LZMA_BYTES):
            yield found - METHOD_PLACE


def _begins(found: Block, packed: bytes, magic: bytes) -> bool:
    """Say whether a block unpacks to something that begins with a magic."""
    if found.packed == found.size:
        return packed.startswith(magic)
    if found.method == LZMA:
        # The range coder's first byte is 0. Then each bit halves the range: the
        # first, 0, says that a byte follows, and its bits are next.
        return packed[2:4] == bytes((0, magic[0] >> 1))
    if found.method == DEFLATE:
        try:
            return zlib.decompressobj(-15).decompress(packed, 4) == magic
        except zlib.error:
            return False
    _, unit = NRV[found.method]
    value = int.from_bytes(packed[:unit], "little")
    return value >> (8 * unit - 4) == FOUR_BYTES and packed.startswith(magic, unit)
