"""Small Windows programs that unpack themselves, assembled by hand."""

import struct
import zlib

from support import nrv
from support.programs import Pe, Section

BASE = 0x400000
TEXT, STUB = 0x1000, 0x2000
WRITABLE = 0xE0000020
KEY = 0x5A


def word(value: int) -> bytes:
    """Four bytes, little-endian."""
    return struct.pack("<I", value & 0xFFFFFFFF)


def xor(data: bytes, key: int = KEY) -> bytes:
    """Encrypt, or decrypt."""
    return bytes(each ^ key for each in data)


def loop(start: int, size: int, key: int = KEY) -> bytes:
    """Code that decrypts in place: mov esi; mov ecx; xor byte [esi]; inc esi; loop."""
    move = b"\xbe" + word(start) + b"\xb9" + word(size)
    return move + b"\x80\x36" + bytes([key]) + b"\x46\xe2\xfa"


def go(address: int) -> bytes:
    """Code that pushes an address and returns to it."""
    return b"\x68" + word(address) + b"\xc3"


def program(
    code: bytes, text: bytes, *, entry: int = STUB, size: int = 0x1000
) -> bytes:
    """A program whose code lies in its second section, and data in its first."""
    raw = -(-max(len(text), 1) // 0x200) * 0x200
    own = -(-max(len(code), 1) // 0x200) * 0x200
    sections = (
        Section(max(size, raw), TEXT, raw, 0x200, WRITABLE, b".text"),
        Section(0x1000, STUB, own, 0x200 + raw, WRITABLE, b".stub"),
    )
    contents = ((0x200, text), (0x200 + raw, code))
    return Pe(
        sections, entry=entry, size=0x200 + raw + own, contents=contents, image=0x3000
    ).build()


def packed(plain: bytes, key: int = KEY) -> bytes:
    """A program that decrypts its first section and goes on there."""
    code = loop(BASE + TEXT, len(plain), key) + go(BASE + TEXT)
    return program(code, xor(plain, key))


WIDE = 0x140000000


def packed_wide(plain: bytes, call: bytes = b"") -> bytes:
    """The same with 64 bits; `call` stands in front.

    Behind what is encrypted lie imports: `VirtualAlloc`, its address at `TEXT` + 0xE00.
    """
    text = struct.pack("<Q", WIDE + TEXT)
    code = call + b"\x48\xbe" + text + b"\xb9" + word(len(plain))
    code += b"\x80\x36" + bytes([KEY]) + b"\x48\xff\xc6\xe2\xf8"
    code += b"\x48\xb8" + text + b"\xff\xe0"  # mov rax; jmp rax
    library = struct.pack("<5I", TEXT + 0xE40, 0, 0, TEXT + 0xE60, TEXT + 0xE00)
    imports = struct.pack("<QQ", TEXT + 0xE80, 0).ljust(0x20, b"\0") + library
    imports = imports.ljust(0x40, b"\0") + struct.pack("<QQ", TEXT + 0xE80, 0)
    imports = imports.ljust(0x60, b"\0") + b"KERNEL32.dll\0"
    imports = imports.ljust(0x80, b"\0") + b"\0\0VirtualAlloc\0"
    data = (xor(plain).ljust(0xE00, b"\0") + imports).ljust(0x1000, b"\0")
    sections = (
        Section(0x1000, TEXT, 0x1000, 0x200, WRITABLE, b".text"),
        Section(0x1000, STUB, 0x200, 0x1200, WRITABLE, b".stub"),
    )
    directories = ((0, 0), (TEXT + 0xE20, 40), *((0, 0),) * 14)
    return Pe(
        sections,
        entry=STUB,
        size=0x1400,
        contents=((0x200, data), (0x1200, code)),
        image=0x3000,
        plus=True,
        machine=0x8664,
        directories=directories,
    ).build()


COFF_FLAGS = 64 + 22  # places in these programs
BASE_PLACE = 64 + 24 + 28
LIBRARY = 0x2102
ONLY_ATTACHED = b"\x83\x7c\x24\x08\x01\x74\x01\xc3"  # cmp [esp+8], 1; je; ret
ONLY_ATTACHED_WIDE = b"\x83\xfa\x01\x74\x01\xc3"  # cmp edx, 1; je; ret


def as_library(file: bytes) -> bytes:
    """The same program as a library."""
    return file[:COFF_FLAGS] + struct.pack("<H", LIBRARY) + file[COFF_FLAGS + 2 :]


def packed_library(plain: bytes, base: int = BASE) -> bytes:
    """A library that decrypts its first section if it is told that it was loaded."""
    code = loop(base + TEXT, len(plain)) + go(base + TEXT)
    file = as_library(program(ONLY_ATTACHED + code, xor(plain)))
    return file[:BASE_PLACE] + word(base) + file[BASE_PLACE + 4 :]


NEVER = b"\xbf" + word(BASE + TEXT) + b"\xb0\x01\xaa\xeb\xfd"  # stosb for ever


def noted(plain: bytes, *, filter: tuple[int, int] = (0, 0)) -> bytes:
    """A program that never ends, in front of which a note says how it is packed."""
    code = plain.ljust(0x1000, b"\0")
    section = Section(0x1000, TEXT, 0x1000, 0x200, 0x60000020, b".text")
    before = Pe((section,), entry=TEXT, size=0x200, image=0x3000).build()[64:]
    before = before[:28] + word(len(code)) + before[32:44] + word(TEXT) + before[48:]
    content = code + before
    packed = nrv.packed(content, "e", 4)
    sums = zlib.adler32(content), zlib.adler32(packed)
    sizes = len(content), len(packed), 0x1400
    note = struct.pack("<4s4B5I4B", b"UPX!", 13, 9, 8, 8, *sums, *sizes, *filter, 0, 0)
    raw = -(-len(packed) // 0x200) * 0x200 + 0x200
    sections = (
        Section(0x800000, TEXT, 0, 0x400, WRITABLE, b"UPX0"),
        Section(0x10000, TEXT + 0x800000, raw, 0x400, WRITABLE, b"UPX1"),
    )
    stub = packed.ljust(raw - 0x200, b"\0") + NEVER
    return Pe(
        sections,
        entry=TEXT + 0x800000 + raw - 0x200,
        size=0x400 + raw,
        contents=((0x400 - len(note), note), (0x400, stub)),
        image=0x900000,
        headers=0x400,
    ).build()
