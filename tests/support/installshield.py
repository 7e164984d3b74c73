"""Build what InstallShield makes, by the rules of each."""

import struct
import zlib
from dataclasses import dataclass

from support.installers import deflated

FRONT = 20
OLD_VERSION, NEW_VERSION, WIDE_VERSION = 0x01005006, 0x01009500, 0x04000000 | 1900
BLOCK = 16 * 1024
START = 512  # of data and description


@dataclass(frozen=True, slots=True)
class File:
    """A file of a cabinet."""

    name: str
    data: bytes
    flags: int = 4
    volume: int = 1
    linked: bool = False

    def content(self) -> bytes:
        """The content as it is stored."""
        data = blocks(self.data) if self.flags & 4 else self.data
        return covered(data) if self.flags & 2 else data


def blocks(data: bytes) -> bytes:
    """Data in blocks of deflate, each behind its length."""
    packed = b""
    for at in range(0, len(data), BLOCK):
        block = deflated(data[at : at + BLOCK])
        packed += struct.pack("<H", len(block)) + block
    return packed


def one_stream(data: bytes) -> bytes:
    """Data as older ones pack them: a stream that is flushed and not ended."""
    packer = zlib.compressobj(wbits=-15)
    return packer.compress(data) + packer.flush(zlib.Z_SYNC_FLUSH)


def covered(data: bytes) -> bytes:
    """Data changed by their place."""
    output = bytearray()
    for at, value in enumerate(data):
        plus = (value + at % 0x47) & 0xFF
        output.append(((plus << 2 | plus >> 6) & 0xFF) ^ 0xD5)
    return bytes(output)


def cabinet(
    *files: File, version: int = NEW_VERSION, extra: bytes = b""
) -> tuple[bytes, bytes]:
    """The header of a set, and its first cabinet, which holds the files."""
    data = b""
    starts = []
    for file in files:
        starts.append(START + len(data))
        data += file.content()
    if version == OLD_VERSION:
        volume = struct.pack("<II8I", START, 0, 0, len(files) - 1, 0, 0, 0, 0, 0, 0)
        described = old_description(files, starts)
    else:
        numbers = (0, len(files) - 1, 0, 0, 0, 0, 0, 0)
        volume = struct.pack("<QIIIQQQQQQ", START, 0, *numbers)
        described = new_description(files, starts, wide=version == WIDE_VERSION)
    front = b"ISc(" + struct.pack("<II", version, 0)
    total = START + len(described)
    header = front + struct.pack("<III", START, len(described), total)
    plain = front + struct.pack("<II", START, 0) + volume
    return (
        header.ljust(START, b"\0") + described,
        plain.ljust(START, b"\0") + data + extra,
    )


def new_description(files: tuple[File, ...], starts: list[int], *, wide: bool) -> bytes:
    """The description of version 6 and later."""
    entries, names = b"", b""
    first = 0x57 * len(files)
    for file, start in zip(files, starts, strict=True):
        packed = len(file.content())
        entries += struct.pack("<HQQQ", file.flags, len(file.data), packed, start)
        entries += bytes(32) + struct.pack("<IH", first + len(names), 0) + bytes(12)
        entries += struct.pack("<IIBH", 0, 0, file.linked, file.volume)
        names += (file.name + "\0").encode("utf-16-le" if wide else "latin-1")
    return description(len(files), 0) + entries + names


def old_description(files: tuple[File, ...], starts: list[int]) -> bytes:
    """The description of version 5."""
    table, entries, names = b"", b"", b""
    first = 4 * len(files)
    behind = first + 0x3A * len(files)
    for file, start in zip(files, starts, strict=True):
        table += struct.pack("<I", first + len(entries))
        sizes = (len(file.data), len(file.content()))
        entries += struct.pack("<IIHII", behind + len(names), 0, file.flags, *sizes)
        entries += bytes(20) + struct.pack("<I", start) + bytes(16)
        names += file.name.encode() + b"\0"
    return description(len(files), 0) + table + entries + names


def description(count: int, second: int) -> bytes:
    """The front of a description, 48 bytes with the table right behind."""
    return struct.pack("<12xI4x8xI8xII", 48, 0, count, second)


def setup_list(*files: tuple[str, bytes], wide: bool = False) -> bytes:
    """Files behind Setup.exe."""
    data = b""
    for name, content in files:
        texts = (name, f"Disk1\\{name}", "11.0.0.28844", f"{len(content)}")
        coding = "utf-16-le" if wide else "latin-1"
        data += b"".join((text + "\0").encode(coding) for text in texts) + content
    return data


def setup_stream(
    *files: tuple[str, bytes], flags: int = 6, new: bool = False, times: bool = True
) -> bytes:
    """Files for the Windows Installer."""
    magic = b"ISSetupStream\0" if new else b"InstallShield\0"
    data = magic + struct.pack("<H", len(files)) + bytes(30)
    for name, content in files:
        packed = hidden(name.encode(), zlib.compress(content), flags)
        if new:
            wide = name.encode("utf-16-le")
            data += struct.pack("<II2xI8xH", len(wide), flags, len(packed), 1)
            data += b"\xff" * 24 * times + wide
        else:
            data += name.encode().ljust(260, b"\0")
            data += struct.pack("<I4xI8xH30x", flags, len(packed), 1)
        data += packed
    return data


def hidden(name: bytes, data: bytes, flags: int) -> bytes:
    """Content combined with its name."""
    if not flags & 6:
        return data
    period = 1024 if flags & 4 else len(data)
    output = bytearray()
    for at, value in enumerate(data):
        place = at % period % len(name)
        mixed = ~value & 0xFF ^ name[place] ^ (0x13, 0x35, 0x86, 0x07)[place % 4]
        output.append((mixed << 4 | mixed >> 4) & 0xFF)
    return bytes(output)


def dcl_plain(data: bytes) -> bytes:
    """Data in a stream of PKWARE's library, byte by byte, and its end."""
    bits = "".join("0" + f"{byte:08b}"[::-1] for byte in data)
    bits += "1" + "0000000" + "11111111"  # a match of 519
    bits += "0" * (-len(bits) % 8)
    pieces = (bits[at : at + 8] for at in range(0, len(bits), 8))
    return b"\0\4" + bytes(int(piece[::-1], 2) for piece in pieces)


def old_archive(*files: tuple[str, str, bytes, int]) -> bytes:
    """An archive of version 3: folder, name, content and attributes of each file."""
    data, folders, entries = b"", b"", b""
    for folder, name, content, attributes in files:
        packed = content if attributes & 16 else dcl_plain(content)
        folders += struct.pack("<HHH", 1, 6 + len(folder) + 1, len(folder))
        folders += folder.encode() + b"\0"
        sizes = (len(content), len(packed), 51 + len(data))
        entries += bytes(3) + struct.pack("<III8x", *sizes)
        entries += struct.pack("<HBBxB", 30 + len(name), attributes, 0, 1)
        entries += bytes((len(name),)) + name.encode()
        data += packed
    front = b"\x13\x5d\x65\x8c\x3a\x01\x02\0".ljust(41, b"\0")
    front += struct.pack("<I4xH", 51 + len(data), len(files))
    return front + data + folders + entries
