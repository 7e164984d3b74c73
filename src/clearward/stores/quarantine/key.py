"""The key that opens the quarantine: made once, kept in the home, its owner's alone."""

import os
import secrets
import stat
from contextlib import suppress

from clearward.core.errors import Refused, Unavailable
from clearward.stores.durable import sync_folder
from clearward.stores.quarantine.damage import Damaged
from clearward.stores.quarantine.sealing import KEY

NAME = "quarantine.key"
_BESIDE = ".new"
_OTHERS = stat.S_IRWXG | stat.S_IRWXO
_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC


def kept(home: str) -> bytes | None:
    """Return the key; None if there is none yet.

    Raises:
        Refused: others may read or change it, or it is somebody else's.
        Damaged: it is no key.
        Unavailable: it cannot be read.
    """
    path = os.path.join(home, NAME)
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise Unavailable(f"{path}: cannot be read: {error.strerror}") from error
    try:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode) or status.st_size != KEY:
            raise Damaged(f"{path}: is no key of {KEY} bytes")
        if status.st_uid not in (os.geteuid(), 0) or status.st_mode & _OTHERS:
            raise Refused(f"{path}: others may use it; it has to have mode 0600")
        return os.pread(descriptor, KEY, 0)
    finally:
        os.close(descriptor)


def made(home: str) -> bytes:
    """Return the key; make it if there is none. Whoever calls holds a lock.

    It is written and synced under another name and then linked to its own, which fails
    if there is one: a key that was in use is never replaced, and never half there.

    Raises:
        Refused, Damaged, Unavailable: as for `kept`, or it cannot be written.
    """
    path = os.path.join(home, NAME)
    beside = path + _BESIDE
    try:
        with suppress(FileNotFoundError):
            os.unlink(beside)  # of a process that was killed
        if os.path.lexists(path):
            return _there(home)
        descriptor = os.open(beside, _NEW, 0o600)
        try:
            os.fchmod(descriptor, 0o600)  # whatever the mask leaves
            os.write(descriptor, secrets.token_bytes(KEY))
            os.fsync(descriptor)
            with suppress(FileExistsError):
                os.link(beside, path)
        finally:
            os.close(descriptor)
            os.unlink(beside)
        sync_folder(home)
    except OSError as error:
        raise Unavailable(f"{path}: cannot be written: {error.strerror}") from error
    return _there(home)


def _there(home: str) -> bytes:
    found = kept(home)
    if found is None:
        raise Unavailable(f"{home}: the key vanished as soon as it was written")
    return found
