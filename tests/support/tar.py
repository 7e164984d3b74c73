"""Build tar archives block by block."""

import shutil
from collections.abc import Iterator

from clearward.core.part import Item
from support.parts import named

TOOL = shutil.which("tar")
GNU = b"ustar  \0"
POSIX = b"ustar\x0000"
END = bytes(1024)


def header(
    name: bytes, size: int | bytes, kind: bytes = b"0", magic: bytes = POSIX
) -> bytes:
    """A header block with a good checksum."""
    field = size if isinstance(size, bytes) else b"%011o\0" % size
    front = name.ljust(100, b"\0") + b"0000644\0" * 3 + field + b"00000000000\0"
    data = (front + b" " * 8 + kind + bytes(100) + magic).ljust(512, b"\0")
    return data[:148] + b"%06o\0 " % sum(data) + data[156:]


def padded(content: bytes) -> bytes:
    return content + bytes(-len(content) % 512)


def member(
    name: bytes, content: bytes = b"", kind: bytes = b"0", magic: bytes = POSIX
) -> bytes:
    return header(name, len(content), kind, magic) + padded(content)


def pax(kind: bytes = b"x", **records: bytes) -> bytes:
    text = b""
    for key, value in records.items():
        line = b" %s=%s\n" % (key.replace("__", ".").encode(), value)
        length = len(line) + len(str(len(line) + 3))
        length += len(str(length)) + len(line) - length
        text += b"%d" % length + line
    return member(b"pax", text, kind)


def spoiled(data: bytes) -> bytes:
    """A header block whose checksum is wrong."""
    return data[:150] + b"777" + data[153:]


def names(items: Iterator[Item]) -> list[bytes]:
    return [name for name, _ in named(items)]
