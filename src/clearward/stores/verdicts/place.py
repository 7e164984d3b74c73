"""The folder of the store: who may write in it, its secret, and which file is in use.

    verdicts/            mode 0700, ours
    verdicts/key         mode 0600: a first line, the secret, the name of the database;
                         its time is when something was forgotten last
    verdicts/NAME.sqlite and its journal

A store that is damaged is thrown away by putting a new key in the place of the old
one: another secret, and another name. So whoever still has the old database open
writes into a file that nobody else looks at, and its journal is never taken for that
of the new one.
"""

import os
import secrets
import stat
import time
from contextlib import suppress
from dataclasses import dataclass

from clearward.core.errors import Unavailable
from clearward.stores.verdicts.block import Spoiled

FOLDER = "verdicts"
KEY = "key"
FIRST_LINE = b"clearward verdicts 1\n"
_STAT_BLOCK = 512  # bytes
_SECRET, _NAME = 32, 16  # bytes; the name is hexadecimal
_ENDING = ".sqlite"
_PARTIAL = ".partial"
_MOMENT = 60.0  # seconds, after which what somebody was writing is nobody's
_OTHERS = stat.S_IRWXG | stat.S_IRWXO
_WRITERS = stat.S_IWGRP | stat.S_IWOTH

Mark = tuple[int, int]  # inode of the key file, and its time in nanoseconds


@dataclass(frozen=True, slots=True)
class Key:
    """What the key file says.

    Attributes:
        secret: 32 bytes.
        database: path of the database.
        mark: of the key file, see `Place.mark`.
    """

    secret: bytes
    database: str
    mark: "Mark"


class Place:
    """The folder of the store in a home; it may not exist yet."""

    def __init__(self, home: str) -> None:
        self._home = home
        self._folder = os.path.join(home, FOLDER)

    def key(self) -> Key | None:
        """Return the key; None if there is no store yet.

        Raises:
            Spoiled: there is something else, or others could have written it.
            Unavailable: the folder is not ours.
            OSError: it cannot be read.
        """
        try:
            folder = self._enter()
        except FileNotFoundError:
            return None
        try:
            if os.fstat(folder).st_mode & _WRITERS:
                raise Spoiled("a store that others may write")
            return self._read(folder)
        finally:
            os.close(folder)

    def make(self, *, instead: bool) -> Key:
        """Make a new key and begin an empty store.

        Args:
            instead: of the store that is there; otherwise that one is returned.

        Raises:
            Spoiled: as `key` does.
            Unavailable: the folder is not ours.
            OSError: it cannot be written.
        """
        os.makedirs(self._home, mode=0o700, exist_ok=True)
        with suppress(FileExistsError):
            os.mkdir(self._folder, 0o700)
        folder = self._enter()
        try:
            os.fchmod(folder, 0o700)
            _write(folder, instead=instead)
            key = self._read(folder)
            if key is None:
                raise Unavailable(f"{self._folder}: the key is gone again")
            if instead:
                _sweep(folder, os.path.basename(key.database).removesuffix(_ENDING))
            return key
        finally:
            os.close(folder)

    def exists(self) -> bool:
        """Say whether there is a store, or something in its place."""
        return os.path.lexists(self._folder)

    def mark(self) -> Mark:
        """Return what is another one when something was forgotten; zeros if no key is.

        Whoever holds something in memory that was read under another mark drops it.
        """
        try:
            return _mark(os.stat(os.path.join(self._folder, KEY)))
        except OSError:
            return 0, 0

    def tell_others(self) -> None:
        """Give the key another mark, since something is forgotten.

        Raises:
            OSError: there is none, or it is not ours.
        """
        now = time.time_ns()
        key = os.path.join(self._folder, KEY)
        os.utime(key, ns=(now, now), follow_symlinks=False)

    def size(self) -> int:
        """Return how much all files of the store take, bytes; 0 if there is none."""
        try:
            folder = self._enter()
        except FileNotFoundError:
            return 0
        try:
            blocks = 0
            for name in os.listdir(folder):
                with suppress(FileNotFoundError):
                    status = os.stat(name, dir_fd=folder, follow_symlinks=False)
                    blocks += status.st_blocks
            return blocks * _STAT_BLOCK
        finally:
            os.close(folder)

    def _enter(self) -> int:
        flags = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
        folder = os.open(self._folder, flags)
        if os.fstat(folder).st_uid != os.geteuid():
            os.close(folder)
            raise Unavailable(f"{self._folder}: belongs to somebody else")
        return folder

    def _read(self, folder: int) -> Key | None:
        flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
        try:
            opened = os.open(KEY, flags, dir_fd=folder)
        except FileNotFoundError:
            return None
        try:
            status = os.fstat(opened)
            if not stat.S_ISREG(status.st_mode):
                raise Spoiled("a key that is no file")
            if status.st_uid != os.geteuid() or status.st_mode & _OTHERS:
                raise Spoiled("a key that others may know")
            data = os.read(opened, 4096)
        finally:
            os.close(opened)
        secret = data[len(FIRST_LINE) : -_NAME]
        name = data[-_NAME:]
        if not data.startswith(FIRST_LINE) or len(secret) != _SECRET:
            raise Spoiled("a key of another version")
        if not all(one in b"0123456789abcdef" for one in name):
            raise Spoiled("a key with a wrong name")
        database = os.path.join(self._folder, name.decode() + _ENDING)
        return Key(secret, database, _mark(status))


def _mark(status: os.stat_result) -> Mark:
    return status.st_ino, status.st_mtime_ns


def _write(folder: int, *, instead: bool) -> None:
    """Make a key; one that is there already stays, or is replaced."""
    name = secrets.token_hex(_NAME // 2)
    partial = name + _PARTIAL
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
    opened = os.open(partial, flags, 0o600, dir_fd=folder)
    try:
        with open(opened, "wb") as file:
            file.write(FIRST_LINE + secrets.token_bytes(_SECRET) + name.encode())
        if instead:
            os.rename(partial, KEY, src_dir_fd=folder, dst_dir_fd=folder)
            return
        with suppress(FileExistsError):  # somebody else was faster
            os.link(partial, KEY, src_dir_fd=folder, dst_dir_fd=folder)
        os.unlink(partial, dir_fd=folder)
    except OSError:
        with suppress(OSError):
            os.unlink(partial, dir_fd=folder)
        raise


def _sweep(folder: int, name: str) -> None:
    """Remove what is left of other stores, and of keys that were never finished."""
    for other in os.listdir(folder):
        if other == KEY or other.startswith(name):
            continue
        with suppress(OSError):
            if other.endswith(_PARTIAL):
                age = time.time() - os.stat(other, dir_fd=folder).st_mtime
                if age < _MOMENT:
                    continue
            os.unlink(other, dir_fd=folder)
