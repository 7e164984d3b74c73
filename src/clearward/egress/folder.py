"""The folder of the ledger: `records`, `head`, the host's `key` and its `key.pub`.

Who appends holds the lock of `records` (flock(2)) alone; who reads shares it for as
long as it takes to see how much there is. A file that is replaced is written beside the
old one and renamed, so that there is always a whole one.
"""

import fcntl
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from clearward.core.errors import Refused, Unavailable
from clearward.egress.head import public
from clearward.stores.durable import write_all
from clearward.updates.keys import PublicKey

NAME = "ledger"
RECORDS = "records"
HEAD = "head"
KEY = "key"
PUBLIC = "key.pub"
_MOST = 1 << 20  # bytes of a head or a key
_KEY_BYTES = 32
_OTHERS = stat.S_IRWXG | stat.S_IRWXO
_CLOSED = os.O_NOFOLLOW | os.O_CLOEXEC


def make(path: str) -> None:
    """Make the folder, if it is missing.

    Raises:
        Refused: others may use it.
        Unavailable: it cannot be made.
    """
    with told(path):
        os.makedirs(os.path.dirname(path), mode=0o700, exist_ok=True)
        os.makedirs(path, mode=0o700, exist_ok=True)
        status = os.lstat(path)
    if status.st_uid not in (os.geteuid(), 0) or status.st_mode & _OTHERS:
        raise Refused(f"{path}: others may use it; it has to have mode 0700")


@contextmanager
def locked(path: str, *, alone: bool) -> Iterator[int]:
    """Open the records and hold their lock.

    Args:
        path: of the folder.
        alone: to append; the file is made if it is missing.

    Raises:
        FileNotFoundError: there are none to be read.
        Unavailable: they cannot be opened.
    """
    flags = os.O_RDWR | os.O_CREAT if alone else os.O_RDONLY
    with told(path):
        opened = os.open(os.path.join(path, RECORDS), flags | _CLOSED, 0o600)
    try:
        with told(path):
            fcntl.flock(opened, fcntl.LOCK_EX if alone else fcntl.LOCK_SH)
        yield opened
    finally:
        os.close(opened)


def read(path: str, name: str) -> bytes:
    """Return a small file.

    Raises:
        FileNotFoundError: there is none.
        Unavailable: it cannot be read.
    """
    with told(path):
        opened = os.open(os.path.join(path, name), os.O_RDONLY | _CLOSED)
        try:
            return os.read(opened, _MOST)
        finally:
            os.close(opened)


def replace(path: str, name: str, data: bytes) -> None:
    """Put a small file in the place of an old one.

    Its bytes are on the disk then; its name perhaps not before `sync_folder`, and until
    then the old one may come back. The caller holds the lock, so nobody else writes the
    file beside it.

    Raises:
        Unavailable: there is no room, or no right, to do so.
    """
    place = os.path.join(path, name)
    beside = f"{place}.new"
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | _CLOSED
    with told(path):
        opened = os.open(beside, flags, 0o600)
        try:
            write_all(opened, data)
            os.fdatasync(opened)
        finally:
            os.close(opened)
        os.rename(beside, place)


def release(opened: int) -> None:
    """Give the lock of the records back."""
    fcntl.flock(opened, fcntl.LOCK_UN)


def size(opened: int) -> int:
    """Return how many bytes a file has."""
    return os.fstat(opened).st_size


def key(path: str) -> Ed25519PrivateKey:
    """Return the host's key; it is made if there never was one. Call it with the lock.

    Raises:
        Refused: what is there is no key, others may read it, or it is missing though
            something was signed with it: a new one would hide that.
        Unavailable: it cannot be read or made.
    """
    try:
        data = read(path, KEY)
    except FileNotFoundError:
        if any(os.path.lexists(os.path.join(path, one)) for one in (PUBLIC, HEAD)):
            raise Refused(f"{path}/{KEY}: is missing, and was there") from None
        new = Ed25519PrivateKey.generate()
        replace(path, KEY, new.private_bytes_raw())
        replace(path, PUBLIC, f"{public(new)}\n".encode())
        return new
    if len(data) != _KEY_BYTES:
        raise Refused(f"{path}/{KEY}: is no key")
    if os.lstat(os.path.join(path, KEY)).st_mode & _OTHERS:
        raise Refused(f"{path}/{KEY}: others may use it; it has to have mode 0600")
    found = Ed25519PrivateKey.from_private_bytes(data)
    if not os.path.exists(os.path.join(path, PUBLIC)):  # killed between the two
        replace(path, PUBLIC, f"{public(found)}\n".encode())
    return found


def public_key(path: str) -> PublicKey:
    """Return the key that checks the head, as it lies beside it.

    Raises:
        FileNotFoundError: there is none.
        Malformed: it is none.
    """
    return PublicKey.parse(read(path, PUBLIC).decode("utf-8", "replace").strip())


@contextmanager
def told(path: str) -> Iterator[None]:
    """Let an error of the system be one that says which folder it is about.

    Raises:
        FileNotFoundError: as it is.
        Unavailable: instead of others.
    """
    try:
        yield
    except FileNotFoundError:
        raise
    except OSError as error:
        raise Unavailable(f"{path}: cannot be used: {error.strerror}") from error
