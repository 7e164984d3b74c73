"""Put a new file in the place of an old one, so that there is always a whole one."""

import fcntl
import os
import re
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from clearward.core.errors import Unavailable
from clearward.stores.durable import sync_folder

_ENDING = ".partial"  # no kind of rules, should one be left in a folder of them
_RANDOM = 8  # bytes of a name that nobody else takes
_MOMENT = 1.0  # seconds


@contextmanager
def new_file(path: str) -> Iterator[int]:
    """Give a descriptor to write and read; at the end it is the file at `path`.

    It is written beside the old one, synced and renamed into place, if the block ends
    without an error. Else it is removed, and the old one stays. When the process is
    killed the old one stays, too; what was written so far is then left beside it, under
    a name that begins with a dot and ends with ``.partial``, until the next new file is
    made at `path`: whoever writes one has it locked, so one without a lock is nobody's.

    Raises:
        Unavailable: there is no room, or no right, to do so.
    """
    folder, name = os.path.split(os.path.abspath(path))
    front = f".{os.fsdecode(os.fsencode(name)[:200])}."
    place = os.path.join(folder, f"{front}{secrets.token_hex(_RANDOM)}{_ENDING}")
    with _told(path):
        if os.path.isdir(path):
            raise Unavailable(f"{path}: is a folder")
        _remove_left(folder, front)
        flags = os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
        descriptor = os.open(place, flags, 0o644)
    try:
        with _told(path):
            fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield descriptor
        with _told(path):
            os.fsync(descriptor)
            os.rename(place, path)
            sync_folder(folder)
    except BaseException:
        with suppress(OSError):
            os.unlink(place)
        raise
    finally:
        os.close(descriptor)


def _remove_left(folder: str, front: str) -> None:
    """Remove what others were writing when they were killed.

    What is a moment old may be somebody's who has no lock on it yet.
    """
    shape = re.compile(re.escape(front) + rf"[0-9a-f]{{{2 * _RANDOM}}}{_ENDING}")
    for name in filter(shape.fullmatch, os.listdir(folder)):
        place = os.path.join(folder, name)
        with suppress(OSError):  # it is locked, or gone, or not ours to remove
            flags = os.O_RDWR | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
            descriptor = os.open(place, flags)
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                if time.time() - os.fstat(descriptor).st_mtime > _MOMENT:
                    os.unlink(place)
            finally:
                os.close(descriptor)


@contextmanager
def _told(path: str) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise Unavailable(f"{path}: cannot be written: {error.strerror}") from error
