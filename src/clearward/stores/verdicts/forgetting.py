"""Forget what is remembered, all of it or of some files, while others go on.

Others hold verdicts in memory. They look at the key (`Place.mark`) before they write
any and every second while they use them. So it gets another mark first; then the
verdicts go; and then it gets another one again, for those who read in between.
"""

import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from itertools import islice

from clearward.core.errors import Unavailable
from clearward.jail.listing import BLOCK_BITS
from clearward.stores.verdicts.block import Seal, Spoiled
from clearward.stores.verdicts.place import Key, Place
from clearward.stores.verdicts.table import Closed, Locked, ReadOnly, Row, Table

PATIENCE = 5.0  # seconds to wait for who writes
BATCH = 10_000  # files at once, so that nobody waits for long

_Files = Mapping[tuple[int, int], set[bytes]]  # inodes by device and block


def forget_all(home: str) -> None:
    """Begin an empty store, if there is one.

    Args:
        home: the folder of the store's folder.

    Raises:
        Unavailable: it cannot be removed.
    """
    place = Place(home)
    with _told():
        if place.exists():
            place.make(instead=True)


def forget_files(home: str, files: Iterable[os.stat_result]) -> int:
    """Forget some files under all rules; return how many were remembered.

    Args:
        home: the folder of the store's folder.
        files: as they are now; what was at their inodes before is forgotten as well.

    Raises:
        Unavailable: the store cannot be written, or others are at it all the time.
    """
    place = Place(home)
    with _told():
        key = place.key()
        if key is None or not os.path.exists(key.database):
            return 0
        waiting = iter(files)
        count = 0
        while batch := list(islice(waiting, BATCH)):
            place.tell_others()
            count += _forget(key, _by_block(batch))
            place.tell_others()
        return count


def files_below(
    path: str, complain: Callable[[OSError], None]
) -> Iterator[os.stat_result]:
    """Yield a file, or all files below a folder; links below it are not followed.

    Args:
        path: of the file or folder.
        complain: called with each folder or file that cannot be looked at.
    """
    waiting = [path]
    try:
        status = os.stat(path)
        if not os.path.isdir(path):
            yield status
            return
    except OSError as error:
        complain(error)
        return
    while waiting:
        try:
            with os.scandir(waiting.pop()) as listing:
                entries = list(listing)
        except OSError as error:
            complain(error)
            continue
        for entry in entries:
            if entry.is_dir(follow_symlinks=False):
                waiting.append(entry.path)
            else:
                try:
                    yield entry.stat(follow_symlinks=False)
                except OSError as error:
                    complain(error)


def _by_block(files: Iterable[os.stat_result]) -> _Files:
    found: dict[tuple[int, int], set[bytes]] = {}
    for status in files:
        at = status.st_dev, status.st_ino >> BLOCK_BITS
        found.setdefault(at, set()).add(status.st_ino.to_bytes(8, "little"))
    return found


def _forget(key: Key, files: _Files) -> int:
    gone: set[tuple[int, bytes]] = set()
    table = Table(key.database)
    try:
        with table.changing(PATIENCE):
            for space in table.spaces():
                seal = Seal.of(key.secret, space.digest)
                for at, inodes in files.items():
                    gone |= _drop(table, space.number, seal, at, inodes)
    finally:
        table.close()
    return len(gone)


def _drop(
    table: Table, space: int, seal: Seal, at: tuple[int, int], inodes: set[bytes]
) -> set[tuple[int, bytes]]:
    """Take files out of a block; return which were in it."""
    number = seal.number(*at)
    data = table.row(number)
    if data is None:
        return set()
    try:
        slots = seal.open(*at, data)
    except Spoiled:
        slots = []
    kept = [slot for slot in slots if slot[0][:8] not in inodes]
    if not kept:
        table.drop(number)
    elif len(kept) < len(slots):
        last = max(slot[1] for slot in kept)
        since = last  # it is as old as it was
        row = Row(space, last=last, slots=seal.close(*at, kept), since=since)
        table.put(number, row, joined=True)
    return {(at[0], slot[0][:8]) for slot in slots} & {(at[0], one) for one in inodes}


@contextmanager
def _told() -> Iterator[None]:
    """Say what is wrong with the store, in a line."""
    what = "the remembered verdicts"
    try:
        yield
    except Locked as error:
        raise Unavailable(f"{what} are in use by others; try again") from error
    except (Closed, ReadOnly, Spoiled) as error:
        raise Unavailable(f"{what} cannot be changed: {error}") from error
    except OSError as error:
        raise Unavailable(f"{what} cannot be changed: {error.strerror}") from error
