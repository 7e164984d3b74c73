"""Give a file back: whole, with everything it had, and only then under its name.

    1  a new file without a name is made in the folder, and its number written down
       and synced
    2  content, owner, rights, access list, times; synced
    3  it gets its name, which fails if another file has it; the folder is synced
    4  the entry is removed

Killed before 3, the new file ends with the process. Killed between 3 and 4, `recovery`
finds by the journal that the file is there. The kernel is never asked to follow a link.
"""

import errno
import hashlib
import os
import secrets
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass

from clearward.core.errors import Refused, Unavailable
from clearward.stores.quarantine.attributes import give
from clearward.stores.quarantine.container import Reader
from clearward.stores.quarantine.damage import Damaged
from clearward.stores.quarantine.extents import Digest
from clearward.stores.quarantine.folder import Folder, State
from clearward.stores.quarantine.journal import Journal
from clearward.stores.quarantine.moving import move, name_unnamed
from clearward.stores.quarantine.place import Place, place
from clearward.stores.quarantine.record import Record

_UNNAMED = os.O_TMPFILE | os.O_RDWR | os.O_CLOEXEC
_NAMED = os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
_NO_UNNAMED = (errno.EOPNOTSUPP, errno.EISDIR, errno.EINVAL, errno.ENOENT)


@dataclass(frozen=True, slots=True)
class Restored:
    """What became of it.

    Attributes:
        path: where it is now.
        missing: what could not be given back, as `attributes.give` names it.
    """

    path: bytes
    missing: tuple[str, ...]


def restore(
    folder: Folder,
    key: bytes,
    reader: Reader,
    record: Record,
    target: tuple[bytes, bool],
) -> Restored:
    """Give the file of a locked entry back, and remove the entry.

    Args:
        folder: of the quarantine.
        key: that is kept.
        reader: of the entry.
        record: of the entry.
        target: where to, absolute and without links; whether a file that stands there
            is replaced.

    Raises:
        Refused: a link is on the way, or the name is taken. The entry stays.
        Unavailable: there is no room or no right, or the entry is damaged. It stays.
    """
    path, overwrite = target
    shown = os.fsdecode(path)
    with place(path) as where:
        try:
            _check_free(where, overwrite=overwrite)
            missing = _give_back(folder, key, reader, record, (where, overwrite))
        except FileExistsError as error:
            raise Refused(f"{shown}: is there already, and stays") from error
        except IsADirectoryError as error:
            raise Refused(f"{shown}: is a folder, and stays") from error
        except OSError as error:
            raise Unavailable(
                f"{shown}: cannot be written: {error.strerror}"
            ) from error
        return Restored(where.path, missing)


def _check_free(where: Place, *, overwrite: bool) -> None:
    """Refuse early what the kernel would refuse at the end."""
    standing = where.status()
    if standing is None:
        return
    if stat.S_ISDIR(standing.st_mode):
        raise IsADirectoryError
    if not overwrite:
        raise FileExistsError


def _give_back(
    folder: Folder, key: bytes, reader: Reader, record: Record, to: tuple[Place, bool]
) -> tuple[str, ...]:
    where, overwrite = to
    identifier = record.identifier
    secret = b".clearward-" + secrets.token_hex(16).encode("ascii")
    _forget(folder, identifier)
    with folder.new(identifier, State.RESTORING) as journal:
        try:
            # What has the secret name is nobody's from here on; see `recovery`.
            Journal(where.path, secret, 0, 0).write(journal, key, identifier)
            with _new(where, secret) as (made, named):
                status = os.fstat(made)
                meant = Journal(where.path, secret, status.st_dev, status.st_ino)
                meant.write(journal, key, identifier)
                _fill(made, reader, record)
                missing = give(made, record.attributes)
                os.fsync(made)
                _publish(where, made, secret, named=named, overwrite=overwrite)
        except BaseException:
            _forget(folder, identifier)
            raise
        where.sync()
        folder.remove(identifier, State.KEPT)
        folder.remove(identifier, State.RESTORING)
    return missing


@contextmanager
def _new(where: Place, secret: bytes) -> Iterator[tuple[int, bool]]:
    """Make a file without a name, or where that cannot be, with the secret one.

    Says which of them. At the end nothing has the secret name.
    """
    named = False
    try:
        made = os.open(b".", _UNNAMED, 0o600, dir_fd=where.folder)
    except OSError as error:
        if error.errno not in _NO_UNNAMED:
            raise
        named = True
        made = os.open(secret, _NAMED, 0o600, dir_fd=where.folder)
    try:
        yield made, named
    finally:
        os.close(made)
        with suppress(OSError):
            os.unlink(secret, dir_fd=where.folder)


def _fill(made: int, reader: Reader, record: Record) -> None:
    """Write the content; holes stay holes."""
    os.ftruncate(made, record.size)
    hash = hashlib.sha256()
    summed = Digest(hash)
    places = iter(record.extents)
    start = left = 0
    for chunk in reader.content():
        rest = memoryview(chunk)
        while rest:
            if not left:
                extent = next(places, None)
                if extent is None:
                    raise Damaged("the entry holds more than the file did")
                start, left = extent.start, extent.length
            written = os.pwrite(made, rest[:left], start)
            summed.add(start, bytes(rest[:written]))
            start, left, rest = start + written, left - written, rest[written:]
    summed.fill(record.size)
    if hash.hexdigest() != record.digest:
        raise Damaged("the entry does not hold what the file did")


def _publish(
    where: Place, made: int, secret: bytes, *, named: bool, overwrite: bool
) -> None:
    """Give the file its name; it has the secret one until then, or none at all."""
    if overwrite:
        if not named:
            name_unnamed(made, where.folder, secret)
        at = where.folder
        os.rename(secret, where.name, src_dir_fd=at, dst_dir_fd=at)
    elif named:
        move(where.folder, secret, where.name)
    else:
        name_unnamed(made, where.folder, where.name)


def _forget(folder: Folder, identifier: str) -> None:
    """Remove a journal of before."""
    with suppress(FileNotFoundError):
        folder.remove(identifier, State.RESTORING)
