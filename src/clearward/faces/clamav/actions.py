"""Move, copy or remove the very file that was scanned, and no other.

A name may be given to another file between the scan and the action: a link to a file
of root's, put where an infected one was, must not get that file removed
(CVE-2020-3350). So the way to the file is walked folder by folder without following a
link, the name is moved into a new folder that nobody else may enter, and only what lies
there is acted upon, if it is the file that was scanned: device, inode, size and times.
Else it is put back where it was.

Nothing is ever written over: a name that is taken gets ``.001``, ``.002`` and so on.
"""

import errno
import os
import secrets
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress

_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
_READ = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC
_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
_MOST_NAMES = 1000  # tried for one file, as the original does
_CHUNK = 1 << 20
# Errors of link(2) that mean: not like this, copy instead.
_NO_LINK = (errno.EXDEV, errno.EPERM, errno.EOPNOTSUPP, errno.EMLINK, errno.EACCES)


class Replaced(OSError):
    """Something else has the name of the file by now."""

    def __init__(self) -> None:
        super().__init__(errno.ESTALE, "the file was replaced after it was scanned")


def remove(path: bytes, scanned: os.stat_result) -> None:
    """Remove a file.

    Args:
        path: real and absolute, without links.
        scanned: what was known of the file when it was opened for the scan.

    Raises:
        OSError: it cannot be done; the file is where it was.
    """
    with _alone(path, scanned) as (folder, name):
        os.unlink(name, dir_fd=folder)


def move(path: bytes, scanned: os.stat_result, where: bytes) -> bytes:
    """Move a file into the folder `where`; return where it is now."""
    with _target(where) as target, _alone(path, scanned) as (folder, name):
        made = _link(folder, name, target, os.path.basename(path))
        if made is None:
            made = _copy(folder, name, target, os.path.basename(path), keep=True)
        os.unlink(name, dir_fd=folder)
        return os.path.join(where, made)


def copy(path: bytes, scanned: os.stat_result, where: bytes) -> bytes:
    """Copy a file into the folder `where`; return where the copy is."""
    name = os.path.basename(path)
    with _target(where) as target, _folder(os.path.dirname(path)) as folder:
        made = _copy(folder, name, target, name, scanned=scanned)
        return os.path.join(where, made)


@contextmanager
def _target(where: bytes) -> Iterator[int]:
    target = os.open(where, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        yield target
    finally:
        os.close(target)


@contextmanager
def _folder(path: bytes) -> Iterator[int]:
    """Open a folder by every step of its way; none of them may be a link."""
    here = os.open(b"/", _FOLDER)
    try:
        for step in path.split(b"/"):
            if step:
                below = os.open(step, _FOLDER, dir_fd=here)
                os.close(here)
                here = below
        yield here
    finally:
        os.close(here)


@contextmanager
def _alone(path: bytes, scanned: os.stat_result) -> Iterator[tuple[int, bytes]]:
    """Give the file in a folder of its own; what is left there goes back."""
    name = os.path.basename(path)
    with _folder(os.path.dirname(path)) as outer:
        _check(os.stat(name, dir_fd=outer, follow_symlinks=False), scanned)
        own = b".clearward-" + secrets.token_hex(8).encode()
        os.mkdir(own, 0o700, dir_fd=outer)
        inner = -1
        try:
            inner = os.open(own, _FOLDER, dir_fd=outer)
            os.rename(name, name, src_dir_fd=outer, dst_dir_fd=inner)
            try:
                now = os.stat(name, dir_fd=inner, follow_symlinks=False)
                _check(now, scanned, renamed=True)
                yield inner, name
            finally:
                _put_back(inner, outer, name)
        finally:
            if inner >= 0:
                os.close(inner)
            with suppress(OSError):  # what could not be put back stays in it
                os.rmdir(own, dir_fd=outer)


def _check(
    now: os.stat_result, scanned: os.stat_result, *, renamed: bool = False
) -> None:
    """Refuse another file; a rename itself may change the time of the last change."""
    same = (
        stat.S_ISREG(now.st_mode)
        and (now.st_dev, now.st_ino) == (scanned.st_dev, scanned.st_ino)
        and (now.st_size, now.st_mtime_ns) == (scanned.st_size, scanned.st_mtime_ns)
        and (renamed or now.st_ctime_ns == scanned.st_ctime_ns)
    )
    if not same:
        raise Replaced


def _put_back(inner: int, outer: int, name: bytes) -> None:
    """Give back what is left, unless its name is taken again; then it stays."""
    with suppress(OSError):
        os.link(name, name, src_dir_fd=inner, dst_dir_fd=outer, follow_symlinks=False)
        os.unlink(name, dir_fd=inner)
        return
    with suppress(OSError):  # a folder, or a file system without links
        try:
            os.stat(name, dir_fd=outer, follow_symlinks=False)
        except FileNotFoundError:
            os.rename(name, name, src_dir_fd=inner, dst_dir_fd=outer)


def _names(name: bytes) -> Iterator[bytes]:
    yield name
    for number in range(1, _MOST_NAMES):
        yield name + b".%03d" % number


def _link(folder: int, name: bytes, target: int, wanted: bytes) -> bytes | None:
    """Give the file a second name in `target`; None if it has to be copied."""
    for free in _names(wanted):
        try:
            os.link(
                name, free, src_dir_fd=folder, dst_dir_fd=target, follow_symlinks=False
            )
        except FileExistsError:
            continue
        except OSError as error:
            if error.errno in _NO_LINK:
                return None
            raise
        return free
    raise FileExistsError(errno.EEXIST, "every name is taken")


def _copy(
    folder: int,
    name: bytes,
    target: int,
    wanted: bytes,
    *,
    scanned: os.stat_result | None = None,
    keep: bool = False,
) -> bytes:
    """Copy the file into `target`; with `keep`, owner and mode as well."""
    source = os.open(name, _READ, dir_fd=folder)
    try:
        status = os.fstat(source)
        if scanned is not None:
            _check(status, scanned)
        made, descriptor = _new(target, wanted)
        try:
            while chunk := os.read(source, _CHUNK):
                _write(descriptor, chunk)
            if keep:
                with suppress(OSError):
                    os.fchown(descriptor, status.st_uid, status.st_gid)
                os.fchmod(descriptor, stat.S_IMODE(status.st_mode))
            os.fsync(descriptor)
        except BaseException:
            os.unlink(made, dir_fd=target)
            raise
        finally:
            os.close(descriptor)
    finally:
        os.close(source)
    return made


def _new(target: int, wanted: bytes) -> tuple[bytes, int]:
    for free in _names(wanted):
        with suppress(FileExistsError):
            return free, os.open(free, _NEW, 0o600, dir_fd=target)
    raise FileExistsError(errno.EEXIST, "every name is taken")


def _write(descriptor: int, chunk: bytes) -> None:
    left = memoryview(chunk)
    while left:
        left = left[os.write(descriptor, left) :]
