"""Names of files in the metadata of a Windows image.

Layout, numbers little-endian, places counted from the start (Windows Imaging File
Format): length of the security data (4), which end at the next 8 bytes. Then entries,
the first of them the root's, each at such a place: length (8; none ends a folder),
attributes (4), security (4), place of the entries inside (8); at 64 SHA-1 of the
content (20), at 96 number of named streams (2), length of a short name (2) and of the
name (2), the name in UTF-16. A named stream: length (8), at 16 SHA-1 (20), length of
the name (2), name.
"""

from collections.abc import Iterator
from struct import Struct

ENTRY = Struct("<Q8xQ40x20s12xHHH")
STREAM = Struct("<Q8x20sH")
NOTHING = bytes(20)


def names(data: bytes) -> dict[bytes, bytes]:
    """Return the ways to files by the SHA-1 of their content, as far as they stand."""
    found: dict[bytes, bytes] = {}
    root = _up(int.from_bytes(data[:4], "little"))
    waiting, known = [(root, b"")], {root}
    while waiting:
        place, path = waiting.pop()
        for digest, name, inside in _folder(data, place):
            way = path + b"/" + name if path else name
            if digest != NOTHING:
                found.setdefault(digest, way)
            if inside and inside not in known:
                known.add(inside)
                waiting.append((inside, way))
    return found


def _folder(data: bytes, place: int) -> Iterator[tuple[bytes, bytes, int]]:
    """Yield digest, name and place of the entries inside, for all of a folder."""
    while place + ENTRY.size <= len(data):
        length, inside, digest, streams, _, size = ENTRY.unpack_from(data, place)
        if length < ENTRY.size:
            return
        name = _text(data[place + ENTRY.size : place + ENTRY.size + size])
        yield digest, name, inside
        place = _up(place + length)
        for _ in range(streams):
            if place + STREAM.size > len(data):
                return
            length, digest, size = STREAM.unpack_from(data, place)
            text = _text(data[place + STREAM.size : place + STREAM.size + size])
            yield digest, name + b":" + text if text else name, 0
            place = _up(place + max(length, STREAM.size))


def _up(place: int) -> int:
    return -(-place // 8) * 8


def _text(data: bytes) -> bytes:
    return data.decode("utf-16-le", "replace").encode()
