"""Small Windows programs that unpack themselves, assembled by hand."""

import struct

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
