"""Build what PyInstaller makes, by its rules."""

import marshal
import struct
import zlib

MAGIC = b"MEI\x0c\x0b\x0a\x0b\x0e"


def pyz(
    modules: dict[str, bytes], *, as_dict: bool = False, encrypted: bool = False
) -> bytes:
    """An archive of modules."""
    data = b"PYZ\0" + b"\xa7\r\r\n" + bytes(4) + b"\0" * 5
    table = []
    for name, content in modules.items():
        packed = zlib.compress(content)
        if encrypted:
            packed = bytes(16) + packed[::-1]
        table.append((name, (0, len(data), len(packed))))
        data += packed
    place = struct.pack(">I", len(data))
    written = marshal.dumps(dict(table) if as_dict else table)
    return data[:8] + place + data[12:] + written


def archive(files: dict[str, tuple[bytes, bool]], *, old: bool = False) -> bytes:
    """An archive with its cookie; each file with whether it is packed."""
    data = b""
    table = b""
    for name, (content, is_packed) in files.items():
        packed = zlib.compress(content) if is_packed else content
        named = name.encode() + b"\0"
        named += bytes(-(18 + len(named)) % 16)
        sizes = (18 + len(named), len(data), len(packed), len(content))
        table += struct.pack(">4IBc", *sizes, is_packed, b"b") + named
        data += packed
    cookie = 24 if old else 88
    length = len(data) + len(table) + cookie
    fields = struct.pack(">4I", length, len(data), len(table), 311)
    return data + table + (MAGIC + fields).ljust(cookie, b"\0")
