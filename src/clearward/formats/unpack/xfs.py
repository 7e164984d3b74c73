"""Unpack XFS: the files of a Linux server's disk.

Layout of folders, numbers big-endian ("XFS Algorithms & Data Structures"); inodes,
their runs and the superblock are drawn in `formats/xfs/volume.py`:

    in an inode  entries (1), how many of them are wide (1), folder above (4, or 8 if
                 any is wide); for each entry length of the name (1), place (2), name,
                 kind (1, if the file system has kinds), inode (4 or 8)
    a block      "XD2B" or "XDB3" if it is the only one, else "XD2D" or "XDD3"; 12 more
                 bytes, with a 3 at the end 60; then at every 8 bytes FFFF and a length
                 (2), which is free, or inode (8), length of the name (1), name, kind
                 (1), place (2). The only block ends with a table of 8 bytes a row and
                 their number (4, 4 more)
"""

from collections.abc import Iterator

from clearward.core.errors import Malformed
from clearward.core.part import Gap, Item, Part
from clearward.core.reader import Reader
from clearward.core.reasons import Reason
from clearward.formats.xfs.volume import (
    FILE,
    FOLDER,
    LOCAL,
    NAME,
    Inode,
    Volume,
    number,
)

MOST_FOLDER = 64 << 20
FRONTS = {b"XD2B": 16, b"XDB3": 64, b"XD2D": 16, b"XDD3": 64}
ONLY = (b"XD2B", b"XDB3")
FREE = 0xFFFF
ENTRY = 9  # bytes before a name
Named = tuple[bytes, int]


def unpack(image: Reader) -> Iterator[Item]:
    """Yield the content of each file below the root once.

    Raises:
        Malformed: the superblock is wrong, or something below it; what there is was
            yielded.
        Truncated: something lies behind the end; the same.
    """
    volume = Volume(image)
    waiting, known = [(b"", volume.root)], {volume.root}
    while waiting:
        path, which = waiting.pop()
        try:
            inode = volume.inode(which)
            if inode.kind == FOLDER:
                for name, inside in _folder(volume, inode):
                    if inside not in known:
                        known.add(inside)
                        waiting.append((path + b"/" + name if path else name, inside))
            elif inode.kind == FILE and inode.size:
                yield _file(volume, inode, path)
        except Malformed as error:
            volume.note(error)
            yield Gap(error.reason, path)
    if volume.damage is not None:
        raise volume.damage


def _file(volume: Volume, inode: Inode, path: bytes) -> Item:
    if inode.realtime:
        return Gap(Reason.UNSUPPORTED, path)
    return Part(volume.content(inode), path)


def _folder(volume: Volume, inode: Inode) -> Iterator[Named]:
    """Yield names and inodes in a folder.

    Raises:
        Malformed: it is damaged; what stands before that was yielded.
    """
    if inode.form == LOCAL:
        yield from _short(volume, inode.data[: inode.size])
        return
    size = min(inode.size, MOST_FOLDER)
    volume.charge(size)
    content = volume.content(inode)
    for start in range(0, size, volume.folder_block):
        data = content.at(start, volume.folder_block)
        if data[:4] in FRONTS:
            yield from _block(volume, data)
        elif any(data):
            volume.note(Malformed(NAME, 0, "block of a folder"))
    if size < inode.size:
        raise Malformed(NAME, 0, "size of a folder")


def _short(volume: Volume, data: bytes) -> Iterator[Named]:
    width = 8 if number(data, 1, 1) else 4
    kind = int(volume.kinds)
    at = 2 + width
    for _ in range(number(data, 0, 1)):
        start = at + 3
        end = start + number(data, at, 1)
        at = end + kind + width
        if at > len(data):
            raise Malformed(NAME, 0, "folder")
        yield data[start:end], number(data, end + kind, width)


def _block(volume: Volume, data: bytes) -> Iterator[Named]:
    kind = int(volume.kinds)
    end = len(data)
    if data[:4] in ONLY:
        end -= 8 + 8 * number(data, end - 8)
    at = FRONTS[data[:4]]
    while at + ENTRY <= end:
        if number(data, at, 2) == FREE:
            length = number(data, at + 2, 2)
            if length < 8:  # noqa: PLR2004 - all stands at every 8 bytes
                raise Malformed(NAME, 0, "free bytes of a folder")
            at += length
            continue
        size = data[at + 8]
        name = data[at + ENTRY : at + ENTRY + size]
        if name not in (b".", b".."):
            yield name, number(data, at, 8)
        at += -(-(ENTRY + size + kind + 2) // 8) * 8
