"""Say which block of UPX belongs where in the program that was packed.

    headers | segment | ... | segment        blocks of the first chain, in this order
            |         |     |         | end  what lies between: blocks of a second chain

A segment that is larger than a block is cut into several. Of a library the first
segment and those that are written to are not packed but lie in the packed library as
they were, at the same addresses. The second chain stands behind the code that unpacks,
of which nothing says how long it is; the chain is known by the sizes of what lies
between the segments.

Sources: System V ABI, chapter 5; Apple, "OS X ABI Mach-O File Format Reference"; what
upx 4.2 writes.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from struct import Struct

from clearward.core.limits import MIB
from clearward.core.reader import Reader
from clearward.formats.programs.upx import MOST, Block, chain

ELF = b"\x7fELF"
CLASS = 4
MOST_SEGMENTS = 1024
LOAD = 1
ELF_HEADERS = {1: "28xI10xHH", 2: "32xQ14xHH"}  # place, size and count of segments
ELF_SEGMENTS = {1: "IIIxxxxI12x", 2: "I4xQQ8xQ16x"}  # type, offset, address, size
MACHO_WIDE = (b"\xcf\xfa\xed\xfe", b"\xfe\xed\xfa\xcf")
MACHO_COMMANDS = {False: 28, True: 32}
MACHO_COUNT = 16
MACHO_SEGMENT = {False: (1, "24xI4xII"), True: (0x19, "24xQ8xQQ")}
TOTAL = 8  # bytes in front of the first block: size of the whole
REGION = 1 * MIB  # behind the first chain, that a second one may begin in
MOST_RUNS = 64
MOST_SKIPPED = 2  # segments in front that are not packed
METHOD = 8  # place of the method in a b_info


@dataclass(frozen=True, slots=True)
class Segment:
    """Bytes of a program that are loaded to an address."""

    offset: int
    size: int
    address: int = 0


@dataclass(frozen=True, slots=True)
class Piece:
    """A place in the program, and what is there.

    Attributes:
        offset: the place.
        block: whose content is there; None if it was not packed.
        stored: where it lies in the packed program then.
    """

    offset: int
    block: Block | None
    stored: Segment = Segment(0, 0)


def segments(data: bytes, order: str) -> list[Segment]:
    """Return what the headers of a program say is loaded, in their order."""
    table = _elf(data, order) if data.startswith(ELF) else _macho(data, order)
    return [each for each in table if each.size]


def _elf(data: bytes, order: str) -> Iterator[Segment]:
    kind = data[CLASS] if len(data) > CLASS else 0
    if kind not in ELF_HEADERS:
        return
    header, segment = (
        Struct(order + ELF_HEADERS[kind]),
        Struct(order + ELF_SEGMENTS[kind]),
    )
    if len(data) < header.size:
        return
    place, size, count = header.unpack_from(data)
    if size != segment.size:
        return
    for number in range(min(count, MOST_SEGMENTS)):
        row = data[place + number * size : place + (number + 1) * size]
        if len(row) < size:
            return
        type, offset, address, length = segment.unpack(row)
        if type == LOAD:
            yield Segment(offset, length, address)


def _macho(data: bytes, order: str) -> Iterator[Segment]:
    wide = data[:4] in MACHO_WIDE
    wanted, fields = MACHO_SEGMENT[wide]
    head, segment = Struct(order + "II"), Struct(order + fields)
    place = MACHO_COMMANDS[wide]
    count = int.from_bytes(
        data[MACHO_COUNT : MACHO_COUNT + 4], "big" if order == ">" else "little"
    )
    for _ in range(min(count, MOST_SEGMENTS)):
        if place + segment.size > len(data):
            return
        kind, length = head.unpack_from(data, place)
        if kind == wanted:
            address, offset, size = segment.unpack_from(data, place)
            yield Segment(offset, size, address)
        place += max(length, head.size)


def pieces(
    reader: Reader, blocks: Sequence[Block], headers: bytes, order: str
) -> list[Piece]:
    """Return what is known of the program, by its offset.

    Args:
        reader: the packed program.
        blocks: its first chain.
        headers: what the first of them unpacks to.
        order: byte order.
    """
    size = blocks[0].size
    wanted = _behind(segments(headers, order), size)
    for skipped in range(min(len(wanted), MOST_SKIPPED + 1)):
        filled = _fill(wanted[skipped:], blocks[1:])
        if filled is None or not filled[0]:
            continue
        placed, rest = filled
        behind = blocks[len(placed)].end
        own = _own(reader, [*wanted[:skipped], *rest], order)
        found = [Piece(0, blocks[0]), *placed, *own]
        found += _between(reader, blocks[0], behind, wanted, order)
        return sorted(found, key=lambda it: it.offset)
    return _joined(blocks)


def _behind(all_of_them: Sequence[Segment], size: int) -> list[Segment]:
    """Return segments without the headers, which are a block of their own."""
    cut = []
    for each in all_of_them:
        less = min(max(size - each.offset, 0), each.size)
        if each.size > less:
            start = each.offset + less
            cut.append(Segment(start, each.size - less, each.address + less))
    return cut


def _joined(blocks: Sequence[Block]) -> list[Piece]:
    """Return all blocks one behind the other."""
    found = []
    offset = 0
    for each in blocks:
        found.append(Piece(offset, each))
        offset += each.size
    return found


def _fill(
    places: Sequence[Segment], blocks: Sequence[Block]
) -> tuple[list[Piece], Sequence[Segment]] | None:
    """Put blocks into places in turn, as many as there are of both.

    Returns:
        where each block belongs, and the places left; None if one does not fit.
    """
    found: list[Piece] = []
    for number, place in enumerate(places):
        done = 0
        while done < place.size:
            each = blocks[len(found)] if len(found) < len(blocks) else None
            if each is None or each.size > place.size - done:
                return None if done else (found, places[number:])
            found.append(Piece(place.offset + done, each))
            done += each.size
    return found, ()


def _own(reader: Reader, wanted: Sequence[Segment], order: str) -> Iterator[Piece]:
    """Yield segments that the packed program has as they were, at their addresses."""
    own = segments(reader.at(0, REGION), order)
    for each in wanted:
        for there in own:
            behind = each.address - there.address
            if 0 <= behind <= there.size - each.size:
                stored = Segment(there.offset + behind, each.size)
                yield Piece(each.offset, None, stored)
                break


def _between(
    reader: Reader, first: Block, behind: int, wanted: Sequence[Segment], order: str
) -> list[Piece]:
    """Return what lies between segments, and behind them.

    Args:
        reader: the packed program.
        first: its first block.
        behind: where its first chain ends.
        wanted: the segments.
        order: byte order.
    """
    holes = []
    end = first.size
    for each in sorted(wanted, key=lambda it: it.offset):
        if each.offset > end:
            holes.append(Segment(end, each.offset - end))
        end = max(end, each.offset + each.size)
    (total,) = Struct(order + "I").unpack(reader.at(first.place - TOTAL, 4) or bytes(4))
    known = end <= total <= end + MOST
    for run in reversed(list(_runs(reader, behind, first.method, order))):
        missing = sum(it.size for it in run) - sum(it.size for it in holes)
        tail = total - end if known else max(missing, 0)
        filled = _fill([*holes, Segment(end, tail)], run)
        if filled is not None and len(filled[0]) == len(run) and not filled[1]:
            return filled[0]
    return []


def _runs(reader: Reader, start: int, method: int, order: str) -> Iterator[list[Block]]:
    """Yield chains that begin with a block of the same method, and no filter."""
    region = reader.at(start, REGION)
    begins = re.compile(re.escape(bytes([method])) + b"\0\0\0")
    place = METHOD
    for _ in range(MOST_RUNS):
        found = begins.search(region, place)
        if found is None:
            return
        run = list(chain(reader, start + found.start() - METHOD, order))
        if run:
            yield run[1:]  # of which the first may be the code that unpacks
            yield run
        place = max(run[-1].end - start + METHOD if run else 0, found.start() + 1)
