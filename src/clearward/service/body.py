"""An object that is being received, on its way to a descriptor for the jail.

A small one is kept as it is until a descriptor is asked for: if the same bytes were
judged before, none is. A larger one is kept in a file in memory as long as there is
room, then in a file without a name in the state folder: whatever ends this process,
nothing of it is left.
"""

import hashlib
import os
from dataclasses import dataclass
from typing import Self

from clearward.core.errors import ClearwardError
from clearward.core.limits import KIB, MIB
from clearward.core.reasons import Reason
from clearward.jail.broker import OpenFile, admit
from clearward.stores.durable import write_all

SMALL = 64 * KIB  # bytes: to take a digest costs less than to look at them
IN_MEMORY = 4 * MIB  # bytes of one object
_READ = os.O_RDONLY | os.O_CLOEXEC | os.O_NOCTTY


class TooLarge(ClearwardError):
    """An object of more bytes than are taken."""


class NoRoom(ClearwardError):
    """Neither memory nor disk has room for an object."""


@dataclass(slots=True)
class Storage:
    """Where the objects of all clients are kept while they are looked at.

    Attributes:
        folder: takes what does not fit into memory; it exists.
        room: bytes of memory that are left for all of them together.
    """

    folder: str
    room: int = 256 * MIB


class Body:
    """One object.

    Args:
        storage: of the server.
        limit: most bytes it may have.

    Attributes:
        size: bytes so far.
    """

    __slots__ = (
        *("_charged", "_descriptor", "_digest", "_limit", "_small", "_storage"),
        "size",
    )

    def __init__(self, storage: Storage, limit: int) -> None:
        self._storage = storage
        self._limit = limit
        self._descriptor = -1
        self._charged = 0
        self._small: bytearray | None = bytearray()
        self._digest = b""
        self.size = 0

    @property
    def digest(self) -> bytes:
        """SHA-256 of a small one that is complete; empty for a larger one."""
        if self._small is not None and not self._digest:
            self._digest = hashlib.sha256(self._small).digest()
        return self._digest

    def write(self, data: bytes | bytearray | memoryview) -> None:
        """Add some bytes.

        Raises:
            TooLarge: it would get more than it may have; nothing was added.
            NoRoom: there is no room; the object is of no more use.
        """
        size = self.size + len(data)
        if size > self._limit:
            raise TooLarge(f"an object of more than {self._limit} bytes")
        self._digest = b""
        if self._small is not None and size <= SMALL and self._charge(size):
            self._small += data
            self.size = size
            return
        try:
            if self._descriptor < 0:
                self._begin(size)
            elif self._charged and not self._charge(size):
                self._move()
            write_all(self._descriptor, data)
        except OSError as error:
            raise NoRoom(f"no room for an object: {error.strerror}") from error
        self.size = size

    def entry(self, path: bytes) -> OpenFile:
        """Return it as a file for the jail, open for reading alone.

        Args:
            path: what to call it.

        Raises:
            NoRoom: no file can be opened.
        """
        digest = self.digest
        try:
            if self._descriptor < 0:
                self._begin(self.size)
            again = os.open(f"/proc/self/fd/{self._descriptor}", _READ)
        except OSError as error:
            raise NoRoom(f"no room for an object: {error.strerror}") from error
        self._let_go()
        entry = admit(again, path, None)
        if not isinstance(entry, OpenFile):  # it was made by `_begin` or `_move`
            raise NoRoom(f"an object that cannot be read: {Reason.NOT_REGULAR.word}")
        entry.digest = digest
        return entry

    def close(self) -> None:
        """Forget it, and what it took of the memory; once is enough."""
        self._let_go()
        self._small = None
        self._storage.room += self._charged
        self._charged = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __del__(self) -> None:
        self.close()

    def _begin(self, size: int) -> None:
        """Make a file for so many bytes, and put into it what there is."""
        if self._charge(max(size, 1)):
            self._descriptor = os.memfd_create("object", os.MFD_CLOEXEC)
        else:
            self._descriptor = _unnamed(self._storage.folder)
            self._storage.room += self._charged
            self._charged = 0
        small, self._small = self._small, None
        if small:
            write_all(self._descriptor, small)

    def _charge(self, size: int) -> bool:
        """Say whether it may have so many bytes of memory, and note that it has."""
        more = size - self._charged
        if size > IN_MEMORY or more > self._storage.room:
            return False
        self._storage.room -= more
        self._charged = size
        return True

    def _move(self) -> None:
        """Go on in a file."""
        file = _unnamed(self._storage.folder)
        memory, self._descriptor = self._descriptor, file
        self._storage.room += self._charged
        self._charged = 0
        try:
            offset = 0
            while count := os.sendfile(file, memory, offset, IN_MEMORY):
                offset += count
        finally:
            os.close(memory)

    def _let_go(self) -> None:
        descriptor, self._descriptor = self._descriptor, -1
        if descriptor >= 0:
            os.close(descriptor)


def _unnamed(folder: str) -> int:
    """Open a file that has no name and vanishes with its last descriptor."""
    return os.open(folder, os.O_TMPFILE | os.O_RDWR | os.O_CLOEXEC, 0o600)
