"""Documents as Word wrote them until 2003: an OLE file with its text in a stream.

Only the file system is right, and the text is where it was; the headers of the streams
say nothing. Sectors have 512 bytes:

    0       allocation table
    1       directory
    2...    the streams, each at least 4,096 bytes, so that none is a small one

Source: MS-CFB, sections 2.2 to 2.6.
"""

import struct
from collections.abc import Iterator

from clearward.linting.documents.document import Document, Written

_SECTOR = 512
_LEAST = 4096
_FREE = 0xFFFFFFFF
_END = 0xFFFFFFFE
_TABLE = 0xFFFFFFFD
_ENTRY = struct.Struct("<64sHBBIII16sIQQIQ")


def compound(document: Document) -> Iterator[Written]:
    """Yield it as a Word document, with wide text, and as a worksheet."""
    name = document.marking
    block = b"\xec\xa5\xc1\0" + bytes(508)  # nothing of it is set: not encrypted
    sheet = b"\x09\x08\x10\0\0\x06\x05\0" + bytes(12) + b"\x0a\0\0\0"
    wide = document.text.replace("\n", "\r").encode("utf-16-le")
    yield Written(f"{name}.doc", ole({"WordDocument": block + wide}))
    narrow = document.text.encode("utf-8")
    yield Written(f"{name}.narrow.doc", ole({"WordDocument": block + narrow}))
    yield Written(f"{name}.xls", ole({"Workbook": sheet + wide}))


def ole(streams: dict[str, bytes]) -> bytes:
    """Return an OLE file; there is room for three streams of 60,000 bytes in all."""
    table = [_TABLE, _END]
    entries = [_entry("Root Entry", 5, _FREE, 0, child=1)]
    body = bytearray()
    for number, (name, data) in enumerate(streams.items(), 1):
        padded = data + bytes(
            max(_LEAST, -(-len(data) // _SECTOR) * _SECTOR) - len(data)
        )
        start = len(table)
        count = len(padded) // _SECTOR
        table += [*range(start + 1, start + count), _END]
        right = number + 1 if number < len(streams) else _FREE
        entries.append(_entry(name, 2, start, len(padded), right=right))
        body += padded
    entries += [_entry("", 0, 0, 0)] * (_SECTOR // _ENTRY.size - len(entries))
    table += [_FREE] * (_SECTOR // 4 - len(table))
    header = struct.pack(
        "<8s16xHHHHH6xIIIIIIIII",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        *(0x3E, 3, 0xFFFE, 9, 6),
        *(0, 1, 1, 0, _LEAST, _END, 0, _END, 0),
    )
    places = struct.pack("<109I", 0, *[_FREE] * 108)
    allocation = struct.pack(f"<{len(table)}I", *table)
    return header + places + allocation + b"".join(entries) + bytes(body)


def _entry(
    name: str,
    kind: int,
    start: int,
    size: int,
    *,
    right: int = _FREE,
    child: int = _FREE,
) -> bytes:
    coded = name.encode("utf-16-le")
    length = len(coded) + 2 if name else 0
    start = start if start != _FREE else _END
    return _ENTRY.pack(
        coded, length, kind, 1, _FREE, right, child, b"", 0, 0, 0, start, size
    )
