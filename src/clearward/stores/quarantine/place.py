"""The place of a file: its name, and its folder, reached without following a link.

Whoever owns a folder on the way may put a link in its place at any moment, to have
another file moved away or overwritten (CVE-2020-3350 in ClamAV). So the kernel is asked
to refuse links in the whole path, and from then on the folder's descriptor is used.

Source: openat2(2), RESOLVE_NO_SYMLINKS.
"""

import errno
import os
import stat
import struct
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass

from clearward.core.errors import ClearwardError, Refused, Unavailable
from clearward.jail import kernel

_NO_LINKS = 0x04 | 0x02  # RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS
_FOLDER = os.O_PATH | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
_READ = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC
_HOW = struct.Struct("=QQQ")  # flags, mode, resolve

# The kernel is older than 5.6, or a sandbox around us does not know the call.
_NO_SUCH_CALL = (errno.ENOSYS, errno.EPERM, errno.E2BIG)
_CANNOT_SYNC = (errno.EINVAL, errno.ENOTSUP, errno.EACCES, errno.EBADF)


@dataclass(frozen=True, slots=True)
class Place:
    """A name in an open folder; there may be a file of that name or not.

    Attributes:
        path: absolute, without links, as the person will see it.
        folder: descriptor of the folder; good for calls that end in ``at`` only.
        name: without a slash.
    """

    path: bytes
    folder: int
    name: bytes

    def status(self, name: bytes | None = None) -> os.stat_result | None:
        """Return what stands under this name, or another one there; None if nothing.

        Raises:
            OSError: it cannot be said.
        """
        with suppress(FileNotFoundError):
            return os.stat(name or self.name, dir_fd=self.folder, follow_symlinks=False)
        return None

    def open(self, name: bytes | None = None) -> int:
        """Open the file of this name, or of another one there, to read it.

        Its times are left alone where that is possible.

        Raises:
            OSError: as open(2).
        """
        try:
            return os.open(name or self.name, _READ | os.O_NOATIME, dir_fd=self.folder)
        except PermissionError:
            return os.open(name or self.name, _READ, dir_fd=self.folder)

    def sync(self) -> None:
        """Bring the names in the folder to the disk, where the folder may be read."""
        try:
            opened = os.open(b".", os.O_RDONLY | os.O_CLOEXEC, dir_fd=self.folder)
            try:
                os.fsync(opened)
            finally:
                os.close(opened)
        except OSError as error:
            if error.errno not in _CANNOT_SYNC:
                raise


@contextmanager
def place(path: bytes) -> Iterator[Place]:
    """Open the folder of a path.

    Args:
        path: absolute; no part of it may be a link.

    Raises:
        Refused: a link is on the way.
        Unavailable: the folder is not there or cannot be entered.
    """
    front, name = os.path.split(os.path.normpath(path))
    if not front.startswith(b"/") or not name:
        raise Refused(f"{os.fsdecode(path)}: is no path of a file")
    try:
        folder = _open(front)
    except OSError as error:
        raise _said(path, front, error) from error
    try:
        yield Place(os.path.join(front, name), folder, name)
    finally:
        os.close(folder)


def straight(path: bytes) -> bytes:
    """Return a path as an absolute one, if it leads through no link.

    Raises:
        Refused: it does; the message has the path that is meant.
    """
    real = os.path.realpath(path)
    if real != os.path.normpath(os.path.join(os.getcwdb(), path)):
        raise Refused(
            f"{os.fsdecode(path)}: leads through a link, which is never followed; "
            f"what is meant may be {os.fsdecode(real)}"
        )
    return real


def _open(front: bytes) -> int:
    """Open a folder, by one call of the kernel or, without that, step by step."""
    how = _HOW.pack(_FOLDER, 0, _NO_LINKS)
    try:
        number = kernel.numbers()["openat2"]
        return kernel.call(number, -1, front, how, len(how))
    except OSError as error:
        if error.errno not in _NO_SUCH_CALL:
            raise
    return _walk(front)


def _walk(front: bytes) -> int:
    """Open a folder step by step; what is no folder, such as a link, ends the walk."""
    folder = os.open(b"/", _FOLDER)
    for name in front.split(b"/"):
        if name:
            try:
                below = os.open(name, _FOLDER, dir_fd=folder)
            finally:
                os.close(folder)
            folder = below
    return folder


def _said(path: bytes, front: bytes, error: OSError) -> ClearwardError:
    shown = os.fsdecode(path)
    if error.errno == errno.ELOOP or _has_link(front):
        return Refused(f"{shown}: a link is on the way to it, which is never followed")
    return Unavailable(
        f"{shown}: its folder cannot be opened: {os.strerror(error.errno or 0)}"
    )


def _has_link(front: bytes) -> bool:
    """Say whether a link is seen on the way; for the message alone."""
    steps = front.split(b"/")
    for count in range(2, len(steps) + 1):
        with suppress(OSError):
            if stat.S_ISLNK(os.lstat(b"/".join(steps[:count])).st_mode):
                return True
    return False
