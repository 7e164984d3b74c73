"""Move a file into the quarantine, so that it is in one place whatever happens.

    1  an encrypted copy is written and synced             state new
    2  its name says that it is whole; synced              state taking
    3  the file is removed from its old place; synced
    4  the name says that it is nowhere else; synced       state kept

Killed before 2, the copy is worth nothing and the file is untouched. Killed between 2
and 4, `recovery` ends it.
"""

import hashlib
import os
import secrets
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from clearward.core.errors import ClearwardError, Refused, Unavailable
from clearward.stores.quarantine.attributes import attributes
from clearward.stores.quarantine.container import Writer
from clearward.stores.quarantine.damage import Stuck
from clearward.stores.quarantine.extents import Digest, extents, pieces
from clearward.stores.quarantine.folder import Folder, State
from clearward.stores.quarantine.identity import Identity
from clearward.stores.quarantine.place import Place, place
from clearward.stores.quarantine.record import Found, Record
from clearward.stores.quarantine.removal import remove
from clearward.stores.quarantine.source import source

_RANDOM = 10  # bytes


class Taking:
    """Moves files away.

    Args:
        folder: of the quarantine.
        key: that is kept.
    """

    def __init__(self, folder: Folder, key: bytes) -> None:
        self._folder = folder
        self._key = key
        # What removing one of its names makes of a file that has others.
        self._known: dict[Identity, Identity] = {}

    def take(
        self, path: bytes, found: Found, when: datetime, identity: Identity | None
    ) -> Record:
        """Move one file away.

        Args:
            path: absolute, without links.
            found: why.
            when: now, with its time zone.
            identity: of the file that was scanned; None for whatever is there.

        Raises:
            Refused: a link is on the way, the file is another one or was changed, or it
                may not be moved. It stays where it is.
            Unavailable: it cannot be read or removed, or there is no room. It stays
                where it is.
        """
        while identity in self._known:
            identity = self._known[identity]
        with place(path) as where, source(where, identity) as (opened, status):
            identifier = _new_identifier(when)
            with self._folder.new(identifier) as entry:
                begun = _Begun(identifier, found, when, status)
                record = self._keep(entry, begun, where, opened)
                self._settle(record, where, opened)
            if status.st_nlink > 1:
                self._known[record.identity] = Identity.of(os.fstat(opened))
            return record

    def _keep(self, entry: int, begun: "_Begun", where: Place, opened: int) -> Record:
        """Write the entry, whole and synced; or nothing is left of it."""
        shown = os.fsdecode(where.path)
        try:
            record = self._fill(entry, begun, where, opened)
            os.fsync(entry)
            self._folder.turn(begun.identifier, State.NEW, State.TAKING)
        except BaseException as error:
            for state in (State.NEW, State.TAKING):
                with suppress(OSError):
                    self._folder.remove(begun.identifier, state)
            if isinstance(error, OSError):
                raise Unavailable(
                    f"{shown}: cannot be put into quarantine: {error.strerror}; it "
                    "stays where it is"
                ) from error
            raise
        return record

    def _fill(self, entry: int, begun: "_Begun", where: Place, opened: int) -> Record:
        status = begun.status
        held = attributes(opened, status)
        among = extents(opened, status.st_size)
        writer = Writer(entry, self._key, bytes.fromhex(begun.identifier))
        hash = hashlib.sha256()
        summed = Digest(hash)
        for start, piece in pieces(opened, among):
            summed.add(start, piece)
            writer.write(piece)
        ended = among[-1].end if among else 0
        if summed.at < ended:
            raise Refused(f"{os.fsdecode(where.path)}: was cut meanwhile; it stays")
        summed.fill(status.st_size)
        record = Record(
            begun.identifier,
            where.path,
            begun.when,
            begun.found,
            Identity.of(status),
            status.st_nlink,
            hash.hexdigest(),
            held,
            among,
        )
        writer.finish(record.to_json())
        return record

    def _settle(self, record: Record, where: Place, opened: int) -> None:
        """Remove the file from its old place, or the entry if that cannot be done."""
        identifier = record.identifier
        try:
            remove(where, opened, record.identity, identifier)
        except Stuck:
            raise
        except (ClearwardError, OSError):
            self._folder.remove(identifier, State.TAKING)
            raise
        # A failure here is mended by `recovery`: the file is already nowhere else.
        with suppress(OSError):
            self._folder.turn(identifier, State.TAKING, State.KEPT)


@dataclass(frozen=True, slots=True)
class _Begun:
    """What is known of an entry before anything was read."""

    identifier: str
    found: Found
    when: datetime
    status: os.stat_result


def _new_identifier(when: datetime) -> str:
    """Return 48 bits of time, so that earlier ones sort first, and 80 of chance."""
    moment = int(when.timestamp() * 1000).to_bytes(6, "big")
    return (moment + secrets.token_bytes(_RANDOM)).hex()
