"""Objects of the first OLE, and the files that the packager put into them.

An object, as Rich Text documents hold it, numbers little-endian:

    offset  length  field
    0       4       version, of no meaning
    4       4       kind: 1 a link, 2 embedded, 5 and 0 a picture only
    8               class, topic, item: each a length (4) and so many bytes
            4       length of the data
                    the data, then a picture of it: another object

The data of the class "Package", and the stream Ole10Native, which has the length of
what follows (4) in front:

    offset  length  field
    0       2       2
    2               label, path: each ends with a zero byte
            2, 2    0, 3 for a file; 1 for a link
            4       length of the temporary path, and the path
            4       length of the file, and the file
                    the same names once more, UTF-16

Source: MS-OLEDS 2.2.4, 2.2.5 and 2.3.6; the packager's fields as published in the
descriptions of Ole10Native.
"""

from dataclasses import dataclass
from struct import Struct, error

EMBEDDED = 2
LONGEST_NAME = 4096
_OBJECT = Struct("<II")
_LENGTH = Struct("<I")
_KIND = Struct("<HH")
_SIGNATURE = b"\x02\0"


@dataclass(frozen=True, slots=True)
class Span:
    """Where something lies in the bytes it was looked for in.

    Attributes:
        name: as the object says it, raw; empty if it says none.
        start: its first byte.
        end: the byte behind its last; never behind the end of the bytes.
        whole: it is as long as the object says.
    """

    name: bytes
    start: int
    end: int
    whole: bool


def embedded(data: bytes) -> Span | None:
    """Return where the data of an object of the first OLE lie, None if it has none."""
    try:
        _, kind = _OBJECT.unpack_from(data)
        if kind & 0xFF != EMBEDDED:
            return None
        place = _OBJECT.size
        names = []
        for _ in range(3):
            (length,) = _LENGTH.unpack_from(data, place)
            place += _LENGTH.size
            if length > LONGEST_NAME:
                return None
            names.append(data[place : place + length].rstrip(b"\0"))
            place += length
        (length,) = _LENGTH.unpack_from(data, place)
    except error:
        return None
    place += _LENGTH.size
    end = min(place + length, len(data))
    return Span(names[0], place, end, end - place == length)


def packaged(data: bytes, place: int = 0) -> Span | None:
    """Return where the file of a package lies, None if there is none.

    Args:
        data: the data of a package, or the stream Ole10Native.
        place: where the package begins: 4 in Ole10Native.
    """
    if data[place : place + 2] != _SIGNATURE:
        return None
    place += 2
    names = []
    for _ in range(2):
        end = data.find(b"\0", place, place + LONGEST_NAME)
        if end < 0:
            return None
        names.append(data[place:end])
        place = end + 1
    try:
        _KIND.unpack_from(data, place)
        (length,) = _LENGTH.unpack_from(data, place + _KIND.size)
        place += _KIND.size + _LENGTH.size
        if length > LONGEST_NAME:
            return None
        place += length
        (length,) = _LENGTH.unpack_from(data, place)
    except error:
        return None
    place += _LENGTH.size
    end = min(place + length, len(data))
    return Span(names[0], place, end, end - place == length)
