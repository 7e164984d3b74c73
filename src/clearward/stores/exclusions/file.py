"""The file that exclusions are kept in: ``exclusions.json`` in the home.

    {"version": 1, "exclusions": [{"name": N, "begins": S, "until": S, "reason": R}]}

It takes away protection, so it is believed only if it is whole and if nobody but its
owner, who is root or whoever runs this, could have written it. Else nothing is
excluded, and that is said.
"""

import fcntl
import json
import os
import stat
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from clearward.core.errors import Refused, Unavailable
from clearward.stores.durable import write_all
from clearward.stores.exclusions.exclusion import Exclusion
from clearward.stores.new_file import new_file

NAME = "exclusions.json"
VERSION = 1
MOST = 1000  # exclusions
_MOST_BYTES = 2 << 20

Change = Callable[[Sequence[Exclusion]], Sequence[Exclusion]]


class Damaged(Refused):
    """The file cannot be believed; nothing is excluded."""


def place(home: str) -> str:
    """Return the path of the file."""
    return os.path.join(home, NAME)


def read(home: str) -> tuple[Exclusion, ...]:
    """Return all that is kept, also what does not hold any more; nothing if no file.

    Raises:
        Damaged: it cannot be read, is not whole, or others could have written it.
    """
    path = place(home)
    try:
        data = _data(path)
    except FileNotFoundError:
        return ()
    except OSError as error:
        raise Damaged(_said(path, error.strerror or "cannot be read")) from error
    try:
        return _parsed(data)
    except (ValueError, RecursionError) as error:
        raise Damaged(_said(path, "is damaged")) from error


def change(home: str, how: Change) -> tuple[Exclusion, ...]:
    """Put other exclusions in the place of those that are kept; return them.

    Whoever changes them at the same time waits.

    Args:
        home: the folder that holds everything kept; made if it is missing.
        how: is given what is kept, and returns what is to be.

    Raises:
        Damaged: what is kept cannot be believed.
        Refused: they are too many.
        Unavailable: they cannot be written.
    """
    with _alone(home):
        wanted = tuple(how(read(home)))
        if len(wanted) > MOST:
            raise Refused(f"at most {MOST} exclusions are kept; remove some first")
        rows = [one.fields() for one in wanted]
        kept = {"version": VERSION, "exclusions": rows}
        with new_file(place(home)) as descriptor:
            os.fchmod(descriptor, 0o600)
            write_all(descriptor, json.dumps(kept, indent=1).encode("ascii") + b"\n")
    return wanted


def _data(path: str) -> bytes:
    """Read the file, if it is one that can be believed."""
    flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
    descriptor = os.open(path, flags)
    try:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode) or status.st_size > _MOST_BYTES:
            raise Damaged(_said(path, "is no file of exclusions"))
        if status.st_uid not in (0, os.geteuid()):
            raise Damaged(_said(path, "belongs to another user"))
        if status.st_mode & (stat.S_IWGRP | stat.S_IWOTH):
            raise Damaged(_said(path, "can be written by others"))
        data = b""
        while piece := os.read(descriptor, _MOST_BYTES + 1 - len(data)):
            data += piece
        return data
    finally:
        os.close(descriptor)


def _parsed(data: bytes) -> tuple[Exclusion, ...]:
    kept = json.loads(data)
    if not isinstance(kept, dict) or set(kept) != {"version", "exclusions"}:
        raise ValueError("other fields")
    rows = kept["exclusions"]
    if kept["version"] != VERSION or not isinstance(rows, list) or len(rows) > MOST:
        raise ValueError("another version, or too many")
    found = tuple(Exclusion.of(row) for row in rows)
    if len({one.name for one in found}) != len(found):
        raise ValueError("a name twice")
    return found


@contextmanager
def _alone(home: str) -> Iterator[None]:
    """Keep others from changing the file meanwhile."""
    try:
        os.makedirs(home, mode=0o700, exist_ok=True)
        folder = os.open(home, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    except OSError as error:
        said = f"{place(home)}: cannot be written: {error.strerror}"
        raise Unavailable(said) from error
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        yield
    finally:
        os.close(folder)


def _said(path: str, what: str) -> str:
    return f"{path}: {what}: nothing is excluded"
