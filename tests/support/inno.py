"""Build installers of Inno Setup, by its rules."""

import struct
import zlib
from dataclasses import dataclass

from support.carriers import windows
from support.installers import lzma_stream

TABLE = b"rDlPtS\xcd\xe6\xd7\x7b\x0b\x2a"
CHUNK = b"zlb\x1a"
BLOCK = 64 * 1024


@dataclass(frozen=True, slots=True)
class File:
    """A file of a chunk."""

    data: bytes
    calls: bool = False


def block(data: bytes, *, wide: bool = False) -> bytes:
    """A block of the header."""
    packed = lzma_stream(data)
    pieces = b""
    for at in range(0, len(packed), 4096):
        piece = packed[at : at + 4096]
        pieces += struct.pack("<I", zlib.crc32(piece)) + piece
    fields = struct.pack("<QB" if wide else "<IB", len(pieces), 1)
    return struct.pack("<I", zlib.crc32(fields)) + fields + pieces


def location(
    chunk: int, packed: int, start: int, size: int, *, flags: int, slice: int = 0
) -> bytes:
    """An entry of 5.3.9 to 6.3."""
    fields = struct.pack("<IIIQQQ", slice, slice, chunk, start, size, packed)
    return fields + bytes(20) + bytes(16) + struct.pack("<H", flags)


def header(script: bytes, locations: bytes, version: str = "5.5.7") -> bytes:
    """The header, its blocks behind each other."""
    front = f"Inno Setup Setup Data ({version})".encode().ljust(64, b"\0")
    return front + block(script) + block(locations)


def changed(data: bytes) -> bytes:
    """A program whose calls were made absolute, block by block."""
    output = b""
    for start in range(0, len(data), BLOCK):
        part = bytearray(data[start : start + BLOCK])
        at = 0
        while at + 5 <= len(part):
            if part[at] in (0xE8, 0xE9):
                if part[at + 4] in (0, 0xFF):
                    address = int.from_bytes(part[at + 1 : at + 4], "little")
                    if address & 0x800000:
                        part[at + 4] ^= 0xFF
                    address = (address + start + at + 5) & 0xFFFFFF
                    part[at + 1 : at + 4] = address.to_bytes(3, "little")
                at += 4
            at += 1
        output += part
    return output


def data(chunks: list[tuple[bytes, list[File]]]) -> tuple[bytes, bytes]:
    """Data of chunks, each packed already, and the entries of their files."""
    stored, entries = b"", b""
    for packed, files in chunks:
        start = 0
        for file in files:
            flags = 0x80 | 0x10 * file.calls
            size = len(file.data)
            entries += location(len(stored), len(packed), start, size, flags=flags)
            start += size
        stored += CHUNK + packed
    return stored, entries


def plain(files: list[File]) -> bytes:
    """What a chunk of these files holds."""
    return b"".join(changed(file.data) if file.calls else file.data for file in files)


def program(stored: bytes, head: bytes, *, table: bool = True) -> bytes:
    """A program with data and header behind it."""
    size = 12 + 32
    empty = windows((0x1000, b"code" * 100), (0x2000, bytes(size)), resources=0x2000)
    places = struct.pack("<II", len(empty) + len(stored), len(empty))
    told = TABLE + struct.pack("<I", 1) + bytes(16) + places + bytes(4)
    content = told if table else bytes(size)
    sections = ((0x1000, b"code" * 100), (0x2000, content))
    return windows(*sections, resources=0x2000) + stored + head
