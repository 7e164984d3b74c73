"""Unpack OneNote sections: the files and pictures that lie in them.

A section as programs store it holds each file in an object of its own:

    offset  length  field
    0       16      E7 16 E3 BD 65 26 11 45 A4 C4 8D 4D 0B 7A 9E AC
    16      8       bytes of the file, little-endian
    24      12      not used
    36              the file, padded to a multiple of 8
            16      22 A7 FB 71 79 0F 0B 4A BB 13 89 92 56 42 6B 24

A section as the web stores it is a stream of elements. That of a file:

    offset  length  field
    0       25      80, and a serial number
    25      1       15: the element is a file
    26      2, 4    header: kind (2 bits: 0 short, 2 long), compound (1), type 2
                    (6, 14), bytes (7, 15); all 15 set: the length follows instead
                    length of the file, compact; the file

Files are looked for by these bytes in all of the section, so that damaged lists hide
none. All else in a section (text, names, links) stands in it as it is. A section locked
with a password has a node 07C in one of its lists, which begin with C4 F4 F7 F5 B1 7A
56 A4.

Source: MS-ONESTORE 2.4.1, 2.4.3, 2.5.19 and 2.6.13; MS-FSSHTTPB 2.2.1.1, 2.2.1.5 and
2.2.1.12.8.
"""

from collections.abc import Iterator
from struct import Struct

from clearward.core.errors import Truncated
from clearward.core.part import Gap, Item, Part
from clearward.core.reader import Reader
from clearward.core.reasons import Reason
from clearward.formats.search import find

NAME = "onenote"
OBJECT = bytes.fromhex("e716e3bd65261145a4c48d4d0b7a9eac")
OBJECT_END = bytes.fromhex("22a7fb71790f0b4abb13899256426b24")
LIST = bytes.fromhex("c4f4f7f5b17a56a4")
WEB = bytes.fromhex("2fe98d63d4a6c14b9a36b3fc2511a5b7")  # of the file's format, at 48
KEY_NODE = 0x07C
ENDS = (0, 0x0FF)  # of a list: nothing, or it goes on elsewhere

_LENGTH = Struct("<Q")
_NODE = Struct("<I")
_OBJECT_HEAD = 36
_LIST_HEAD = 16
_ALIGN = 8
_BLOB = b"\x15"
_BLOB_TYPE = 2
_SERIAL = 25
_HEADS = 32  # bytes in which the headers of a blob end
LARGE = 0x7FFF


def unpack(section: Reader) -> Iterator[Item]:
    """Yield each file that lies in a section.

    Raises:
        Truncated: a file is longer than what is left of the section. What there is of
            it, and all others, were yielded.
    """
    cut = -1
    place = find(section, OBJECT)
    while place >= 0:
        head = section.at(place, _OBJECT_HEAD)
        start = place + _OBJECT_HEAD
        if len(head) < _OBJECT_HEAD:
            break
        (size,) = _LENGTH.unpack_from(head, len(OBJECT))
        left = section.size - start
        if size > left:
            cut = place
        yield Part(section.slice(start, min(size, left)))
        end = start + size + -size % _ALIGN
        whole = section.at(end, len(OBJECT_END)) == OBJECT_END
        place = find(section, OBJECT, end if whole else start)
    if section.at(48, len(WEB)) == WEB:
        yield from _blobs(section)
    if _locked(section):
        yield Gap(Reason.ENCRYPTED)
    if cut >= 0:
        raise Truncated(NAME, cut, "length of a file")


def _blobs(section: Reader) -> Iterator[Item]:
    """Yield the files of a section as the web stores it."""
    place = find(section, _BLOB)
    while place >= 0:
        end = place + 1
        if section.at(place - _SERIAL, 1) == b"\x80":
            blob = _blob(section, place + 1)
            if blob is not None:
                yield Part(blob)
                end = place + 1 + blob.size
        place = find(section, _BLOB, end)


def _blob(section: Reader, place: int) -> Reader | None:
    """Return the file whose header is at a place, None if that is none."""
    head = section.at(place, _HEADS).ljust(_HEADS, b"\0")
    value = int.from_bytes(head[:4], "little")
    used = 4
    if value & 7 == 0:
        kind, size, used = value >> 3 & 0x3F, value >> 9 & 0x7F, 2
    elif value & 7 == 2:  # noqa: PLR2004 - a long header that is not compound
        kind, size = value >> 3 & 0x3FFF, value >> 17
    else:
        return None
    if size == LARGE and used > 2:  # noqa: PLR2004 - the same
        size, length = _compact(head, used)
        used += length
    inner, length = _compact(head, used)
    start = place + used + length
    if kind != _BLOB_TYPE or inner + length != size or start >= section.size:
        return None
    return section.slice(start, min(inner, section.size - start))


def _compact(head: bytes, place: int) -> tuple[int, int]:
    """Return a compact number, and the bytes it takes: 1 to 9, as its low bits say."""
    first = head[place]
    if first == 0:
        return 0, 1
    shift = (first & -first).bit_length()
    length = shift if first != 0x80 else 9  # noqa: PLR2004 - eight bytes follow
    value = int.from_bytes(head[place : place + length], "little")
    return value >> (8 if length > 8 else shift), length  # noqa: PLR2004


def _locked(section: Reader) -> bool:
    """Say whether a list of the section has a node with a key."""
    place = find(section, LIST)
    while place >= 0:
        place += _LIST_HEAD
        while len(node := section.at(place, _NODE.size)) == _NODE.size:
            (value,) = _NODE.unpack(node)
            kind, size = value & 0x3FF, value >> 10 & 0x1FFF
            if kind == KEY_NODE:
                return True
            if kind in ENDS or size < _NODE.size:
                break
            place += size
        place = find(section, LIST, place)
    return False
