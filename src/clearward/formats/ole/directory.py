"""The directory of an OLE2 compound file: names of streams, and where they begin.

Layout of an entry, 128 bytes, little-endian (MS-CFB 2.6):

    offset  length  field
    0       64      name, UTF-16, ends with NUL
    64      2       bytes of the name, NUL included
    66      1       kind: 0 none, 1 storage, 2 stream, 5 root
    68      12      left and right sibling, and first child: numbers of entries
    80      16      class
    116     4       first sector
    120     8       bytes; only the lower 32 bits count in version 3

Siblings are a tree by name, but nothing here asks for its order. Entries that the tree
does not reach are listed too: programs that repair files find them.

The names of streams in installer packages are packed, two characters into one of those
from U+3800 on; they are shown unpacked.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from struct import Struct

from clearward.core.reader import Reader
from clearward.formats.ole.table import HIGHEST

SIZE = 128
STORAGE, STREAM, ROOT = 1, 2, 5
PATH_MOST = 1024  # bytes of a path that are kept, the last ones
AT_ONCE = 2048  # entries read together

_FIELDS = Struct("<64sHBxIII16s20xIQ")
_PACKED = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz._"
_FIRST, _SINGLE, _TABLE = 0x3800, 0x4800, 0x4840


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry that is in use.

    Attributes:
        number: its place in the directory.
        name: as stored.
        kind: `STORAGE`, `STREAM` or `ROOT`.
        links: left and right sibling.
        child: first entry inside.
        clsid: class of the object.
        start: first sector.
        size: bytes.
    """

    number: int
    name: str
    kind: int
    links: tuple[int, int]
    child: int
    clsid: bytes
    start: int
    size: int


@dataclass(frozen=True, slots=True)
class Placed:
    """An entry and where it was found.

    Attributes:
        entry: the entry.
        path: names from the root to this one, joined with slashes, unpacked.
        storage: number of the entry that it is in; -1 if the tree does not reach it.
    """

    entry: Entry
    path: bytes
    storage: int


def entries(directory: Reader, *, large: bool) -> Iterator[Entry]:
    """Yield what is in use, in the order of the directory.

    Args:
        directory: its bytes.
        large: sizes have 64 bits.
    """
    most = (1 << 64) - 1 if large else (1 << 32) - 1
    for offset in range(0, directory.size, SIZE * AT_ONCE):
        data = directory.at(offset, SIZE * AT_ONCE)
        for at in range(0, len(data) - SIZE + 1, SIZE):
            fields = _FIELDS.unpack_from(data, at)
            raw, length, kind, left, right, child, clsid, start, size = fields
            if kind not in (STORAGE, STREAM, ROOT):
                continue
            number = (offset + at) // SIZE
            name = _name(raw, length)
            yield Entry(
                number, name, kind, (left, right), child, clsid, start, size & most
            )


def placed(found: list[Entry]) -> Iterator[Placed]:
    """Yield all entries but the root with their paths, those in the tree first."""
    known = {entry.number: entry for entry in found}
    roots = [entry for entry in found if entry.kind == ROOT][:1]
    seen = {entry.number for entry in roots}
    waiting = [(entry.child, b"", entry.number) for entry in roots]
    while waiting:
        number, above, storage = waiting.pop()
        if number > HIGHEST or number in seen or number not in known:
            continue
        seen.add(number)
        entry = known[number]
        path = _below(above, unpacked(entry.name))
        yield Placed(entry, path, storage)
        if entry.kind != STREAM:
            waiting.append((entry.child, path, number))
        waiting += [(link, above, storage) for link in reversed(entry.links)]
    for entry in found:
        if entry.number not in seen:
            yield Placed(entry, _below(b"orphan", unpacked(entry.name)), -1)


def unpacked(name: str) -> str:
    """Return the name of a stream as an installer shows it."""
    if not all(_FIRST <= ord(each) <= _TABLE for each in name):
        return name
    found = []
    for each in name:
        code = ord(each)
        if code == _TABLE:
            found.append("!")
        elif code >= _SINGLE:
            found.append(_PACKED[code - _SINGLE])
        else:
            low, high = (code - _FIRST) & 0x3F, (code - _FIRST) >> 6
            found.append(_PACKED[low] + _PACKED[high])
    return "".join(found)


def _name(raw: bytes, length: int) -> str:
    if not 1 < length <= len(raw) or length % 2:
        length = len(raw)
    return raw[:length].decode("utf-16-le", "replace").split("\0")[0]


def _below(above: bytes, name: str) -> bytes:
    own = name.encode("utf-8", "replace")
    return (above + b"/" + own if above else own)[-PATH_MOST:]
