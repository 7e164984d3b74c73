"""The tables of SquashFS: what files there are, and what they are called.

Every inode begins with type (2), mode, owner, group (2 each), time (4), number (4). Of
a file follows where its blocks begin, the fragment that its end lies in and where in
it, its size, and the length of each block (4; 1000000: not packed; 0: zeros).

A listing: entries less one (4), place (4), number of an inode (4); for each entry place
(2), what to add to that number (2, signed), type (2), length of the name less one (2),
name. The tables are read from front to back, not from the root, so that no broken
folder hides a file.

Source: Linux documentation, filesystems/squashfs; Linux fs/squashfs/squashfs_fs.h for
the order of the fields.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from struct import Struct

from clearward.core.errors import Malformed, Truncated
from clearward.core.reader import Stream

NAME = "squashfs"
HEADER = Struct("<HHHHII")
FILE, LONG_FILE = 2, 9
SHORT = Struct("<IIII")
LONG = Struct("<QQQIIII")
# Bytes of the other types; a link and a folder of the long kind have more behind it.
SIZES = {
    1: 16,
    3: 8,
    4: 8,
    5: 8,
    6: 4,
    7: 4,
    8: 24,
    10: 8,
    11: 12,
    12: 12,
    13: 8,
    14: 8,
}
LINK, LONG_LINK, LONG_FOLDER = 3, 10, 8
LONGEST_LINK = 64 * 1024
NO_FRAGMENT = 0xFFFFFFFF
MOST_BLOCKS = 1 << 22  # of one file
INDEX = Struct("<III")
LISTING = Struct("<III")
ENTRY = Struct("<HhHH")
MOST_ENTRIES = 1 << 16
MOST_NAMES = 300_000


@dataclass(frozen=True, slots=True)
class File:
    """What an inode says about a file.

    Attributes:
        number: of the inode.
        start: where its blocks begin, in bytes.
        size: bytes of the file.
        fragment: number of the fragment, or `NO_FRAGMENT`.
        offset: where in the fragment the end of the file begins.
        lengths: of its blocks, four bytes each.
    """

    number: int
    start: int
    size: int
    fragment: int
    offset: int
    lengths: bytes


def files(table: Stream, block: int) -> Iterator[File]:
    """Yield the files of an inode table.

    Args:
        table: its bytes.
        block: bytes of a block of a file.

    Raises:
        Malformed: an inode is of no known type, or too long.
        Truncated: the table ends inside one.
    """
    while head := table.take(HEADER.size):
        if len(head) < HEADER.size:
            raise Truncated(NAME, 0, "inode")
        kind, *_, number = HEADER.unpack(head)
        if kind in (FILE, LONG_FILE):
            yield _file(table, number, block, long=kind == LONG_FILE)
        elif kind in SIZES:
            _skip(table, kind)
        else:
            raise Malformed(NAME, 0, "type of an inode")


def _file(table: Stream, number: int, block: int, *, long: bool) -> File:
    data = _take(table, LONG.size if long else SHORT.size)
    if long:
        start, size, _, _, fragment, offset, _ = LONG.unpack(data)
    else:
        start, fragment, offset, size = SHORT.unpack(data)
    count = size // block
    count += fragment == NO_FRAGMENT and size % block > 0
    if count > MOST_BLOCKS:
        raise Malformed(NAME, 0, "size of a file")
    return File(number, start, size, fragment, offset, _take(table, 4 * count))


def _skip(table: Stream, kind: int) -> None:
    data = _take(table, SIZES[kind])
    if kind in (LINK, LONG_LINK):
        size = int.from_bytes(data[4:8], "little")
        if size > LONGEST_LINK:
            raise Malformed(NAME, 0, "length of a link")
        _take(table, size + (4 if kind == LONG_LINK else 0))
    elif kind == LONG_FOLDER:
        for _ in range(int.from_bytes(data[16:18], "little")):
            _, _, size = INDEX.unpack(_take(table, INDEX.size))
            _take(table, min(size, MOST_ENTRIES) + 1)


def _take(table: Stream, size: int) -> bytes:
    data = table.take(size)
    if len(data) < size:
        raise Truncated(NAME, 0, "inode")
    return data


def names(table: Stream) -> dict[int, bytes]:
    """Return names by the number of their inode, as far as a table can be read."""
    found: dict[int, bytes] = {}
    try:
        while len(head := table.take(LISTING.size)) == LISTING.size:
            more, _, number = LISTING.unpack(head)
            if more >= MOST_ENTRIES or len(found) > MOST_NAMES:
                break
            for _ in range(more + 1):
                _, add, _, length = ENTRY.unpack(_take(table, ENTRY.size))
                found[number + add] = _take(table, (length & 0xFF) + 1)
    except Malformed:
        pass  # names are only shown
    return found
