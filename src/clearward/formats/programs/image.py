"""Read what a Windows program becomes in memory: its base and its sections.

Where `pe` answers what signatures ask about the file, this answers how the loader of
Windows lays it out. Headers as drawn in `pe`, and of each section

    0..8    name
    8..24   size in memory, address, raw size, raw offset
    36      what it may be used for

Source: Microsoft, "PE Format".
"""

from dataclasses import dataclass
from struct import Struct

from clearward.core.errors import Malformed, Truncated
from clearward.core.reader import Reader

NAME = "pe"
PAGE = 4096
DISK_SECTOR = 0x200  # raw offsets are taken down to a multiple of it
PLACE = Struct("<60xI")
COFF = Struct("<4sHH12xHH")  # signature, machine, sections, size of optional, flags
SIGNATURE = b"PE\0\0"
MACHINES = {0x14C: False, 0x8664: True}  # x86, x64: whether it is wide
MAGICS = {False: 0x10B, True: 0x20B}
ENTRY = 16  # places in the optional header
BASE = {False: Struct("<28xI"), True: Struct("<24xQ")}
ALIGNMENTS = Struct("<32xII16xII")  # of memory, of the file; size of image, of headers
DIRECTORIES = {False: 92, True: 108}
DIRECTORY = Struct("<II")
MOST_DIRECTORIES = 16
SECTION = Struct("<8s4I12xI")
MOST_SECTIONS = 96
EXECUTE = 0x20000000
WRITE = 0x80000000
LIBRARY = 0x2000
WORD = Struct("<I")


@dataclass(frozen=True, slots=True)
class Section:
    """One section as it lies in memory.

    Attributes:
        name: as the header has it.
        address: from the base, a multiple of a page.
        size: bytes in memory.
        start: where its bytes are in the file.
        length: of these, at most `size` taken up to a page.
        flags: what it may be used for.
    """

    name: bytes
    address: int
    size: int
    start: int
    length: int
    flags: int

    def holds(self, address: int) -> bool:
        """Say whether an address, from the base, is in it."""
        return self.address <= address < self.address + up(self.size)


@dataclass(frozen=True, slots=True)
class Image:
    """A program's place in memory.

    Attributes:
        wide: of 64 bits.
        base: address that the others count from.
        entry: where it starts, from the base.
        headers: bytes of the file in front of the sections.
        place: of the PE header in the file.
        optional: bytes of the optional header.
        directories: address and size of each that is there.
        sections: in the order of the headers.
        library: it is called with a reason why, not started.
    """

    wide: bool
    base: int
    entry: int
    headers: int
    place: int
    optional: int
    directories: tuple[tuple[int, int], ...]
    sections: tuple[Section, ...]
    library: bool = False

    def section_of(self, address: int) -> int:
        """Return the number of the last section that holds an address, or -1."""
        numbers = range(len(self.sections) - 1, -1, -1)
        return next((it for it in numbers if self.sections[it].holds(address)), -1)

    @property
    def table(self) -> int:
        """Where the table of sections is in the file."""
        return self.place + COFF.size + self.optional


def read(reader: Reader) -> Image:
    """Read the headers of a program for x86 or x64.

    Raises:
        Malformed: it is none, or Windows could not load it.
    """
    front = reader.at(0, PLACE.size)
    if len(front) < PLACE.size:
        raise Truncated(NAME, len(front), "MS-DOS header")
    place = PLACE.unpack(front)[0]
    return read_at(reader, place)


def read_at(reader: Reader, place: int) -> Image:
    """Read headers that are at a place of their own.

    Raises:
        Malformed: as in `read`.
    """
    coff = reader.at(place, COFF.size)
    if len(coff) < COFF.size:
        raise Truncated(NAME, min(place, reader.size), "COFF header")
    signature, machine, count, size, flags = COFF.unpack(coff)
    wide = MACHINES.get(machine)
    if signature != SIGNATURE or wide is None or not 0 < count <= MOST_SECTIONS:
        raise Malformed(NAME, place, "COFF header")
    optional = reader.at(place + COFF.size, max(size, DIRECTORIES[wide] + WORD.size))
    if len(optional) < DIRECTORIES[wide] + WORD.size:
        raise Truncated(NAME, place + COFF.size, "optional header")
    if int.from_bytes(optional[:2], "little") != MAGICS[wide]:
        raise Malformed(NAME, place + COFF.size, "magic")
    (base,) = BASE[wide].unpack_from(optional)
    (entry,) = WORD.unpack_from(optional, ENTRY)
    headers = ALIGNMENTS.unpack_from(optional)[3]
    table = reader.at(place + COFF.size + size, count * SECTION.size)
    if len(table) < SECTION.size:
        raise Truncated(NAME, min(place + COFF.size + size, reader.size), "sections")
    return Image(
        wide=wide,
        base=base,
        entry=entry,
        headers=min(headers, reader.size),
        place=place,
        optional=size,
        directories=_directories(optional, DIRECTORIES[wide]),
        sections=_sections(table),
        library=bool(flags & LIBRARY),
    )


def _directories(optional: bytes, place: int) -> tuple[tuple[int, int], ...]:
    (count,) = WORD.unpack_from(optional, place)
    table = optional[place + WORD.size :]
    whole = len(table) // DIRECTORY.size
    table = table[: min(count, MOST_DIRECTORIES, whole) * DIRECTORY.size]
    return tuple(DIRECTORY.iter_unpack(table))


def _sections(table: bytes) -> tuple[Section, ...]:
    whole = len(table) // SECTION.size * SECTION.size
    found = []
    for name, memory, address, raw, start, flags in SECTION.iter_unpack(table[:whole]):
        size = memory or raw
        begin = start - start % DISK_SECTOR
        length = min(up(raw, DISK_SECTOR), up(size)) if start or raw else 0
        found.append(
            Section(name, address - address % PAGE, size, begin, length, flags)
        )
    return tuple(found)


def up(value: int, alignment: int = PAGE) -> int:
    """Return the next multiple of a page, or of another alignment."""
    return -(-value // alignment) * alignment
