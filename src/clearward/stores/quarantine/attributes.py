"""What a file has besides its content, read from one descriptor and given to another.

The order of giving matters: a new owner takes the set-user-id bit and capabilities away
(chown(2), capabilities(7)), a new mode changes the mask of an access list (acl(5)), and
all of it would be pointless if the times were not last.
"""

import errno
import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

ACL = "system.posix_acl_access"
_GONE = (errno.ENODATA, errno.ENOTSUP)
_ALL = 0o7777
_SPECIAL = stat.S_ISUID | stat.S_ISGID


@dataclass(frozen=True, slots=True)
class Attributes:
    """Owner, rights, times and extended attributes.

    Attributes:
        mode: the permission bits with set-user-id, set-group-id and sticky.
        owner: number of the user.
        group: number of the group.
        read: time of the last access, in ns since 1970.
        modified: time of the last write, likewise.
        extended: name and value, sorted; an access list is one of them.

    Raises:
        ValueError: a mode of more than the permission bits.
    """

    mode: int
    owner: int
    group: int
    read: int
    modified: int
    extended: tuple[tuple[str, bytes], ...] = ()

    def __post_init__(self) -> None:
        if not 0 <= self.mode <= _ALL:
            raise ValueError("more than the permission bits")


def attributes(descriptor: int, status: os.stat_result) -> Attributes:
    """Read the attributes of an open file.

    Args:
        descriptor: of the file.
        status: from before anything of it was read, for the time of access.

    Raises:
        OSError: they cannot be read.
    """
    return Attributes(
        stat.S_IMODE(status.st_mode),
        status.st_uid,
        status.st_gid,
        status.st_atime_ns,
        status.st_mtime_ns,
        tuple(sorted(_extended(descriptor))),
    )


def give(descriptor: int, wanted: Attributes) -> tuple[str, ...]:
    """Give attributes to an open file that is written to the end.

    What cannot be given is left out and named; without its owner a file gets neither
    the set-user-id nor the set-group-id bit.

    Returns:
        What is missing: ``"owner"``, ``"mode"``, ``"times"``, names of extended
        attributes.
    """
    missing: list[str] = []
    mode = wanted.mode
    _remove_list(descriptor)
    if not _done(os.fchown, descriptor, wanted.owner, wanted.group):
        missing.append("owner")
        mode &= ~_SPECIAL
    _done(os.fchmod, descriptor, mode)
    for name, value in wanted.extended:
        # One that the folder or the system gave already need not be allowed to us.
        if not _done(os.setxattr, descriptor, name, value) and not _has(
            descriptor, name, value
        ):
            missing.append(name)
    if stat.S_IMODE(os.fstat(descriptor).st_mode) != wanted.mode:
        missing.append("mode")
    if not _done(_set_times, descriptor, (wanted.read, wanted.modified)):
        missing.append("times")
    return tuple(missing)


def _set_times(descriptor: int, times: tuple[int, int]) -> None:
    os.utime(descriptor, ns=times)


def _extended(descriptor: int) -> Iterator[tuple[str, bytes]]:
    try:
        names = os.listxattr(descriptor)
    except OSError as error:
        if error.errno == errno.ENOTSUP:
            return
        raise
    for name in names:
        try:
            yield name, os.getxattr(descriptor, name)
        except OSError as error:
            if error.errno not in _GONE:
                raise


def _remove_list(descriptor: int) -> None:
    """Take away the access list that a folder gives to whatever is made in it."""
    _done(os.removexattr, descriptor, ACL)


def _has(descriptor: int, name: str, value: bytes) -> bool:
    try:
        return os.getxattr(descriptor, name) == value
    except OSError:
        return False


def _done(action: Any, *arguments: Any) -> bool:  # noqa: ANN401 - functions of os
    try:
        action(*arguments)
    except OSError:
        return False
    return True
