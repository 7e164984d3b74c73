"""The folder of the quarantine: entries by their state, and who may work at one.

The state of an entry is the ending of its file's name:

    new        is being written; whatever is lost of it is still in its old place
    taking     is whole and on the disk; the file may be in its old place as well
    kept       is whole, and the file is nowhere else
    restoring  beside a kept one: where it is being given back to

Who works at an entry has its file locked (flock(2)); the kernel takes the lock away
from who is killed. So a new one without a lock is nobody's: whoever makes one holds the
lock of the folder until he has that of the entry.
"""

import fcntl
import os
import re
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum

from clearward.core.errors import Refused, Unavailable

NAME = "quarantine"
_SHAPE = re.compile(r"([0-9a-f]{32})\.(new|taking|kept|restoring)")
_OTHERS = stat.S_IRWXG | stat.S_IRWXO


class State(StrEnum):
    """How far an entry has come; see above."""

    NEW = "new"
    TAKING = "taking"
    KEPT = "kept"
    RESTORING = "restoring"


class Folder:
    """The open folder. Use it in a `with` block, or close it.

    Args:
        home: the folder that holds everything kept; made if it is missing.

    Raises:
        Refused: others may look into the folder.
        Unavailable: it cannot be made or opened.
    """

    def __init__(self, home: str) -> None:
        self.path = os.path.join(home, NAME)
        try:
            os.makedirs(home, mode=0o700, exist_ok=True)
            os.makedirs(self.path, mode=0o700, exist_ok=True)
            self._descriptor = os.open(
                self.path, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
            )
        except OSError as error:
            raise _unavailable(self.path, error) from error
        status = os.fstat(self._descriptor)
        if status.st_uid not in (os.geteuid(), 0) or status.st_mode & _OTHERS:
            os.close(self._descriptor)
            raise Refused(f"{self.path}: others may use it; it has to have mode 0700")

    def close(self) -> None:
        """Close it."""
        os.close(self._descriptor)

    def entries(self) -> dict[str, set[State]]:
        """Return the states in which there is a file, by identifier, sorted."""
        found: dict[str, set[State]] = {}
        for name in sorted(os.listdir(self._descriptor)):
            match = _SHAPE.fullmatch(name)
            if match:
                found.setdefault(match[1], set()).add(State(match[2]))
        return found

    @contextmanager
    def new(self, identifier: str, state: State = State.NEW) -> Iterator[int]:
        """Make the file of an entry, and hold its lock.

        Raises:
            Unavailable: there is no room, or no right, to do so.
        """
        flags = os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
        name = f"{identifier}.{state}"
        try:
            with self.alone():
                descriptor = os.open(name, flags, 0o600, dir_fd=self._descriptor)
                fcntl.flock(descriptor, fcntl.LOCK_EX)
        except OSError as error:
            raise _unavailable(self.path, error) from error
        try:
            yield descriptor
        finally:
            os.close(descriptor)

    @contextmanager
    def locked(self, identifier: str, state: State) -> Iterator[int | None]:
        """Open the file of an entry and hold its lock; None if that cannot be had."""
        descriptor = self.open(identifier, state)
        try:
            if descriptor is not None and not self._lock(descriptor, identifier, state):
                yield None
            else:
                yield descriptor
        finally:
            if descriptor is not None:
                os.close(descriptor)

    def open(self, identifier: str, state: State) -> int | None:
        """Open the file of an entry to read it; None if there is none.

        Raises:
            Unavailable: it cannot be read.
        """
        flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC
        try:
            return os.open(f"{identifier}.{state}", flags, dir_fd=self._descriptor)
        except FileNotFoundError:
            return None
        except OSError as error:
            raise _unavailable(f"{self.path}/{identifier}", error) from error

    def turn(self, identifier: str, before: State, after: State) -> None:
        """Bring an entry from one state to another, on the disk as well.

        Raises:
            OSError: as rename(2).
        """
        os.rename(
            f"{identifier}.{before}",
            f"{identifier}.{after}",
            src_dir_fd=self._descriptor,
            dst_dir_fd=self._descriptor,
        )
        os.fsync(self._descriptor)

    def remove(self, identifier: str, state: State) -> None:
        """Remove the file of an entry, on the disk as well.

        Raises:
            OSError: as unlink(2).
        """
        os.unlink(f"{identifier}.{state}", dir_fd=self._descriptor)
        os.fsync(self._descriptor)

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Hold the lock of the folder, for as long as a file is made or looked for."""
        opened = os.open(".", os.O_RDONLY | os.O_CLOEXEC, dir_fd=self._descriptor)
        try:
            fcntl.flock(opened, fcntl.LOCK_EX)
            yield
        finally:
            os.close(opened)

    def _lock(self, descriptor: int, identifier: str, state: State) -> bool:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            named = os.stat(f"{identifier}.{state}", dir_fd=self._descriptor)
        except OSError:  # another has it, or it was removed before we had it
            return False
        return os.path.samestat(named, os.fstat(descriptor))


def _unavailable(path: str, error: OSError) -> Unavailable:
    return Unavailable(f"{path}: cannot be used: {error.strerror}")
