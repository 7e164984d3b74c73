"""Make RAR archives by the format's own rules, content stored."""

import zlib
from dataclasses import dataclass

OLD = b"Rar!\x1a\x07\0"
NEW = b"Rar!\x1a\x07\1\0"


def number(value: int) -> bytes:
    """A number of variable length."""
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes((*out, value))


def block_old(kind: int, flags: int, fields: bytes, data: bytes = b"") -> bytes:
    """A block of the older format."""
    head = bytes((kind,)) + flags.to_bytes(2, "little")
    head += (7 + len(fields)).to_bytes(2, "little") + fields
    return (zlib.crc32(head) & 0xFFFF).to_bytes(2, "little") + head + data


@dataclass(frozen=True, slots=True)
class Entry:
    """A file in an archive."""

    name: bytes
    content: bytes
    flags: int = 0
    method: int = 0x30
    version: int = 29
    packed: bytes | None = None


def file_old(entry: Entry) -> bytes:
    """A file's block of the older format."""
    packed = entry.content if entry.packed is None else entry.packed
    fields = b"".join(
        (
            len(packed).to_bytes(4, "little"),
            len(entry.content).to_bytes(4, "little"),
            b"\3",
            zlib.crc32(entry.content).to_bytes(4, "little"),
            bytes(4),
            bytes((entry.version, entry.method)),
            len(entry.name).to_bytes(2, "little"),
            (0o100644).to_bytes(4, "little"),
            entry.name,
        )
    )
    return block_old(0x74, 0x8000 | entry.flags, fields, packed)


def old(*entries: Entry, flags: int = 0) -> bytes:
    """An archive of version 1.5 to 4."""
    return (
        OLD
        + block_old(0x73, flags, bytes(6))
        + b"".join(map(file_old, entries))
        + block_old(0x7B, 0x4000, b"")
    )


def block_new(kind: int, flags: int, fields: bytes, data: bytes = b"") -> bytes:
    """A block of version 5."""
    area = number(len(data)) if data else b""
    body = number(kind) + number(flags | (2 if data else 0)) + area + fields
    body = number(len(body)) + body
    return zlib.crc32(body).to_bytes(4, "little") + body + data


def file_new(entry: Entry) -> bytes:
    """A file's block of version 5."""
    fields = b"".join(
        (
            number(4),
            number(len(entry.content)),
            number(0o100644),
            zlib.crc32(entry.content).to_bytes(4, "little"),
            number(0),
            number(1),
            number(len(entry.name)),
            entry.name,
        )
    )
    return block_new(2, 0, fields, entry.content)


def new(*entries: Entry, flags: int = 0) -> bytes:
    """An archive of version 5."""
    main = block_new(1, 0, number(flags))
    return NEW + main + b"".join(map(file_new, entries)) + block_new(5, 0, number(0))
