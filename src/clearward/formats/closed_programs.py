"""Find an archive that a program carries: installers and self-extracting archives.

    program image, resources among it | overlay: archive, installer's data, signature

The overlay lies behind the last byte that the headers of the program speak of. It is
searched, and so are the resources of a Windows program, for magics with enough
structure behind them to be sure. A packed program (UPX) is no container.

Source: PE format, sections 2 to 4; System V ABI, chapter 4; the archives' own formats.
"""

import zlib
from collections.abc import Callable, Iterator
from struct import Struct

from clearward.core.reader import Reader

SEARCHED = 1024 * 1024  # bytes of an overlay, and of resources, that are searched
ENDING = 64 * 1024  # bytes at the end of a part where its last structure is searched

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


def _windows(head: bytes, reader: Reader) -> Iterator[bytes]:
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
        yield reader.at(overlay, SEARCHED)
        return
    _, _, count, optional, magic = PE_HEADER.unpack_from(header)
    table = place + PE_OPTIONAL + optional
    sections = _whole(reader, table, PE_SECTION, min(count, PE_SECTIONS))
    overlay = max((start + size for _, _, _, size, start in sections), default=0)
    yield reader.at(overlay, SEARCHED)
    directories = place + PE_OPTIONAL + PE_DIRECTORIES.get(magic, optional)
    wanted = _whole(reader, directories, PE_DIRECTORY, PE_RESOURCES + 1)[PE_RESOURCES:]
    for address, _ in wanted:
        for _, _, mapped, size, start in sections:
            if mapped <= address < mapped + size:
                yield reader.at(start, min(size, SEARCHED))


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


def _elf(head: bytes, reader: Reader) -> Iterator[bytes]:
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
    yield reader.at(end, SEARCHED)


RAR_VERSION = 6  # place of the byte that tells RAR 4 from RAR 5
RAR4_TYPE, RAR4_MAIN = 9, 0x73
RAR5_TYPE, RAR5_FIRST = 13, (1, 4)  # main header, or that of an encrypted archive


def _is_rar(data: bytes, place: int) -> bool:
    """Say whether a main header follows the magic (RAR 5.0 format; file(1) archive)."""
    header = data[place : place + RAR5_TYPE + 1]
    if len(header) <= RAR5_TYPE:
        return False
    if header[RAR_VERSION]:
        return header[RAR5_TYPE] in RAR5_FIRST
    return header[RAR4_TYPE] == RAR4_MAIN


SEVEN_START = Struct("<8xI20s")


def _is_seven(data: bytes, place: int) -> bool:
    """Say whether the checksum of the start header is right (7zFormat.txt)."""
    if len(data) - place < SEVEN_START.size:
        return False
    checksum, header = SEVEN_START.unpack_from(data, place)
    return bool(zlib.crc32(header) == checksum)


ARJ_MAGIC = b"\x60\xea"
ARJ_SIZE = Struct("<2sH")
ARJ_MOST = 2600
CHECKSUM = Struct("<I")


def _is_arj(data: bytes, place: int) -> bool:
    """Say whether the checksum of the main header is right (ARJ technical info)."""
    if len(data) - place < ARJ_SIZE.size:
        return False
    _, size = ARJ_SIZE.unpack_from(data, place)
    start = place + ARJ_SIZE.size
    if not 0 < size <= ARJ_MOST:
        return False
    checksum = CHECKSUM.pack(zlib.crc32(data[start : start + size]))
    return data.startswith(checksum, start + size)


CABINET_VERSION = 24


def _is_cabinet(data: bytes, place: int) -> bool:
    """Say whether the version is 1.3, as in every cabinet (MS-CAB 2.1)."""
    return data.startswith(b"\x03\x01", place + CABINET_VERSION)


INSTALLSHIELD_COUNT = slice(16, 18)  # upper half of the number of files, 32 bits


def _is_installshield(data: bytes, place: int) -> bool:
    """Say whether a list of fewer than 65,536 files follows."""
    return (
        data[place : place + INSTALLSHIELD_COUNT.stop][INSTALLSHIELD_COUNT] == b"\0\0"
    )


def _is_sure(data: bytes, place: int) -> bool:  # noqa: ARG001 - the magic was enough
    """Say that a long magic is enough."""
    return True


CARRIED: tuple[tuple[bytes, Callable[[bytes, int], bool]], ...] = (
    (b"Rar!\x1a\x07", _is_rar),
    (b"7z\xbc\xaf\x27\x1c", _is_seven),
    (b"MSCF\0\0\0\0", _is_cabinet),
    (b"**ACE**", _is_sure),
    (ARJ_MAGIC, _is_arj),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", _is_sure),  # MSI
    (b"\xef\xbe\xad\xdeNullsoftInst", _is_sure),  # NSIS
    (b"Inno Setup Setup Data (", _is_sure),
    (b"idska32\x1a", _is_sure),  # Inno Setup, data
    (b"ISSetupStream\0", _is_sure),  # InstallShield
    (b"InstallShield\0", _is_installshield),
    (b"\xa3\x48\x4b\xbe\x98\x6c\x4a\xa9\x99\x4c\x53\x0a\x86\xd6\x48\x7d", _is_sure),
)  # the last one: AutoIt script
MOST_TRIES = 1024  # of one magic; a program with more is said to carry something
STREAMS = (b"\x1f\x8b\x08", b"\xfd7zXZ\0", b"BZh", b"\x28\xb5\x2f\xfd")
PYINSTALLER = b"MEI\x0c\x0b\x0a\x0b\x0e"


def _carries(data: bytes) -> bool:
    if data.startswith(STREAMS):
        return True
    for magic, is_there in CARRIED:
        tries = 0
        place = data.find(magic)
        while place >= 0:
            tries += 1
            if tries > MOST_TRIES or is_there(data, place):
                return True
            place = data.find(magic, place + 1)
    return False


def appended_archive(head: bytes, reader: Reader) -> bool:
    """Say whether a program carries an archive or an installer's data."""
    spans = (_windows if head[:2] == b"MZ" else _elf)(head, reader)
    if any(_carries(data) for data in spans if data):
        return True
    return PYINSTALLER in reader.at(max(reader.size - ENDING, 0), ENDING)


APPIMAGE = (b"AI\x01", b"AI\x02")
APPIMAGE_PLACE = 8


def appimage(head: bytes, _reader: Reader) -> bool:
    """Say whether an ELF program is an AppImage: "AI" and its type at 8."""
    return head.startswith(APPIMAGE, APPIMAGE_PLACE)


BEHIND_SCRIPT = tuple(
    b"\n" + magic for magic in (*STREAMS, b"7z\xbc\xaf\x27\x1c", b"Salted__")
)
BEHIND_AS_TEXT = (b"\nH4sI", b"\n/Td6WFo", b"\nQlpo")  # gzip, xz, bzip2 as base64

MAKESELF = b"generated using Makeself"
MAKESELF_WITHIN = 256


def shell_archive(head: bytes, reader: Reader) -> bool:
    """Say whether a script has a compressed archive behind one of its lines."""
    front = head if len(head) >= reader.size else reader.at(0, SEARCHED)
    if MAKESELF in front[:MAKESELF_WITHIN]:
        return True
    magics = BEHIND_AS_TEXT if front.isascii() else BEHIND_SCRIPT
    return any(front.rfind(magic) >= 0 for magic in magics)


CHECKS: dict[str, Callable[[bytes, Reader], bool]] = {
    "appended-archive": appended_archive,
    "appimage": appimage,
    "shell-archive": shell_archive,
}
