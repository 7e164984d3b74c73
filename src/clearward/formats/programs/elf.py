"""Read entry point and sections of ELF programs, as ClamAV reads them.

    offset  length  field, in the byte order that byte 5 names
    0       16      magic, class (1: 32 bits, 2: 64), byte order (1: little, 2: big)
    24      4 or 8  entry point, an address
    then    4 or 8  offset of the program headers, and of the section headers
    42, 54  2 each  size of a program header, their number, the same for sections

The entry point lies in the file where the first segment that holds it says. Sections
count from the first header on, which is empty.

Sources: System V ABI, chapters 4 and 5; which headers are refused is what clamscan
1.4.6 answered.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from struct import Struct

from clearward.core.errors import Malformed, Truncated
from clearward.core.facts import Facts
from clearward.core.reader import Reader

NAME = "elf"
MAGIC = b"\x7fELF"
CLASS, ORDER = 4, 5
ORDERS = {1: "<", 2: ">"}
MOST_SEGMENTS = 128
MOST_SECTIONS = 256


@dataclass(frozen=True, slots=True)
class Layout:
    """Where fields lie in one class of files.

    Attributes:
        header: entry point, places of segments and sections, their sizes and counts.
        segment: offset, address and size in memory.
        section: offset and size.
    """

    header: str
    segment: str
    section: str


LAYOUTS = {
    1: Layout("24xIII6xHHHH", "4xII8xI8x", "16xII16x"),
    2: Layout("24xQQQ6xHHHH", "8xQQ16xQ8x", "24xQQ24x"),
}


def facts(reader: Reader) -> Facts:
    """Return what signatures ask about a program; unplaced if it cannot be read."""
    try:
        return read(reader)
    except Malformed:
        return Facts(reader.size, placed=False)


def read(reader: Reader) -> Facts:
    """Return what signatures ask about a program.

    Raises:
        Malformed: ClamAV cannot make sense of the headers either.
    """
    start = reader.at(0, 16)
    layout = LAYOUTS.get(start[CLASS]) if len(start) > ORDER else None
    order = ORDERS.get(start[ORDER]) if len(start) > ORDER else None
    if not start.startswith(MAGIC) or layout is None or order is None:
        raise Malformed(NAME, 0, "identification")
    header = Struct(order + layout.header)
    data = reader.at(0, header.size)
    if len(data) < header.size:
        raise Truncated(NAME, reader.size, "header")
    entry, segments, sections, *sizes = header.unpack(data)
    segment, section = Struct(order + layout.segment), Struct(order + layout.section)
    segment_size, segment_count, section_size, section_count = sizes
    if segment_count and segment_size != segment.size:
        raise Malformed(NAME, header.size, "size of a program header")
    if segment_count > MOST_SEGMENTS:
        raise Malformed(NAME, header.size, "number of program headers")
    if section_size != section.size:
        raise Malformed(NAME, header.size, "size of a section header")
    if section_count > MOST_SECTIONS:
        raise Malformed(NAME, header.size, "number of section headers")
    loaded = _table(reader, segments, segment, segment_count)
    ranges = tuple(
        (offset, size)
        for offset, size in _table(reader, sections, section, section_count)
    )
    return Facts(reader.size, _offset(entry, list(loaded)), ranges)


def _table(
    reader: Reader, place: int, layout: Struct, count: int
) -> Iterator[tuple[int, ...]]:
    data = reader.at(place, count * layout.size)
    if len(data) < count * layout.size:
        raise Truncated(NAME, min(place, reader.size), "table")
    return layout.iter_unpack(data)


def _offset(entry: int, segments: list[tuple[int, ...]]) -> int:
    """Return where the entry point lies in the file; 0 if the file has none."""
    if not entry or not segments:
        return 0
    for offset, address, size in segments:
        if address <= entry < address + size:
            return entry - address + offset
    raise Malformed(NAME, 24, "entry point")
