"""A log in a folder: static files that any web server or a stick carries.

    checkpoint          the signed head
    tile/...            hashes and entries, see `updates.tiles`
    .pending            an entry whose head was perhaps signed and is not written yet

Tiles are written first and the checkpoint last, each under another name, synced and
renamed: whoever reads finds the old log or the new one. The head of an entry may be
known to witnesses before it is written here. So an entry that is begun is finished
before another one is taken, also by who comes after a crash: another entry in its place
would be a second history, which no witness signs.

Source: C2SP tlog-tiles 0.1.0.
"""

import fcntl
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass

from clearward.core.errors import Malformed, Refused, Unavailable
from clearward.stores.durable import write_all
from clearward.stores.new_file import new_file
from clearward.updates import tiles, tree
from clearward.updates.checkpoint import Checkpoint
from clearward.updates.note import Note
from clearward.updates.tiles import Tiles

Sign = Callable[[Checkpoint, Checkpoint], Note]  # the old head and the new one
_PENDING = ".pending"
_HEAD = "checkpoint"


@dataclass(frozen=True, slots=True)
class LogFolder:
    """One log.

    Attributes:
        folder: where its files are.
        origin: its name.
    """

    folder: str
    origin: str

    def create(self, sign: Sign) -> None:
        """Make an empty log.

        Raises:
            Refused: there is one.
            Unavailable: the folder cannot be written.
        """
        os.makedirs(self.folder, exist_ok=True)
        if os.path.lexists(self._path(_HEAD)):
            raise Refused(f"{self.folder}: there is a log already")
        empty = Checkpoint(self.origin, 0, tree.EMPTY)
        self._write(_HEAD, sign(empty, empty).to_bytes())

    def head(self) -> Checkpoint:
        """Return the head; its signatures are not looked at.

        Raises:
            Refused: it is that of another log, or none.
        """
        try:
            found = Checkpoint.parse(Note.parse(self.read(_HEAD)).text)
        except (Malformed, OSError) as error:
            raise Refused(f"{self._path(_HEAD)}: no head of a log: {error}") from error
        if found.origin != self.origin:
            raise Refused(f"{self._path(_HEAD)}: the head of another log")
        return found

    def entry(self, index: int) -> bytes:
        """Return an entry.

        Raises:
            Refused: the log does not have it as it should.
        """
        size = self.head().size
        number, place = divmod(index, tiles.WIDTH)
        width = min(tiles.WIDTH, size - number * tiles.WIDTH)
        try:
            return tiles.bundle(self.read(tiles.path("entries", number, width)))[place]
        except (Malformed, OSError, IndexError) as error:
            raise Refused(f"{self.folder}: entry {index} is not there") from error

    def pending(self) -> bytes | None:
        """Return an entry that was begun and not finished; None if there is none."""
        try:
            return self.read(_PENDING)
        except FileNotFoundError:
            return None

    def append(self, entry: bytes, sign: Sign) -> Checkpoint:
        """Add an entry, or finish it.

        Args:
            entry: what was begun, if something was.
            sign: signs the new head, and has it signed; whatever it raises, the log
                stays as it was and the entry is pending.

        Raises:
            Refused: another entry was begun, or the log is not what its head says.
            Unavailable: the folder cannot be written.
        """
        with self._alone():
            begun = self.pending()
            if begun is not None and begun != entry:
                raise Refused(
                    f"{self.folder}: another entry was begun; finish it first"
                )
            old = self.head()
            if begun is not None and self._is_last(old, entry):
                self._forget()
                return old
            if begun is None:
                self._write(_PENDING, entry)
            new = self._grow(old, entry)
            self._write(_HEAD, sign(old, new).to_bytes())
            self._forget()
            return new

    def read(self, name: str) -> bytes:
        """Return one of its files.

        Raises:
            OSError: it is not there or cannot be read.
        """
        with open(self._path(name), "rb") as file:
            return file.read()

    def _grow(self, old: Checkpoint, entry: bytes) -> Checkpoint:
        """Write the files of one more entry; return what the head will be."""
        try:
            if Tiles(old.size, self.read).root() != old.root:
                raise Refused(f"{self.folder}: its files are not those of its head")
            for name, data in tiles.grow(old.size, [entry], self.read):
                os.makedirs(os.path.dirname(self._path(name)), exist_ok=True)
                self._write(name, data)
            size = old.size + 1
            return Checkpoint(self.origin, size, Tiles(size, self.read).root())
        except Malformed as error:
            raise Refused(f"{self.folder}: {error}") from error
        except OSError as error:
            said = f"{self.folder}: the log cannot be continued: {error.strerror}"
            raise Unavailable(said) from error

    def _is_last(self, head: Checkpoint, entry: bytes) -> bool:
        """Say whether the head was written and only the end was missing."""
        return head.size > 0 and self.entry(head.size - 1) == entry

    def _write(self, name: str, data: bytes) -> None:
        with new_file(self._path(name)) as descriptor:
            write_all(descriptor, data)

    def _forget(self) -> None:
        with suppress(FileNotFoundError):
            os.unlink(self._path(_PENDING))

    def _path(self, name: str) -> str:
        return os.path.join(self.folder, *name.split("/"))

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Keep others out; the lock goes with the process."""
        flags = os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC
        try:
            descriptor = os.open(self.folder, flags)
        except OSError as error:
            raise Refused(f"{self.folder}: no log: {error.strerror}") from error
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            yield
        except BlockingIOError as error:
            raise Unavailable(f"{self.folder}: somebody else adds to it") from error
        finally:
            os.close(descriptor)
