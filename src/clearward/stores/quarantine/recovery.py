"""End what was going on when a process was killed, so that a file is in one place.

An entry in the state ``taking`` is whole. If the file is still in its old place, or has
the secret name beside it, and still has the content of the entry, its removal is done
again; if it was written to meanwhile, the entry goes and the file stays. A journal says
whether a file was given back: then the entry goes, else the journal.

Nothing is removed on the word of an inode number alone, since those are used again: the
content has to have the digest that the record says.
"""

import os
from collections.abc import Callable
from contextlib import suppress

from clearward.core.errors import ClearwardError
from clearward.stores.quarantine.container import Reader
from clearward.stores.quarantine.damage import Damaged, Stuck
from clearward.stores.quarantine.folder import Folder, State
from clearward.stores.quarantine.identity import Identity
from clearward.stores.quarantine.journal import Journal
from clearward.stores.quarantine.place import Place, place
from clearward.stores.quarantine.record import Record
from clearward.stores.quarantine.removal import aside, digest, put_back, remove


class Recovery:
    """Ends what others began.

    Args:
        folder: of the quarantine.
        key: that is kept.
        complain: is told, in a line, what cannot be ended now.
    """

    def __init__(
        self, folder: Folder, key: bytes, complain: Callable[[str], None]
    ) -> None:
        self._folder = folder
        self._key = key
        self._complain = complain

    def run(self) -> None:
        """Look at every entry that nobody works at."""
        # Under the lock of the folder every new file has its own lock, or no owner.
        with self._folder.alone():
            for identifier, states in self._folder.entries().items():
                if State.NEW in states:
                    with self._folder.locked(identifier, State.NEW) as entry:
                        if entry is not None:
                            self._folder.remove(identifier, State.NEW)
        for identifier, states in self._folder.entries().items():
            try:
                if State.TAKING in states:
                    self.end_taking(identifier)
                if State.RESTORING in states:
                    self._end_restoring(identifier, kept=State.KEPT in states)
            except (ClearwardError, OSError) as error:
                said = error.strerror if isinstance(error, OSError) else str(error)
                self._complain(f"{identifier}: {said}")

    def end_taking(self, identifier: str) -> None:
        """End the removal of a file from its old place.

        Raises:
            ClearwardError: it cannot be ended now; the entry stays as it is.
        """
        with self._folder.locked(identifier, State.TAKING) as entry:
            if entry is None:
                return
            reader = Reader(entry, self._key, bytes.fromhex(identifier))
            record = Record.from_json(reader.record())
            with place(record.path) as where:
                keep = self._clear(where, record)
            if keep:
                self._folder.turn(identifier, State.TAKING, State.KEPT)
            else:
                self._folder.remove(identifier, State.TAKING)

    def _clear(self, where: Place, record: Record) -> bool:
        """Remove the file from its old place; say whether the entry is to be kept."""
        secret = aside(record.identifier)
        moved = where.status(secret)
        if moved is not None and _is_untouched(where, secret, record):
            os.unlink(secret, dir_fd=where.folder)
            where.sync()
        elif moved is not None:
            # Another file that was moved by that name, or written to: it gets it back.
            put_back(where, record.identifier)
        standing = where.status()
        if standing is None or not record.identity.is_file(standing):
            return True
        if not _is_untouched(where, where.name, record):
            return False
        opened = where.open()
        try:
            # Renaming it has moved its change time; the content was looked at just now.
            remove(where, opened, Identity.of(os.fstat(opened)), record.identifier)
        except Stuck:
            raise
        except ClearwardError:
            # It stays, so the entry goes; unless it has lost its name just now.
            return where.status() is None
        finally:
            os.close(opened)
        return True

    def _end_restoring(self, identifier: str, *, kept: bool) -> None:
        state = State.KEPT if kept else State.RESTORING
        with self._folder.locked(identifier, state) as entry:
            if entry is None:
                return
            if kept and self._is_back(identifier, entry):
                self._folder.remove(identifier, State.KEPT)
            with suppress(FileNotFoundError):
                self._folder.remove(identifier, State.RESTORING)

    def _is_back(self, identifier: str, entry: int) -> bool:
        """Say whether the file is where it was to be given back; else clear that."""
        descriptor = self._folder.open(identifier, State.RESTORING)
        if descriptor is None:
            return False
        try:
            journal = Journal.read(descriptor, self._key, identifier)
        except Damaged:  # it was not finished
            return False
        finally:
            os.close(descriptor)
        reader = Reader(entry, self._key, bytes.fromhex(identifier))
        record = Record.from_json(reader.record())
        with place(journal.path) as where:
            with suppress(FileNotFoundError):
                os.unlink(journal.secret, dir_fd=where.folder)
            standing = where.status()
            if standing is None or not journal.is_file(standing):
                return False
            where.sync()
            return _content(where, where.name) == record.digest


def _is_untouched(where: Place, name: bytes, record: Record) -> bool:
    """Say whether a name is that of the file in the entry, with the same content."""
    standing = where.status(name)
    return (
        standing is not None
        and record.identity.has_content(standing)
        and _content(where, name) == record.digest
    )


def _content(where: Place, name: bytes) -> str:
    opened = where.open(name)
    try:
        return digest(opened)
    finally:
        os.close(opened)
