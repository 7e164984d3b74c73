"""Put a new file in the place of an old one, so that there is always a whole one."""

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from clearward.core.errors import Unavailable

_ENDING = ".partial"  # no kind of rules, should one be left in a folder of them


@contextmanager
def new_file(path: str) -> Iterator[int]:
    """Give a descriptor to write and read; at the end it is the file at `path`.

    It is written beside the old one, synced and renamed into place, if the block ends
    without an error. Else it is removed, and the old one stays. When the process is
    killed the old one stays, too; what was written so far may then be left beside it,
    under a name that begins with a dot and ends with ``.partial``.

    Raises:
        Unavailable: there is no room, or no right, to do so.
    """
    folder, name = os.path.split(os.path.abspath(path))
    kept = os.fsencode(name)[:200]
    place = os.path.join(
        folder, f".{os.fsdecode(kept)}.{secrets.token_hex(8)}{_ENDING}"
    )
    with _told(path):
        if os.path.isdir(path):
            raise Unavailable(f"{path}: is a folder")
        flags = os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
        descriptor = os.open(place, flags, 0o644)
    try:
        yield descriptor
        with _told(path):
            os.fsync(descriptor)
            os.rename(place, path)
            _sync_folder(folder)
    except BaseException:
        with suppress(OSError):
            os.unlink(place)
        raise
    finally:
        os.close(descriptor)


def _sync_folder(folder: str) -> None:
    opened = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


@contextmanager
def _told(path: str) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise Unavailable(f"{path}: cannot be written: {error.strerror}") from error
