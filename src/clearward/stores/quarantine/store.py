"""The quarantine: move files into it, look at what is there, give back, delete."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from types import TracebackType
from typing import Self

from clearward.core.errors import ClearwardError, Refused, Unavailable
from clearward.stores.quarantine import key as keys
from clearward.stores.quarantine.container import Reader
from clearward.stores.quarantine.damage import Damaged
from clearward.stores.quarantine.folder import Folder, State
from clearward.stores.quarantine.identity import Identity
from clearward.stores.quarantine.place import straight
from clearward.stores.quarantine.record import Found, Record
from clearward.stores.quarantine.recovery import Recovery
from clearward.stores.quarantine.restoring import Restored, restore
from clearward.stores.quarantine.settings import kept_for
from clearward.stores.quarantine.taking import Taking

_DIGITS = 32


@dataclass(frozen=True, slots=True)
class Item:
    """One entry of a list.

    Attributes:
        identifier: 32 hexadecimal digits.
        record: what is known; None if the entry is damaged.
        damage: how; empty if it is not.
        settled: the file is nowhere else; else that is not known now.
    """

    identifier: str
    record: Record | None
    damage: str = ""
    settled: bool = True


class Quarantine:
    """The quarantine of a home. Use it in a `with` block.

    What a killed process left is put right first; what cannot be now is told.

    Args:
        home: the folder that holds everything kept.
        complain: is told, in a line, what is not right.
        now: the time, with its zone.

    Raises:
        Refused: others may look into it, its key is missing, or a setting is wrong.
        Unavailable: it cannot be made or opened.
    """

    def __init__(
        self,
        home: str,
        complain: Callable[[str], None],
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self.kept_for = kept_for(home)
        self._home = os.path.realpath(os.fsencode(home))
        self._now = now
        self._folder = Folder(home)
        try:
            self._key = self._find_key(home)
            self._taking = Taking(self._folder, self._key)
            self._recovery = Recovery(self._folder, self._key, complain)
            self._recovery.run()
        except BaseException:
            self._folder.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._folder.close()

    def add(self, path: bytes, found: Found) -> Record:
        """Move a file away that a person named.

        Raises:
            Refused: the path leads through a link, or as for `take`.
            Unavailable: as for `take`.
        """
        return self._take(straight(path), found, None)

    def take(self, path: bytes, found: Found, scanned: os.stat_result) -> Record:
        """Move a file away that was scanned.

        Links on the way are resolved first, since a scan follows those in front of
        what it was given; wherever they lead, it has to be the very file.

        Args:
            path: as it was scanned.
            found: why.
            scanned: status of the descriptor that was scanned (`OpenFile.status`).

        Raises:
            Refused: it is another file by now, it was changed since, or it may not be
                moved. It stays where it is.
            Unavailable: it cannot be read or removed, or there is no room. It stays.
        """
        return self._take(os.path.realpath(path), found, Identity.of(scanned))

    def items(self) -> Iterator[Item]:
        """Yield the entries, the oldest first; no content is opened."""
        for identifier, states in self._folder.entries().items():
            state = State.KEPT if State.KEPT in states else State.TAKING
            try:
                record = self._record(identifier, state)
            except Damaged as error:
                yield Item(identifier, None, str(error))
                continue
            if record is not None:
                yield Item(identifier, record, settled=state is State.KEPT)

    def show(self, identifier: str) -> Item:
        """Return one entry.

        Raises:
            Unavailable: there is none.
        """
        for item in self.items():
            if item.identifier == identifier:
                return item
        raise _no_entry(identifier)

    def restore(
        self, identifier: str, to: bytes | None = None, *, overwrite: bool = False
    ) -> Restored:
        """Give a file back.

        Args:
            identifier: of its entry.
            to: where to, a file or an existing folder; None for its old place.
            overwrite: replace a file that is there.

        Raises:
            Refused: a link is on the way, the name is taken, or another process works
                at the entry. It stays.
            Unavailable: there is no such entry, it is damaged, or there is no room or
                no right to write. It stays.
        """
        with self._held(identifier) as entry:
            reader = Reader(entry, self._key, bytes.fromhex(identifier))
            record = Record.from_json(reader.record())
            path = record.path
            if to is not None:
                path = straight(to)
                if os.path.isdir(path):
                    path = os.path.join(path, os.path.basename(record.path))
            target = path, overwrite
            return restore(self._folder, self._key, reader, record, target)

    def delete(self, identifier: str) -> None:
        """Delete an entry for ever, a damaged one as well.

        Raises:
            Refused: another process works at it.
            Unavailable: there is none, or it cannot be removed.
        """
        with self._held(identifier):
            try:
                self._folder.remove(identifier, State.KEPT)
            except OSError as error:
                said = f"{identifier}: cannot be deleted: {error.strerror}"
                raise Unavailable(said) from error

    def older(self, than: timedelta) -> list[Item]:
        """Return the entries that are older, damaged ones left out."""
        limit = self._now() - than
        return [
            item
            for item in self.items()
            if item.record is not None and item.record.time < limit
        ]

    def _take(self, path: bytes, found: Found, identity: Identity | None) -> Record:
        if path.startswith(self._home + b"/"):
            shown = os.fsdecode(path)
            raise Refused(f"{shown}: belongs to clearward itself; it stays")
        return self._taking.take(path, found, self._now(), identity)

    @contextmanager
    def _held(self, identifier: str) -> Iterator[int]:
        """Hold the lock of an entry, which is settled first."""
        states = self._folder.entries().get(identifier, set())
        if State.TAKING in states:
            self._settle(identifier)
            states = self._folder.entries().get(identifier, set())
        if State.KEPT not in states:
            raise _no_entry(identifier)
        with self._folder.locked(identifier, State.KEPT) as entry:
            if entry is None:
                raise Refused(f"{identifier}: another process is at work at it")
            yield entry

    def _settle(self, identifier: str) -> None:
        """Settle an entry whose file may also be in its old place.

        If that cannot be said, whoever asks for the entry decides that it is not.
        """
        try:
            self._recovery.end_taking(identifier)
        except (ClearwardError, OSError):
            with self._folder.locked(identifier, State.TAKING) as entry:
                if entry is not None:
                    self._folder.turn(identifier, State.TAKING, State.KEPT)

    def _record(self, identifier: str, state: State) -> Record | None:
        descriptor = self._folder.open(identifier, state)
        if descriptor is None:
            return None
        try:
            reader = Reader(descriptor, self._key, bytes.fromhex(identifier))
            return Record.from_json(reader.record())
        finally:
            os.close(descriptor)

    def _find_key(self, home: str) -> bytes:
        """Return the key; it is made only if nothing was sealed with another."""
        sealed = bool(self._folder.entries())  # first: whoever makes one has a key
        found = keys.kept(home)
        if found is None and sealed:
            raise Refused(
                f"{os.path.join(home, keys.NAME)}: is missing, and there are entries "
                "that were sealed with it; bring it back, or move the folder "
                "quarantine away"
            )
        if found is not None:
            return found
        with self._folder.alone():
            return keys.made(home)


def _no_entry(identifier: str) -> Unavailable:
    return Unavailable(f"{identifier[: 2 * _DIGITS]}: there is no such entry")
