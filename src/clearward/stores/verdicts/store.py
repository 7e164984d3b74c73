"""The store behind a memory: opened when it is needed, thrown away when it is damaged.

Whatever is wrong with it, a scan goes on without: nothing here raises anything but for
`forget`.
"""

import os
import time
from collections.abc import Callable, Iterable, Mapping

from clearward.core.errors import ClearwardError, Unavailable
from clearward.stores.verdicts.block import Seal, Slot, Spoiled
from clearward.stores.verdicts.place import Key, Place
from clearward.stores.verdicts.table import Locked, ReadOnly, Row, Table

_PAUSE = 1.0  # seconds without a look-up after others were in the way of one
_MOST_THROWN = 3  # stores that one process throws away

Waiting = Mapping[tuple[int, int], Mapping[bytes, Slot]]
Trim = Callable[[Iterable[Slot], int], list[Slot]]


class _Forgotten(ClearwardError):
    """Somebody has forgotten something, or all of it, since this was opened."""


class Store:
    """Blocks in a database.

    Args:
        place: the folder.
        space: digest of rules and settings.
    """

    def __init__(self, place: Place, space: bytes) -> None:
        self._place = place
        self._space = space
        self._number = int.from_bytes(space[:8], "little") >> 1
        self._key: Key | None = None
        self._table: Table | None = None
        self._seal = Seal(b"")
        self._absent = False  # there is no store yet
        self._off = False
        self._read_only = False
        self._thrown = 0
        self._pause_ends = 0.0
        self._process = os.getpid()
        self._left: list[Table] = []  # of the process that this one was forked from

    def read(self, device: int, block: int) -> list[Slot] | None:
        """Return the slots of a block; None if that is not to be relied on later."""
        if self._off or self._absent or time.monotonic() < self._pause_ends:
            return None if not self._absent else []
        try:
            table = self._opened()
            if table is None:
                self._absent = True
                return []
            data = table.row(self._seal.number(device, block))
            return [] if data is None else self._seal.open(device, block, data)
        except Locked:
            self._pause_ends = time.monotonic() + _PAUSE
        except Spoiled:
            self._throw_away()
        except (ClearwardError, OSError):
            self._turn_off()
        return None

    def add(self, waiting: Waiting, now: int, trim: Trim, patience: float) -> bool:
        """Add slots to their blocks; False if it should be tried again later.

        Args:
            waiting: slots by device and block, and by inode.
            now: seconds since 1970.
            trim: leaves out what has expired.
            patience: seconds to wait for others.
        """
        while not (self._off or self._read_only):
            try:
                self._write(waiting, now, trim, patience)
            except Locked:
                return False
            except Spoiled:
                self._throw_away()
            except ReadOnly:
                # Damage to the first page may say so of a file that we may write.
                if self._key is None or not _may_write(self._key.database):
                    self._read_only = True
                else:
                    self._throw_away()
            except (ClearwardError, OSError):
                self._read_only = True
            else:
                return True
        return True  # there is nowhere to write to, and never will be

    def forget(self) -> None:
        """Begin an empty store, if there is one.

        Raises:
            Unavailable: it cannot be removed.
        """
        self.close()
        try:
            if self._place.exists():
                self._place.make(instead=True)
        except OSError as error:
            raise Unavailable(f"the verdicts: {error}") from error

    def is_forgotten(self) -> bool:
        """Say whether something was forgotten since it was opened; begin anew if so."""
        if self._key is None or self._key.mark == self._place.mark():
            return False
        self._let_go()
        return True

    def close(self) -> None:
        """Let go of the database."""
        if self._table is not None:
            if self._process == os.getpid():
                self._table.close()
            else:  # closing it would be the parent's business
                self._left.append(self._table)
        self._table, self._process = None, os.getpid()

    def _let_go(self) -> None:
        self.close()
        self._key = None

    def _opened(self) -> Table | None:
        """The database; None if there is none."""
        if self._process != os.getpid():
            self.close()
        if self._table is None:
            key = self._place.key()
            if key is None:
                return None
            self._use(key)
        return self._table

    def _use(self, key: Key) -> Table:
        self.close()
        self._key = key
        self._seal = Seal.of(key.secret, self._space)
        self._table = Table(key.database)
        self._absent = False
        return self._table

    def _write(self, waiting: Waiting, now: int, trim: Trim, patience: float) -> None:
        try:
            self._put(waiting, now, trim, patience)
        except _Forgotten:  # and what waits belongs to it
            self._let_go()

    def _put(self, waiting: Waiting, now: int, trim: Trim, patience: float) -> None:
        table = self._opened()
        if table is None or self._key is None:
            table = self._use(self._place.make(instead=False))
        seal = self._seal
        with table.changing(patience):
            # Whoever forgets says so first, and then waits for its turn as we did.
            if self._key is None or self._key.mark != self._place.mark():
                raise _Forgotten("what waits is")
            table.use(self._number, now, self._space)
            for (device, block), new in waiting.items():
                number = seal.number(device, block)
                data = table.row(number)
                old = [] if data is None else seal.open(device, block, data)
                kept = [slot for slot in trim(old, now) if slot[0][:8] not in new]
                slots = [*kept, *new.values()]
                row = Row(
                    self._number,
                    last=max(slot[1] for slot in slots),
                    slots=seal.close(device, block, slots),
                    since=now,
                )
                table.put(number, row, joined=bool(kept))

    def _throw_away(self) -> None:
        """Begin an empty store in place of a damaged one."""
        self.close()
        self._thrown += 1
        try:
            if self._thrown > _MOST_THROWN:
                self._turn_off()
            else:
                self._use(self._place.make(instead=True))
        except (ClearwardError, OSError):
            self._turn_off()

    def _turn_off(self) -> None:
        self._off = True
        self.close()


def _may_write(database: str) -> bool:
    """Say whether a file, and a journal beside it, may be written for all we know."""
    places = (database, os.path.dirname(database))
    return all(os.access(one, os.W_OK, effective_ids=True) for one in places)
