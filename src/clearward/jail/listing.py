"""List an open folder, and stamp the files in it.

A stamp is what tells whether a file is still the one it was: 32 bytes, four unsigned
numbers of 8 bytes, little-endian:

    inode   size in bytes   time of the last write   time of the last change

The times are in nanoseconds since 1970. Inodes are grouped into blocks of 64, since
files of one folder mostly lie near each other, and so does what is remembered of them.

`listing.c` does the same as the Python below, about twice as fast; where it was not
built, this is what runs.
"""

import os
import stat
import struct
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

_Lists = tuple[list[bytes], list[bytes], set[int], list[bytes], list[bytes]]

_compiled: Callable[[int, int, bool], _Lists] | None
try:
    from clearward.jail._listing import listing as _compiled
except ImportError:  # there was no compiler
    _compiled = None

BLOCK_BITS = 6  # as in listing.c
STAMP = struct.Struct("<QQQQ")
_WORD = (1 << 64) - 1
_SIZE = struct.Struct("<8xQ16x")


@dataclass(slots=True)
class Listing:
    """What lies in a folder, by the names' bytes. Links are left out.

    Not frozen: the walk takes from it what it has walked.

    Attributes:
        files: regular files.
        stamps: one for each file, empty where it cannot be had; none if not asked for.
        blocks: numbers of the blocks of inodes that the stamps are in.
        folders: folders.
        others: what is neither.
    """

    files: list[bytes] = field(default_factory=list)
    stamps: list[bytes] = field(default_factory=list)
    blocks: set[int] = field(default_factory=set)
    folders: list[bytes] = field(default_factory=list)
    others: list[bytes] = field(default_factory=list)


def stamp(status: os.stat_result) -> bytes:
    """Return the stamp of a file."""
    return STAMP.pack(
        status.st_ino,
        status.st_size,
        status.st_mtime_ns & _WORD,
        status.st_ctime_ns & _WORD,
    )


def block_of(stamp: bytes) -> int:
    """Return the number of the block that a stamp's inode is in."""
    return int.from_bytes(stamp[:8], "little") >> BLOCK_BITS


def sizes(stamps: Sequence[bytes]) -> list[int]:
    """Return the sizes in some stamps, bytes."""
    return [size for (size,) in _SIZE.iter_unpack(b"".join(stamps))]


def list_folder(opened: int, device: int, *, stamped: bool) -> Listing:
    """List an open folder.

    Args:
        opened: its descriptor, from which nothing was listed so far.
        device: of the folder; a file on another one has no stamp.
        stamped: stamps are wanted.

    Raises:
        OSError: it cannot be listed.
    """
    if _compiled is None:
        return list_in_python(opened, device, stamped=stamped)
    return Listing(*_compiled(opened, device, stamped))


def list_in_python(opened: int, device: int, *, stamped: bool) -> Listing:
    """Do the same as `list_folder` without the compiled module."""
    listed = Listing()
    with os.scandir(opened) as listing:
        for entry in listing:
            name = os.fsencode(entry.name)
            if entry.is_file(follow_symlinks=False):
                listed.files.append(name)
                if stamped:
                    _add_stamp(listed, device, entry.stat)
            elif entry.is_dir(follow_symlinks=False):
                listed.folders.append(name)
            elif not entry.is_symlink():
                listed.others.append(name)
    return listed


def _add_stamp(
    listed: Listing, device: int, ask: Callable[..., os.stat_result]
) -> None:
    try:
        status = ask(follow_symlinks=False)
    except OSError:  # it is gone, and opening it will say so
        listed.stamps.append(b"")
        return
    if not stat.S_ISREG(status.st_mode) or status.st_dev != device:
        listed.stamps.append(b"")
        return
    listed.stamps.append(stamp(status))
    listed.blocks.add(status.st_ino >> BLOCK_BITS)
