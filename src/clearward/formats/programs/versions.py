"""Find the strings of the version information of a Windows program.

    VS_VERSION_INFO   length 2, length of the value 2, type 2, key, padding, the fixed
                      part (52 bytes, begins with BD 04 EF FE), then its children:
      StringFileInfo  length 2, 0 2, type 2, key, padding, tables:
        table         length 2, 0 2, type 2, key (8 digits), strings:
          string      length 2, length of the value 2, type 2, key, padding, value
      VarFileInfo     passed over

Keys are UTF-16 and end with a zero; each node begins at a multiple of four counted from
the start. Signatures with the offset ``VI`` begin where the key of a string begins.

Sources: Microsoft, "VS_VERSIONINFO structure"; which strings count when lengths are
wrong is what clamscan 1.4.6 answered.
"""

from collections.abc import Generator, Iterator
from struct import Struct

from clearward.core.reader import Reader
from clearward.formats.programs.pe import Program
from clearward.formats.programs.resources import Tree

TYPE = 16
MOST_RESOURCES = 16  # the first ones count
LENGTHS = Struct("<HH2x")
FIXED_SIZE = 52
FIXED_MAGIC = b"\xbd\x04\xef\xfe"
LARGEST = 0x10000  # bytes that lengths of 16 bits can speak of

LEAST_STRING = 20  # bytes with the padding; a shorter one ends it all

Span = tuple[int, int]  # of a node: where it begins, its length


def _key(text: str) -> bytes:
    return text.encode("utf-16-le") + b"\0\0"


VERSION = _key("VS_VERSION_INFO")
STRINGS = _key("StringFileInfo")
OTHERS = _key("VarFileInfo")
TABLE_HEAD = LENGTHS.size + 2 * 9
FIXED = LENGTHS.size + len(VERSION) + 2
CHILDREN = FIXED + FIXED_SIZE


def offsets(program: Program, reader: Reader) -> tuple[int, ...]:
    """Return the file offset of the key of each string, ascending in each resource."""
    found: list[int] = []
    for number, (address, size) in enumerate(Tree(program, reader).of_type(TYPE), 1):
        start = program.addresses.offset(address)
        if start is not None and 0 < size <= reader.size - start:
            data = reader.at(start, min(size, LARGEST))
            found += (start + place for place in strings(data))
        if number == MOST_RESOURCES:
            break
    return tuple(dict.fromkeys(found))


def strings(data: bytes) -> Iterator[int]:
    """Yield where keys of strings begin in a version resource."""
    end = _version_end(data)
    for place, length in _nodes(data, CHILDREN, end):
        key = place + LENGTHS.size
        if data.startswith(STRINGS, key):
            yield from _tables(data, key + len(STRINGS), place + length)
            return
        if not data.startswith(OTHERS, key) or length % 4:
            return


def _version_end(data: bytes) -> int:
    """Return where the children of the root end; 0 if it is not a version."""
    if len(data) < CHILDREN or not data.startswith(VERSION, LENGTHS.size):
        return 0
    length, value = LENGTHS.unpack_from(data)
    if value != FIXED_SIZE or not data.startswith(FIXED_MAGIC, FIXED):
        return 0
    return int(length) if length <= len(data) else 0


def _tables(data: bytes, start: int, end: int) -> Iterator[int]:
    for place, length in _nodes(data, start, end):
        whole = yield from _strings(data, place + TABLE_HEAD, place + length)
        if not whole:
            return


def _strings(data: bytes, start: int, end: int) -> Generator[int, None, bool]:
    """Yield where keys begin; return False where nothing behind is looked at."""
    following = _up(start)
    for place, length in _nodes(data, start, end):
        following = _up(place + length)
        if _up(length) < LEAST_STRING or following > end:
            return False
        key = place + LENGTHS.size
        if _has_value(data, key, place + length):
            yield key
    return end - following < LENGTHS.size


def _has_value(data: bytes, start: int, end: int) -> bool:
    """Say whether a key ends before its string does."""
    for place in range(start, end - 1, 2):
        if data[place : place + 2] == b"\0\0":
            return _up(place + 2) < end
    return False


def _nodes(data: bytes, start: int, end: int) -> Iterator[Span]:
    """Yield place and length of nodes, one behind the other, up to a wrong one."""
    place = _up(start)
    while LENGTHS.size <= end - place:
        length = int.from_bytes(data[place : place + 2], "little")
        if not LENGTHS.size < length <= end - place:
            return
        yield place, length
        place = _up(place + length)


def _up(place: int) -> int:
    return place + -place % 4
