"""Blocks of RAR 1.5 to 4: what can be said of a file without decoding it.

Layout of a file's block, numbers little-endian (as libarchive's reader describes it):

    offset  length  field
    0       7       CRC, type 74 hex, flags, size of the header
    7       4       packed size, and size
    24      1       version that is needed, times ten
    25      1       method; 30 hex: stored
    26      2       length of the name
    32      8       high halves of packed size and size, if the flag 100 hex is set
                    then the name

Any other block has the size of its data at 7 if the flag 8000 hex is set.
"""

from collections.abc import Iterator

from clearward.core.errors import Malformed, Truncated
from clearward.core.part import Gap, Item, Part
from clearward.core.reader import Reader
from clearward.core.reasons import Reason

FIRST = 7  # offset of the first block
FILE, END = 0x74, 0x7B
TYPES = range(0x72, END + 1)
SMALLEST = 7
FILE_HEADER = 32
SPLIT, ENCRYPTED, LARGE, DATA = 3, 4, 0x100, 0x8000  # flags
FOLDER = 0xE0
STORED = 0x30
VERSION, METHOD = 24, 25  # offsets
TODAY = 29  # the packed data of RAR 3; older ones are packed in other ways


def is_old(archive: Reader) -> bool:
    """Say whether there are packed files, and all of them are of RAR 1.5 to 2.6."""
    place, found = FIRST, False
    while len(header := archive.at(place, 64)) >= FILE_HEADER:
        if header[2] not in TYPES or header[2] == END:
            break
        if header[2] == FILE and header[METHOD] != STORED:
            if header[VERSION] >= TODAY:
                return False
            found = True
        size = max(int.from_bytes(header[5:7], "little"), SMALLEST)
        place += size + _data_size(header)
    return found


def stored(archive: Reader, passed: int) -> Iterator[Item]:
    """Yield files that are stored; each other one is a gap, folders are nothing.

    Args:
        archive: the whole of it.
        passed: files that are known already.

    Raises:
        Malformed: what should be a block is none.
        Truncated: a block is longer than the archive.
    """
    place = FIRST
    while len(header := archive.at(place, 64)) >= SMALLEST:
        size = max(int.from_bytes(header[5:7], "little"), SMALLEST)
        if header[2] not in TYPES:
            raise Malformed("rar", place, "block")
        if header[2] == END:
            return
        data = _data_size(header)
        if header[2] == FILE:
            passed -= 1
            if passed < 0 and header[3] & FOLDER != FOLDER and not _is_empty(header):
                yield _file(archive, place, size, data)
        place += size + data
    if place > archive.size:
        raise Truncated("rar", archive.size, "block")


def _data_size(header: bytes) -> int:
    flags = int.from_bytes(header[3:5], "little")
    is_file = header[2] == FILE
    data = int.from_bytes(header[7:11], "little") if is_file or flags & DATA else 0
    if is_file and flags & LARGE:
        data += int.from_bytes(header[32:36], "little") << 32
    return data


def _is_empty(header: bytes) -> bool:
    """Say whether a file has no content for any program, packed or not."""
    flags = int.from_bytes(header[3:5], "little")
    high = header[36:40] if flags & LARGE else b""
    return len(header) >= FILE_HEADER and not any(header[11:15] + high)


def _file(archive: Reader, place: int, size: int, data: int) -> Item:
    header = archive.at(place, size)
    flags = int.from_bytes(header[3:5], "little")
    start = FILE_HEADER + (8 if flags & LARGE else 0)
    name = header[start : start + int.from_bytes(header[26:28], "little")]
    name = name.partition(b"\0")[0]
    if flags & ENCRYPTED:
        return Gap(Reason.ENCRYPTED, name)
    if place + size + data > archive.size or flags & SPLIT:
        return Gap(Reason.TRUNCATED, name)
    if len(header) < FILE_HEADER or header[METHOD] != STORED:
        return Gap(Reason.UNSUPPORTED, name)
    return Part(archive.slice(place + size, data), name, packed=data)
