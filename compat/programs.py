"""Small programs for the generator, with bytes at places that it chooses.

They are headers and filler, and never run. Source: Microsoft, "PE Format"; System V
ABI, "ELF header", "Sections".
"""

import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

SECTION = 0x200  # bytes of each, in the file
PE_START = 0x400  # of the first section, in the file
ELF_START = 0x100
PAGE = 0x1000
FILLER = b"\xcc"


@dataclass(frozen=True, slots=True)
class Program:
    """What to make.

    Attributes:
        sections: how many.
        entry: bytes from the start of the first section to the entry point.
        marks: bytes to put down, by their place from the start of the first section.
        overlay: what follows the last section.
    """

    sections: int = 2
    entry: int = 0x10
    marks: Mapping[int, bytes] | None = None
    overlay: bytes = b""


def pe(program: Program) -> bytes:
    """A PE32 file."""
    out = bytearray(PE_START)
    out[:2] = b"MZ"
    struct.pack_into("<I", out, 0x3C, 0x80)
    struct.pack_into(
        "<4sHHIIIHH",
        *(out, 0x80, b"PE\0\0", 0x14C, program.sections, 0, 0, 0, 0xE0, 0x102),
    )
    optional = 0x98
    struct.pack_into(
        "<HBBIIIIII",
        *(out, optional, 0x10B, 6, 0, SECTION, SECTION, 0),
        *(PAGE + program.entry, PAGE, 2 * PAGE),
    )
    struct.pack_into("<III", out, optional + 28, 0x400000, PAGE, SECTION)
    struct.pack_into("<HHHHHH", out, optional + 40, 4, 0, 0, 0, 4, 0)
    image = PAGE * (program.sections + 1)
    struct.pack_into("<IIIIHH", out, optional + 52, 0, image, PE_START, 0, 3, 0)
    struct.pack_into("<I", out, optional + 92, 16)
    for number in range(program.sections):
        struct.pack_into(
            "<8sIIIIIIHHI",
            *(out, optional + 0xE0 + 40 * number, b".s%d" % number, SECTION),
            *(PAGE * (number + 1), SECTION, PE_START + SECTION * number),
            *(0, 0, 0, 0, 0xE0000020),
        )
    return bytes(out) + _body(program)


def elf(program: Program) -> bytes:
    """A 64-bit little-endian ELF program: one segment, sections, no names."""
    size = SECTION * program.sections
    table = ELF_START + size
    head = bytearray(ELF_START)
    base = 0x400000
    struct.pack_into(
        "<16sHHIQQQIHHHHHH",
        *(head, 0, b"\x7fELF\x02\x01\x01", 2, 62, 1, base + ELF_START + program.entry),
        *(64, table, 0, 64, 56, 1, 64, program.sections, 0),
    )
    struct.pack_into("<IIQQQQQQ", head, 64, 1, 5, 0, base, base, table, table, PAGE)
    headers = b"".join(
        struct.pack(
            "<IIQQQQIIQQ",
            *(0, 1, 6, base + ELF_START + SECTION * number),
            *(ELF_START + SECTION * number, SECTION, 0, 0, 16, 0),
        )
        for number in range(program.sections)
    )
    plain = Program(program.sections, program.entry, program.marks)
    return bytes(head) + _body(plain) + headers + program.overlay


def _body(program: Program) -> bytes:
    body = bytearray(FILLER * (SECTION * program.sections))
    for place, mark in (program.marks or {}).items():
        if 0 <= place <= len(body) - len(mark):
            body[place : place + len(mark)] = mark
    return bytes(body) + program.overlay


def starts(sections: Sequence[int], *, windows: bool) -> list[int]:
    """Where sections start in the file."""
    first = PE_START if windows else ELF_START
    return [first + SECTION * number for number in sections]
