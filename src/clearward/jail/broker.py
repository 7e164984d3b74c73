"""Open files for the jail, and say what cannot be opened.

Only this side of the wall opens anything: read-only, never following a link in the last
step, never waiting for a FIFO, never becoming a terminal's owner, and without moving
the time of the last access where the kernel lets us (O_NOATIME is for the owner and for
root).

Source: open(2).
"""

import errno
import os
import stat
from dataclasses import dataclass

from clearward.core.reasons import NONE, Reason

_FLAGS = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC

# What errors of open(2) mean for a file that was there a moment ago.
_REASONS = {
    errno.ENOENT: Reason.VANISHED,
    errno.ESTALE: Reason.VANISHED,
    errno.ELOOP: Reason.CHANGED,  # it has become a link
    errno.ENOTDIR: Reason.CHANGED,
    errno.ENXIO: Reason.NOT_REGULAR,  # a socket, or a FIFO nobody writes to
    errno.ENODEV: Reason.NOT_REGULAR,
}

# Errors that say nothing about the file: the scan cannot go on like this.
_OURS = (errno.EMFILE, errno.ENFILE, errno.ENOMEM)


@dataclass(frozen=True, slots=True)
class Before:
    """What became of looking at shares of a file: it has to be scanned as a whole.

    Attributes:
        seconds: of its time limit that are gone.
        rules: numbers of the rules that a share found.
    """

    seconds: float = 0.0
    rules: tuple[int, ...] = ()


@dataclass(slots=True)
class OpenFile:
    """A regular file, open for reading.

    Attributes:
        path: as the person will see it, raw.
        descriptor: to be closed with `close`.
        size: bytes, when it was opened.
        status: what else was known then.
        again: a worker that had it has ended, or handed it on.
        before: set if it is not to be shared, any more.
        tenant: whose it is: no worker ever looks at files of two tenants.
        gone: nobody asks this worker about it any more.
        steady: every change since it was opened shows in its stamp, see `steady`; if
            it is clean it may be remembered.
        digest: SHA-256 of all of it, if nobody can change it; else empty.
        every: it is looked at once more, for every match, see `excluding`.
        hashed: SHA-256 of all of it in hexadecimal, once that was needed.
    """

    path: bytes
    descriptor: int
    size: int
    status: os.stat_result
    again: bool = False
    before: Before | None = None
    tenant: str = ""
    gone: bool = False
    steady: bool = False
    digest: bytes = b""
    every: bool = False
    hashed: str = ""

    def stand_in(self) -> "OpenFile":
        """What a worker keeps in hand when the file is taken from it."""
        every = self.every
        return OpenFile(self.path, -1, self.size, self.status, gone=True, every=every)

    def close(self) -> Reason:
        """Close it; say whether it changed or vanished since it was opened."""
        if self.gone:
            return NONE
        try:
            now = os.fstat(self.descriptor)
        except OSError:  # ESTALE: a server removed it
            return Reason.VANISHED
        finally:
            os.close(self.descriptor)
        then = self.status
        if now.st_nlink == 0 and then.st_nlink > 0:
            return Reason.VANISHED
        if (
            now.st_ctime_ns != then.st_ctime_ns
            or now.st_mtime_ns != then.st_mtime_ns
            or now.st_size != self.size
        ):
            return Reason.CHANGED
        return NONE


@dataclass(frozen=True, slots=True)
class Unopened:
    """Something that stays unscanned.

    Attributes:
        path: as the person will see it, raw.
        reason: why.
        size: bytes, if known.
    """

    path: bytes
    reason: Reason
    size: int = 0


Entry = OpenFile | Unopened


def open_file(
    name: str | bytes, path: bytes, folder: int | None, most_size: int | None
) -> Entry:
    """Open one file for the jail.

    Args:
        name: of the file, in `folder` if that is given.
        path: as the person will see it.
        folder: descriptor of an open folder, or None.
        most_size: larger files are `size-limit`; None for no limit.
    """
    try:
        try:
            descriptor = os.open(name, _FLAGS | os.O_NOATIME, dir_fd=folder)
        except PermissionError:
            descriptor = os.open(name, _FLAGS, dir_fd=folder)
    except OSError as error:
        if error.errno in _OURS:
            raise
        return Unopened(path, _REASONS.get(error.errno or 0, Reason.PERMISSION))
    return admit(descriptor, path, most_size)


def admit(descriptor: int, path: bytes, most_size: int | None) -> Entry:
    """Take over an open descriptor if it is a regular file that is not too large."""
    status = os.fstat(descriptor)
    refused = None
    if not stat.S_ISREG(status.st_mode):
        refused = Reason.NOT_REGULAR
    elif most_size is not None and status.st_size > most_size:
        refused = Reason.SIZE_LIMIT
    if refused is not None:
        os.close(descriptor)
        return Unopened(path, refused, status.st_size)
    return OpenFile(path, descriptor, status.st_size, status)
