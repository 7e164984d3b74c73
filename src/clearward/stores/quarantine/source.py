"""The file that is to be moved away: open, regular, and the very one that was meant."""

import array
import fcntl
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from clearward.core.errors import Refused, Unavailable
from clearward.stores.quarantine.identity import Identity
from clearward.stores.quarantine.place import Place

# Source: linux/fs.h, FS_IOC_GETFLAGS and its flags, chattr(1).
_GET_FLAGS = 0x80086601
_IMMUTABLE = 0x10
_APPEND_ONLY = 0x20


@contextmanager
def source(
    where: Place, identity: Identity | None
) -> Iterator[tuple[int, os.stat_result]]:
    """Open the file at a place, and give its status as well.

    Args:
        where: its place.
        identity: of the file that was scanned; None for whatever is there.

    Raises:
        Refused: another file stands there, it changed since, or it may not be moved.
        Unavailable: it cannot be read.
    """
    shown = os.fsdecode(where.path)
    try:
        descriptor = where.open()
    except OSError as error:
        # Open has no better word for a link in the last place than "too many links".
        standing = _standing(where)
        if standing is not None and not stat.S_ISREG(standing.st_mode):
            raise Refused(f"{shown}: is no regular file") from error
        raise Unavailable(f"{shown}: cannot be read: {error.strerror}") from error
    try:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            raise Refused(f"{shown}: is no regular file")
        if identity is not None and Identity.of(status) != identity:
            raise Refused(f"{shown}: is no longer the file that was scanned")
        _check_movable(where, descriptor)
        yield descriptor, status
    finally:
        os.close(descriptor)


def _standing(where: Place) -> os.stat_result | None:
    with suppress(OSError):
        return where.status()
    return None


def _check_movable(where: Place, descriptor: int) -> None:
    """Refuse early what the kernel would refuse after gigabytes were written."""
    shown = os.fsdecode(where.path)
    flags = _flags(descriptor)
    if flags & (_IMMUTABLE | _APPEND_ONLY):
        kind = "immutable" if flags & _IMMUTABLE else "append-only"
        raise Refused(f"{shown}: is {kind} (chattr); it stays where it is")
    if os.fstatvfs(descriptor).f_flag & os.ST_RDONLY:
        raise Refused(f"{shown}: its file system is read-only; it stays where it is")
    here = f"/proc/self/fd/{where.folder}"
    if os.path.exists(here) and not os.access(
        here, os.W_OK | os.X_OK, effective_ids=True
    ):
        raise Refused(
            f"{shown}: its folder cannot be changed: permission denied; it stays "
            "where it is"
        )


def _flags(descriptor: int) -> int:
    told = array.array("L", [0])
    with suppress(OSError):  # a file system without such flags
        fcntl.ioctl(descriptor, _GET_FLAGS, told)
    return told[0]
