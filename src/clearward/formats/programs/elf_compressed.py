"""Find the compressed sections of ELF programs; what they hold is in `unpack`.

    offset  length  field, in the byte order that byte 5 names; with 32 bits or 64
    32, 40  4, 8    offset of the section headers
    46, 58  2       size of one; 2 their number; 2 which one holds the names
    then of each section
    0       4       its name, from the start of those
    8       4, 8    flags
    16, 24  4, 8    offset, and as long: size

Source: System V ABI, chapter 4.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from struct import Struct

from clearward.core.reader import Reader

MAGIC = b"\x7fELF"
CLASS, ORDER = 4, 5
ORDERS = {1: "<", 2: ">"}
HEADERS = {1: "32xI10xHHH", 2: "40xQ10xHHH"}
SECTIONS = {1: "I4xI4xII16x", 2: "I4xQ8xQQ24x"}  # name, flags, offset, size
FRONTS = {1: "III", 2: "I4xQQ"}  # of the content: kind, size, alignment
COMPRESSED = 0x800
ZLIB, ZSTD = 1, 2
OLD_NAME, OLD_MAGIC, OLD_FRONT = b".z", b"ZLIB", 12
MOST = 0xFFFF
MOST_NAME = 64


@dataclass(frozen=True, slots=True)
class Section:
    """A compressed section.

    Attributes:
        name: as the program has it.
        kind: of compression.
        start: of its compressed bytes.
        size: of these.
    """

    name: bytes
    kind: int
    start: int
    size: int


def is_compressed(head: bytes, reader: Reader) -> bool:
    """Say whether a program has any compressed section."""
    return head.startswith(MAGIC) and any(True for _ in sections(reader))


def sections(reader: Reader) -> Iterator[Section]:
    """Yield the compressed sections whose bytes are there, at least in part."""
    front = reader.at(0, 64)
    kind = front[CLASS] if len(front) > ORDER else 0
    order = ORDERS.get(front[ORDER]) if kind in HEADERS else None
    if order is None:
        return
    header, row = Struct(order + HEADERS[kind]), Struct(order + SECTIONS[kind])
    if len(front) < header.size:
        return
    place, size, count, names = header.unpack_from(front)
    if size != row.size or not count:
        return
    table = reader.at(place, min(count, MOST) * size)
    rows = list(row.iter_unpack(table[: len(table) // size * size]))
    listed = reader.at(*rows[names][2:]) if names < len(rows) else b""
    old = OLD_NAME in listed
    content = Struct(order + FRONTS[kind])
    if not old and not any(flags & COMPRESSED for _, flags, _, _ in rows):
        return  # as in most programs
    for name, flags, start, length in rows:
        size = max(min(length, reader.size - start), 0)
        there = Section(_text(listed, name), ZLIB, start, size)
        if flags & COMPRESSED:
            yield from _flagged(reader, content, there)
        elif old and there.name.startswith(OLD_NAME):
            yield from _named(reader, there)


def _text(listed: bytes, place: int) -> bytes:
    return listed[place : place + MOST_NAME].partition(b"\0")[0]


def _flagged(reader: Reader, layout: Struct, section: Section) -> Iterator[Section]:
    front = reader.at(section.start, min(section.size, layout.size))
    if len(front) == layout.size:
        start, size = section.start + layout.size, section.size - layout.size
        yield Section(section.name, layout.unpack(front)[0], start, size)


def _named(reader: Reader, section: Section) -> Iterator[Section]:
    front = reader.at(section.start, min(section.size, OLD_FRONT))
    if front.startswith(OLD_MAGIC) and len(front) == OLD_FRONT:
        start, size = section.start + OLD_FRONT, section.size - OLD_FRONT
        yield Section(section.name, ZLIB, start, size)
