"""Programs that may carry something behind themselves, as small as can be."""

import gzip
import struct


def windows(
    *sections: tuple[int, bytes], wide: bool = False, resources: int = 0
) -> bytes:
    """A PE program of sections, each with the address it is mapped at."""
    size = 240 if wide else 224
    directories = bytes(16) + struct.pack("<II", resources, 16)
    magic = struct.pack("<H", 0x20B if wide else 0x10B)
    optional = (magic.ljust(112 if wide else 96, b"\0") + directories).ljust(
        size, b"\0"
    )
    header = struct.pack(
        "<4sHHIIIHH", b"PE\0\0", 0x14C, len(sections), 0, 0, 0, size, 2
    )
    table, content = b"", b""
    start = 0x400
    for address, data in sections:
        table += struct.pack("<8sIIII16x", b".x", len(data), address, len(data), start)
        content += data
        start += len(data)
    front = b"MZ".ljust(60, b"\0") + struct.pack("<I", 64) + header + optional + table
    return front.ljust(0x400, b"\0") + content


def dos(image: int = 600) -> bytes:
    """An MS-DOS program of a given size."""
    sizes = struct.pack("<HH", image % 512, -(-image // 512))
    return (b"MZ" + sizes).ljust(60, b"\0").ljust(image, b"\x90")


def elf(*, wide: bool = True, order: str = "<", sections: int = 0) -> bytes:
    """An ELF program of one segment, and of section headers behind it."""
    word = "Q" if wide else "I"
    start, entry = (64, 56) if wide else (52, 32)
    end = start + entry + 100
    identity = b"\x7fELF" + bytes([2 if wide else 1, 1 if order == "<" else 2, 1])
    header = struct.pack(
        f"{order}HHI{word}{word}{word}IHHHHHH",
        2, 62, 1, 0, start, end if sections else 0, 0, start, entry, 1, 40, sections, 0,
    )  # fmt: skip
    if wide:
        segment = struct.pack(f"{order}IIQQQQQQ", 1, 5, 0, 0, 0, end, end, 4096)
    else:
        segment = struct.pack(f"{order}IIIIIIII", 1, 0, 0, 0, end, end, 5, 4096)
    program = identity.ljust(16, b"\0") + header + segment
    return program.ljust(end, b"\x90") + b"\x01" * (40 * sections)


PROGRAMS = {
    "pe": windows((0x1000, bytes(512))),
    "pe32+": windows((0x1000, bytes(512)), (0x2000, bytes(512)), wide=True),
    "dos": dos(),
    "elf": elf(),
    "elf with sections": elf(sections=3),
    "elf of 32 bits, big-endian": elf(wide=False, order=">"),
}

# What follows a script and is nothing that it carries.
ALONE = {
    "words": b"echo BZh, H4sI and 7z\n",
    "letters of other languages": "echo \u00fc\n".encode(),
    "not at a line's start": b"\xff" * 100 + gzip.compress(b"tar"),
}


def hostile(program: bytes, data: bytes, place: int) -> tuple[bytes, ...]:
    """Some bytes as a program, or as a script, and a program with them in it."""
    damaged = program[:place] + data + program[place + len(data) :]
    return program[:2] + data, program[:4] + data, b"#!" + data, damaged
