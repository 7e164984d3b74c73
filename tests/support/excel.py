"""Write records of workbooks of Excel 97 to 2003 (MS-XLS 2.1.4)."""

from struct import pack


def record(kind: int, content: bytes) -> bytes:
    """One record."""
    return pack("<HH", kind, len(content)) + content


def begin(kind: int) -> bytes:
    """The begin of a sheet."""
    return record(0x0809, pack("<HH", 0x0600, kind) + bytes(12))


def text(value: bytes) -> bytes:
    """A string in a formula."""
    return bytes((0x17, len(value), 0)) + value
