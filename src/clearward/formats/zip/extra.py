"""The extra field behind a name, of which only the zip64 sizes are read.

Layout (APPNOTE 4.5.1): records of id (2 bytes), length (2 bytes) and that many bytes.
The zip64 record has id 1 and holds 8-byte numbers, but only for those fields of the
header that are all ones, in this order: size, packed size, offset (APPNOTE 4.5.3).
"""

from collections.abc import Iterable
from struct import unpack_from

ZIP64 = 1
WIDE = 8  # bytes of a number there
ALL_ONES = 0xFFFFFFFF


def widened(extra: bytes, values: Iterable[int]) -> list[int]:
    """Return header fields with those that are all ones replaced from zip64.

    Args:
        extra: the whole extra field.
        values: the 4-byte fields in the order of the zip64 record.
    """
    content = _zip64(extra)
    wide = []
    for value in values:
        if value == ALL_ONES and len(content) >= WIDE:
            wide.append(int.from_bytes(content[:WIDE], "little"))
            content = content[WIDE:]
        else:
            wide.append(value)
    return wide


def _zip64(extra: bytes) -> bytes:
    offset = 0
    while offset + 4 <= len(extra):
        kind, size = unpack_from("<HH", extra, offset)
        if kind == ZIP64:
            return extra[offset + 4 : offset + 4 + size]
        offset += 4 + size
    return b""
