"""What a container or a program in the middle of a part is known by.

Each sign is a few bytes that are searched for, and a look at the structure behind them,
so that a magic in the tables of another program is no container:

    PE      "PE" 0 0 and a machine; before it, at most 4 KiB away, "MZ" with the place
            of that at 60; behind it a count of sections and a known optional header
    RAR     magic, main header (RAR 5.0 archive format; file(1) archive)
    7z      magic, start header with the right CRC-32 (7zFormat.txt)
    CAB     magic, version 1.3, folders and files (MS-CAB 2.1)
    PDF     header with a version, an object near it (ISO 32000-1, 7.5.2)
    OLE2    magic, byte order, sector sizes (MS-CFB 2.2)
    Nuitka  magic, magic of zstd

Zip is not here: its reader searches for itself.
"""

import re
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from struct import Struct

from clearward.core.reader import Reader

BEFORE = 4096  # bytes between "MZ" and "PE", at most
MOST_STUBS = 16  # places of "MZ" that are tried for one "PE"
PE_PLACE = Struct("<60xI")
PE_HEADER = Struct("<4s2xH12xH2xH")
PE_SECTIONS = 96
PE_OPTIONAL = 24  # place of the optional header
PE_KINDS = (0x10B, 0x20B)
PE_SECTION = Struct("<16xII16x")

RAR_VERSION = 6  # place of the byte that tells RAR 4 from RAR 5
RAR4_TYPE, RAR4_MAIN = 9, 0x73
RAR5_TYPE, RAR5_FIRST = 13, (1, 4)  # main header, or that of an encrypted archive

SEVEN = Struct("<8xIQQI")
SEVEN_SUMMED = slice(12, 32)
CABINET = Struct("<8xI4xI4xBBHH")
CABINET_VERSION = (3, 1)
OLE = Struct("<24xHHHHH10xI")
OLE_ORDER = 0xFFFE
OLE_SECTORS = ((3, 9, 6), (4, 12, 6))  # version, powers of two of the sectors' sizes
PDF_FRONT = 1024
PDF_NEAR = 2048
PDF_MINOR = slice(7, 8)  # behind the needle: the second half of the version
PDF_OBJECT = re.compile(rb"\d[ \t\r\n\x00\x0c]+obj")


@dataclass(frozen=True, slots=True)
class Hit:
    """A container or a program in a part.

    Attributes:
        start: offset of its first byte in the part.
        end: offset behind its last byte, if its header tells; else 0. It may lie
            behind the end of the part.
    """

    start: int
    end: int = 0


def _program(reader: Reader, place: int) -> Hit | None:
    header = reader.at(place, PE_HEADER.size)
    if len(header) < PE_HEADER.size:
        return None
    _, count, optional, kind = PE_HEADER.unpack(header)
    if kind not in PE_KINDS or not 0 < count <= PE_SECTIONS:
        return None
    first = max(place - BEFORE, 0)
    before = reader.at(first, place - first)
    stub = len(before)
    for _ in range(MOST_STUBS):
        stub = before.rfind(b"MZ", 0, stub)
        if stub < 0:
            return None
        start = first + stub
        fields = reader.at(start, PE_PLACE.size)
        if len(fields) == PE_PLACE.size and PE_PLACE.unpack(fields)[0] == place - start:
            table = reader.at(place + PE_OPTIONAL + optional, count * PE_SECTION.size)
            table = table[: len(table) // PE_SECTION.size * PE_SECTION.size]
            sections = PE_SECTION.iter_unpack(table)
            return Hit(start, start + max((sum(each) for each in sections), default=0))
    return None


def _rar(reader: Reader, place: int) -> Hit | None:
    return Hit(place) if is_rar(reader.at(place, RAR5_TYPE + 1), 0) else None


def is_rar(data: bytes, place: int) -> bool:
    """Say whether a main header follows the magic at a place."""
    header = data[place : place + RAR5_TYPE + 1]
    if len(header) <= RAR5_TYPE:
        return False
    if header[RAR_VERSION]:
        return header[RAR5_TYPE] in RAR5_FIRST
    return header[RAR4_TYPE] == RAR4_MAIN


def _seven(reader: Reader, place: int) -> Hit | None:
    header = reader.at(place, SEVEN.size)
    if len(header) < SEVEN.size:
        return None
    checksum, offset, size, _ = SEVEN.unpack(header)
    if zlib.crc32(header[SEVEN_SUMMED]) != checksum:
        return None
    return Hit(place, place + SEVEN.size + offset + size)


def _cabinet(reader: Reader, place: int) -> Hit | None:
    header = reader.at(place, CABINET.size)
    if len(header) < CABINET.size:
        return None
    size, files, minor, major, folder_count, file_count = CABINET.unpack(header)
    sure = (minor, major) == CABINET_VERSION and folder_count and file_count
    return Hit(place, place + size) if sure and files < size else None


def _pdf(reader: Reader, place: int) -> Hit | None:
    if place <= PDF_FRONT:  # the part itself is a document then
        return None
    near = reader.at(place, PDF_NEAR)
    sure = near[PDF_MINOR].isdigit() and PDF_OBJECT.search(near)
    return Hit(place) if sure else None


def _nuitka(reader: Reader, place: int) -> Hit | None:  # noqa: ARG001
    return Hit(place)


def _ole(reader: Reader, place: int) -> Hit | None:
    header = reader.at(place, OLE.size)
    if len(header) < OLE.size:
        return None
    _, version, order, sector, small, tables = OLE.unpack(header)
    if order != OLE_ORDER or (version, sector, small) not in OLE_SECTORS:
        return None
    # each sector of the table tells of as many sectors as it has words
    return Hit(place, place + ((tables << (sector - 2)) + 1 << sector))


@dataclass(frozen=True, slots=True)
class Sign:
    """What one format is searched by.

    Attributes:
        marks: each container of the format has one of these.
        look: makes a hit of a place where a mark stands, if it is one.
    """

    marks: tuple[bytes, ...]
    look: Callable[[Reader, int], Hit | None]


# x86, x64, ARM, Thumb, ARM of Windows 8, ARM64, Itanium, byte code of EFI
MACHINES = (
    b"\x4c\x01",
    b"\x64\x86",
    b"\xc0\x01",
    b"\xc2\x01",
    b"\xc4\x01",
    b"\x64\xaa",
    b"\x00\x02",
    b"\xbc\x0e",
)
PROGRAM = Sign(tuple(b"PE\0\0" + machine for machine in MACHINES), _program)
CONTAINERS = (
    Sign((b"Rar!\x1a\x07\x00", b"Rar!\x1a\x07\x01\x00"), _rar),
    Sign((b"7z\xbc\xaf\x27\x1c",), _seven),
    Sign((b"MSCF\0\0\0\0",), _cabinet),
    Sign((b"%PDF-1.", b"%PDF-2."), _pdf),
    Sign((b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",), _ole),
    Sign((b"KAY\x28\xb5\x2f\xfd",), _nuitka),
)
