"""Where a program may carry an archive: behind its image, and among its resources.

    program image, resources among it | overlay: archive, installer's data, signature

The overlay lies behind the last byte that the headers of the program speak of. Of it
and of the resources of a Windows program the first `SEARCHED` bytes are looked at.

Source: PE format, sections 2 to 4; System V ABI, chapter 4.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from struct import Struct

from clearward.core.reader import Reader

SEARCHED = 1024 * 1024  # bytes of an overlay, and of resources, that are searched


@dataclass(frozen=True, slots=True)
class Span:
    """Bytes of a program that its code does not need.

    Attributes:
        start: offset of the first.
        size: bytes, at most; the part may end before.
    """

    start: int
    size: int


def spans(head: bytes, reader: Reader) -> Iterator[Span]:
    """Yield the overlay of a program and its resources."""
    yield from (_windows if head[:2] == b"MZ" else _elf)(head, reader)


DOS_HEADER = Struct("<2sHH54xI")
DOS_PAGE = 512
PE_HEADER = Struct("<4sHH12xH2xH")
PE_OPTIONAL = 24  # place of the optional header behind "PE"
PE_MAGIC = b"PE\0\0"
PE_DIRECTORIES = {0x10B: 96, 0x20B: 112}  # place in the optional header, by its magic
PE_RESOURCES = 2  # number of the directory
PE_DIRECTORY = Struct("<II")
PE_SECTION = Struct("<8sIIII16x")
PE_SECTIONS = 96


def _windows(head: bytes, reader: Reader) -> Iterator[Span]:
    """Yield the overlay and the resources of an MZ program, `SEARCHED` bytes of each.

    Layout: at 2 the size of an MS-DOS program in pages, at 60 the place of "PE"; there
    sections (at 6), size of the optional header (at 20), optional header, sections.
    """
    if len(head) < DOS_HEADER.size:
        return
    _, last, pages, place = DOS_HEADER.unpack_from(head)
    header = reader.at(place, PE_HEADER.size)
    if header[:4] != PE_MAGIC or len(header) < PE_HEADER.size:
        overlay = pages * DOS_PAGE - (-last % DOS_PAGE)
        yield Span(overlay, SEARCHED)
        return
    _, _, count, optional, magic = PE_HEADER.unpack_from(header)
    table = place + PE_OPTIONAL + optional
    sections = _whole(reader, table, PE_SECTION, min(count, PE_SECTIONS))
    overlay = max((start + size for _, _, _, size, start in sections), default=0)
    yield Span(overlay, SEARCHED)
    directories = place + PE_OPTIONAL + PE_DIRECTORIES.get(magic, optional)
    wanted = _whole(reader, directories, PE_DIRECTORY, PE_RESOURCES + 1)[PE_RESOURCES:]
    for address, _ in wanted:
        for _, _, mapped, size, start in sections:
            if mapped <= address < mapped + size:
                yield Span(start, min(size, SEARCHED))


def _whole(
    reader: Reader, place: int, layout: Struct, count: int
) -> list[tuple[int, ...]]:
    """Return the entries of a table, as many as are there."""
    data = reader.at(place, count * layout.size)
    return list(layout.iter_unpack(data[: len(data) // layout.size * layout.size]))


ELF_CLASS = slice(4, 5)
ELF_ORDER = slice(5, 6)
ELF_HEADERS = {  # by class: segments and sections: places, sizes, counts; a segment
    b"\1": ("28xII6xHHHH", "4xI8xI12x", 32),
    b"\2": ("32xQQ6xHHHH", "8xQ16xQ16x", 56),
}
ELF_ORDERS = {b"\1": "<", b"\2": ">"}
ELF_SEGMENTS = 1024


def _elf(head: bytes, reader: Reader) -> Iterator[Span]:
    """Yield the overlay of an ELF program: what lies behind segments and sections."""
    order = ELF_ORDERS.get(head[ELF_ORDER])
    layouts = ELF_HEADERS.get(head[ELF_CLASS])
    if order is None or layouts is None:
        return
    fields, segment, segment_size = layouts
    layout = Struct(order + fields)
    if len(head) < layout.size:
        return
    place, sections, size, count, section_size, section_count = layout.unpack_from(head)
    end = sections + section_size * section_count
    if size == segment_size:
        entry = Struct(order + segment)
        for start, length in _whole(reader, place, entry, min(count, ELF_SEGMENTS)):
            end = max(end, start + length)
    yield Span(end, SEARCHED)
