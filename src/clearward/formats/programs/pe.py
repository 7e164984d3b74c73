"""Read the headers of Windows programs, PE32 and PE32+, as ClamAV reads them.

    offset  length  field, little-endian
    0       64      MS-DOS header; at 60 the place of the PE header
    place   24      "PE" 0 0, COFF header: sections at 6, size of the optional header at
                    20, characteristics at 22
            24..    optional header: magic 2, entry point at 16, alignment of sections
                    and of the file at 32, size of headers at 60, and at 92 (PE32+: 108)
                    the number of directories, each an address and a size
    then for each section 40 bytes:
            8       name
            8..24   size in memory, address, raw size, raw offset

Addresses count from where the program is loaded. Windows and ClamAV take a raw offset
down to a multiple of the file alignment, a raw size up, and an address down to a
multiple of the section alignment, whatever the header says.

Sources: Microsoft, "PE Format"; where it is silent, what clamscan 1.4.6 answered to
headers made for the question (see the tests).
"""

from bisect import bisect_right
from dataclasses import dataclass
from heapq import heappop, heappush
from itertools import pairwise
from struct import Struct
from typing import Any

from clearward.core.errors import Malformed, Truncated
from clearward.core.facts import Facts
from clearward.core.reader import Reader

NAME = "pe"
MAGIC = b"MZ"
DOS_SIZE = 64
PLACE = Struct("<60xI")
COFF = Struct("<4s2xH12xH2x")
SIGNATURE = b"PE\0\0"
OPTIONAL = Struct("<H14xI12xII20xI")  # magic, entry, alignments, size of headers
PLUS = 0x20B
LEAST_OPTIONAL = {False: 0x60, True: 0x70}  # with the number of directories
COUNT = Struct("<I")
DIRECTORY = Struct("<II")
MOST_DIRECTORIES = 16
SECTION = Struct("<8x4I16x")  # size in memory, address, raw size, raw offset
USUAL_ALIGNMENT = 0x200
SIGN = 0x80000000
WORD = 0xFFFFFFFF


@dataclass(frozen=True, slots=True)
class Section:
    """One section, as it is mapped.

    Attributes:
        address: where it is loaded, a multiple of the section alignment.
        start: file offset, a multiple of the file alignment. It may lie behind the end
            of the file; then the size is 0.
        size: bytes in the file, a multiple of the file alignment or up to the end.
    """

    address: int
    start: int
    size: int


class Addresses:
    """Which file offset an address has.

    Args:
        headers: bytes at the front of the file that are loaded at address 0.
        sections: where several hold an address, the last one counts.
        size: of the file.
    """

    def __init__(self, headers: int, sections: tuple[Section, ...], size: int) -> None:
        self._headers = headers
        self._size = size
        self._starts, self._owners = _owners(sections)
        self._sections = sections

    def offset(self, address: int) -> int | None:
        """Return the file offset, None if nothing of the file is loaded there."""
        if address < self._headers:
            return address if address < self._size else None
        place = bisect_right(self._starts, address) - 1
        if place < 0 or (owner := self._owners[place]) < 0:
            return None
        section = self._sections[owner]
        return section.start + address - section.address


@dataclass(frozen=True, slots=True)
class Program:
    """What the headers say.

    Attributes:
        plus: PE32+, with addresses of 64 bits.
        entry: file offset of the entry point.
        sections: in the order of the headers.
        directories: address and size of each, at most `MOST_DIRECTORIES`.
        addresses: what lies where.
        size: of the file.
    """

    plus: bool
    entry: int
    sections: tuple[Section, ...]
    directories: tuple[tuple[int, int], ...]
    addresses: Addresses
    size: int

    def directory(self, number: int) -> tuple[int, int]:
        """Return address and size of a directory, zeros if there is none."""
        listed = self.directories
        return listed[number] if number < len(listed) else (0, 0)


def read(reader: Reader) -> Program:
    """Read the headers.

    Raises:
        Malformed: ClamAV cannot make sense of them either.
    """
    place = _unpack(PLACE, reader, 0, "MS-DOS header")[0]
    signature, count, size = _unpack(COFF, reader, place, "COFF header")
    if signature != SIGNATURE:
        raise Malformed(NAME, place, "signature")
    if not count:
        raise Malformed(NAME, place + 6, "number of sections")
    start = place + COFF.size
    magic, entry, *alignments, headers = _unpack(
        OPTIONAL, reader, start, "optional header"
    )
    plus = magic == PLUS
    directories = _directories(reader, start, size, plus=plus)
    sections = _sections(reader, start + size, count, alignments)
    addresses = Addresses(_up(headers, alignments[0]), sections, reader.size)
    offset = addresses.offset(entry)
    if offset is None:
        raise Malformed(NAME, start + 16, "entry point")
    return Program(plus, offset, sections, directories, addresses, reader.size)


