"""Read entry point and sections of Mach-O programs, as ClamAV reads them.

    offset  length  field, in the byte order of the magic
    0       4       magic: FEEDFACE, 64 bits FEEDFACF
    4       4       processor
    16      4       number of load commands
    28      4       only with 64 bits
    then the load commands: type 4, length with these eight bytes 4, content

A segment (types 1 and 19h) ends with its sections. Of entry points clamscan 1.4.6 knows
those of PowerPC programs, from the state of their first thread (types 4 and 5); for
other processors its entry point is the start of the file. A universal binary holds
several programs: each is a part of its own, and the whole is not placed.

Sources: Apple, "OS X ABI Mach-O File Format Reference"; what clamscan 1.4.6 answered.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from struct import Struct, error

from clearward.core.errors import Malformed, Truncated
from clearward.core.facts import Facts
from clearward.core.reader import Reader

NAME = "macho"
COMMANDS = 16  # offset of the number of load commands
COMMAND_SIZE = 8
THREADS = (4, 5)
POWERPC = 18
FIRST_REGISTER = 16  # of a thread, behind its command, kind and count: where it starts
MOST_ALIGNMENT = 31


@dataclass(frozen=True, slots=True)
class Layout:
    """How one kind of file is laid out.

    Attributes:
        order: byte order, for struct.
        start: of the load commands.
        segment: type of its load command.
        count: offset of the number of sections in a segment.
        sections: offset of the first one.
        section: address, size, offset, alignment as a power of two.
    """

    order: str
    start: int
    segment: int
    count: int
    sections: int
    section: str


NARROW = (28, 1, 48, 56, "32xIIII20x")
WIDE = (32, 0x19, 64, 72, "32xQQII24x")
LAYOUTS = {
    b"\xce\xfa\xed\xfe": Layout("<", *NARROW),
    b"\xfe\xed\xfa\xce": Layout(">", *NARROW),
    b"\xcf\xfa\xed\xfe": Layout("<", *WIDE),
    b"\xfe\xed\xfa\xcf": Layout(">", *WIDE),
}
Section = tuple[int, int, int]  # address, offset, raw size


def facts(reader: Reader) -> Facts:
    """Return what signatures ask about a program; unplaced if it cannot be read."""
    try:
        return read(reader)
    except Malformed:
        return Facts(reader.size, placed=False)


def read(reader: Reader) -> Facts:
    """Return what signatures ask about a program.

    Raises:
        Malformed: the headers cannot be read.
    """
    layout = LAYOUTS.get(reader.at(0, 4))
    if layout is None:
        raise Malformed(NAME, 0, "magic")
    word = Struct(layout.order + "I")
    sections: list[Section] = []
    entry = 0
    powerpc = _word(word, reader.at(4, 4)) == POWERPC
    for kind, content in _commands(reader, layout, word):
        if kind == layout.segment:
            sections += _sections(layout, word, content)
        elif kind in THREADS and powerpc:
            entry = _word(word, content[FIRST_REGISTER:])
    ranges = tuple((offset, size) for _, offset, size in sections)
    return Facts(reader.size, _offset(entry, sections), ranges)


def _commands(
    reader: Reader, layout: Layout, word: Struct
) -> Iterator[tuple[int, bytes]]:
    count = _word(word, reader.at(COMMANDS, 4))
    place = layout.start
    if not count:
        raise Malformed(NAME, COMMANDS, "number of load commands")
    for _ in range(count):
        head = reader.at(place, COMMAND_SIZE)
        if len(head) < COMMAND_SIZE:
            raise Truncated(NAME, min(place, reader.size), "load command")
        length = _word(word, head[4:])
        content = reader.at(place, length)
        if length < COMMAND_SIZE or len(content) < length:
            raise Malformed(NAME, place, "length of a load command")
        yield _word(word, head), content
        place += length


def _sections(layout: Layout, word: Struct, segment: bytes) -> Iterator[Section]:
    section = Struct(layout.order + layout.section)
    place = layout.sections
    for _ in range(_word(word, segment[layout.count :])):
        try:
            address, size, offset, power = section.unpack_from(segment, place)
        except error:
            raise Malformed(NAME, 0, "section") from None
        alignment = 1 << min(power, MOST_ALIGNMENT)
        raw = -(-size // alignment) * alignment if offset else 0
        yield address, offset, raw
        place += section.size


def _offset(entry: int, sections: list[Section]) -> int:
    for address, offset, size in sections:
        if entry and address <= entry < address + size:
            return entry - address + offset
    return 0


def _word(word: Struct, data: bytes) -> int:
    if len(data) < word.size:
        raise Truncated(NAME, 0, "header")
    value: int = word.unpack_from(data)[0]
    return value
