"""The set of digests of a home.

    reputation              the set in use: a folder, or a link to one of
    reputation-sets/NAME    what was fetched

A link is replaced by a rename, so that there is always a whole set or none. A folder is
somebody's own and is left alone.
"""

import fcntl
import os
import secrets
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from clearward.core.errors import Refused, Unavailable
from clearward.stores.durable import sync_folder
from clearward.stores.reputation import HEAD, SetFolder
from clearward.stores.reputation_writing import File, write

NAME = "reputation"
_SETS = "reputation-sets"


def installed(home: str) -> SetFolder | None:
    """Return the set of a home; None if there is none.

    Raises:
        Refused: it is damaged.
    """
    # By the name of what is linked, so that all files are those of one set.
    path = os.path.realpath(os.path.join(home, NAME))
    if not os.path.lexists(os.path.join(path, HEAD)):
        return None
    return SetFolder.open(path)


def install(home: str, files: Iterable[File]) -> None:
    """Write a set into a home and put it in the place of the one in use.

    Raises:
        Refused: the set in use was put there by a person, or a file is not right.
        Unavailable: there is no room, or no right, to write.
    """
    path = os.path.join(home, NAME)
    if os.path.lexists(path) and not os.path.islink(path):
        raise Refused(f"{path}: is a set of your own; remove it to have another one")
    name = secrets.token_hex(8)
    with _alone(home) as sets:
        write(os.path.join(sets, name), files)
        made = f"{path}.{name}"
        os.symlink(os.path.join(_SETS, name), made)
        os.replace(made, path)
        sync_folder(home)
        _remove_others(sets, name)


@contextmanager
def _alone(home: str) -> Iterator[str]:
    """Keep others out, who would remove what is not in use yet."""
    sets = os.path.join(home, _SETS)
    try:
        os.makedirs(home, mode=0o700, exist_ok=True)
        os.makedirs(sets, exist_ok=True)
        opened = os.open(sets, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            fcntl.flock(opened, fcntl.LOCK_EX)
            yield sets
        finally:
            os.close(opened)
    except OSError as error:
        raise Unavailable(f"{sets}: {error.strerror}") from error


def _remove_others(folder: str, name: str) -> None:
    for other in os.listdir(folder):
        if other != name:
            shutil.rmtree(os.path.join(folder, other), ignore_errors=True)