def facts(reader: Reader) -> Facts:
    """Return what signatures ask about a program; unplaced if it cannot be read."""
    try:
        return facts_of(read(reader))
    except Malformed:
        return Facts(reader.size, placed=False)


def facts_of(program: Program, versions: tuple[int, ...] = ()) -> Facts:
    """Return what signatures ask about a program that was read."""
    ranges = tuple((section.start, section.size) for section in program.sections)
    return Facts(program.size, program.entry, ranges, versions)


def digested(program: Program) -> tuple[tuple[int, int], ...]:
    """Return file offset and size of what section digests (.mdb, .msb) are made of."""
    return tuple((each.start, each.size) for each in program.sections if each.size)


def _unpack(layout: Struct, reader: Reader, offset: int, field: str) -> tuple[Any, ...]:
    data = reader.at(offset, layout.size)
    if len(data) < layout.size:
        raise Truncated(NAME, min(offset, reader.size), field)
    return layout.unpack(data)


def _directories(
    reader: Reader, start: int, size: int, *, plus: bool
) -> tuple[tuple[int, int], ...]:
    """Return the directories that the optional header has room for."""
    least = LEAST_OPTIONAL[plus]
    if size < least:
        raise Malformed(NAME, start, "size of the optional header")
    where = start + least - COUNT.size
    count = min(_unpack(COUNT, reader, where, "directories")[0], MOST_DIRECTORIES)
    if size - least < count * DIRECTORY.size:
        raise Malformed(NAME, where, "number of directories")
    data = reader.at(start + least, count * DIRECTORY.size)
    if len(data) < count * DIRECTORY.size:
        raise Truncated(NAME, start + least, "directories")
    return tuple(DIRECTORY.iter_unpack(data))


def _sections(
    reader: Reader, start: int, count: int, alignments: list[int]
) -> tuple[Section, ...]:
    table = reader.at(start, count * SECTION.size)
    if len(table) < count * SECTION.size:
        raise Truncated(NAME, min(start, reader.size), "section headers")
    rows = list(SECTION.iter_unpack(table))
    memory, file = alignments
    if file and any(
        size and raw % file and not raw % USUAL_ALIGNMENT for _, _, size, raw in rows
    ):
        file = USUAL_ALIGNMENT  # the linker did not keep to what it wrote
    return tuple(
        _section(row, memory, file, reader.size, start + number * SECTION.size)
        for number, row in enumerate(rows)
    )


def _section(
    row: tuple[int, ...], memory: int, file: int, end: int, place: int
) -> Section:
    in_memory, address, raw_size, raw = row
    begin, size = _down(raw, file), _up(raw_size, file)
    if size:
        left = max(end - raw, 0)
        size = min(size, end - begin) if left else 0
        raw_size = min(raw_size, left)
    if (in_memory | address | raw_size) & SIGN:
        raise Malformed(NAME, place, "section header")
    return Section(_down(address, memory), begin, size)


def _down(value: int, alignment: int) -> int:
    return value - value % alignment if alignment else value


def _up(value: int, alignment: int) -> int:
    """Return the next multiple, in 32 bits: close to the top it is 0."""
    return _down(value + alignment - 1, alignment) & WORD if alignment else value


def _owners(sections: tuple[Section, ...]) -> tuple[list[int], list[int]]:
    """Cut the addresses into ranges and say which section each belongs to.

    Returns:
        where ranges start, ascending; and the number of the last section that holds
        the range, -1 for none.
    """
    held = [(each.address, number) for number, each in enumerate(sections) if each.size]
    held.sort()
    ends = {sections[number].address + sections[number].size for _, number in held}
    edges = sorted({address for address, _ in held} | ends)
    starts, owners = [], []
    open_: list[int] = []  # of sections that began, the last one first
    following = 0
    for edge, _ in pairwise([*edges, 0]):
        while following < len(held) and held[following][0] <= edge:
            heappush(open_, -held[following][1])
            following += 1
        while open_ and _end(sections[-open_[0]]) <= edge:
            heappop(open_)
        starts.append(edge)
        owners.append(-open_[0] if open_ else -1)
    return starts, owners


def _end(section: Section) -> int:
    return section.address + section.size
