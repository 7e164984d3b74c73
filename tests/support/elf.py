"""ELF programs that are made of sections."""

import struct

COMPRESSED = 0x800
Row = tuple[bytes, int, bytes]  # name, flags, content


def program(*rows: Row, wide: bool = True, order: str = "<") -> bytes:
    """A program with these sections, and one of their names behind them."""
    names = b"\0" + b"".join(name + b"\0" for name, _, _ in rows) + b".names\0"
    all_rows = [(b"", 0, b""), *rows, (b".names", 0, names)]
    data, table = b"", b""
    start = 64 if wide else 52
    for name, flags, content in all_rows:
        place = names.index(b"\0" + name + b"\0") + 1 if name else 0
        fields = (place, 1, flags, 0, start + len(data), len(content), 0, 0, 1, 0)
        table += struct.pack(order + ("IIQQQQIIQQ" if wide else "10I"), *fields)
        data += content
    identity = bytes((1 + wide, 1 if order == "<" else 2, 1))
    head = b"\x7fELF" + identity.ljust(12, b"\0") + struct.pack(order + "HHI", 2, 62, 1)
    count = len(all_rows)
    head += struct.pack(
        order + ("QQQI" if wide else "IIII"), 0, 0, start + len(data), 0
    )
    row = 64 if wide else 40
    head += struct.pack(order + "6H", start, 0, 0, row, count, count - 1)
    return head + data + table


def front(kind: int, size: int, *, wide: bool = True, order: str = "<") -> bytes:
    """What stands in front of a compressed section's bytes."""
    if wide:
        return struct.pack(order + "IIQQ", kind, 0, size, 1)
    return struct.pack(order + "III", kind, size, 1)
