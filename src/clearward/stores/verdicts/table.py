"""The database of the store: SQLite, with a journal that is a file and no mapping.

A row is a block (see `block`): its number, the space it belongs to, when its last slot
expires, its bytes, and since when something of it is remembered. Numbers and times are
not signed; wrong ones can only make something be forgotten, or told wrongly.

Nothing is synced. After a loss of power the database may be damaged, and then it is
thrown away or, where old and new pages fit, still says only what was true of a file
with that very stamp. A killed process leaves its journal, and the next one undoes with
it what was half written.

Why not write-ahead logging: its index is a shared mapping, and whoever damages that
kills the readers. See docs/decisions/0023.

Source: sqlite.org, "File Locking And Concurrency", "Result and Error Codes", "PRAGMA".
"""

import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import NamedTuple

from clearward.core.errors import ClearwardError
from clearward.stores.verdicts.block import Spoiled

PATIENCE = 0.05  # seconds to wait for others, who take some milliseconds
MOST_BYTES = 1 << 30
MOST_SPACES = 4  # rules and settings that are remembered beside each other
DAY = 86_400
_VERSION = 2
_MARK = 0x63776D31  # of the application
_LONGEST = 1 << 20  # bytes of any value; a block has less than 3 KB
_STEPS = 100_000  # of SQLite between two looks at the clock
_SWEEP_SECONDS = 30.0
_PAGE = 4096
_PRAGMAS = (
    f"PRAGMA page_size = {_PAGE}",
    "PRAGMA journal_mode = TRUNCATE",
    "PRAGMA synchronous = OFF",
    "PRAGMA mmap_size = 0",
    "PRAGMA cell_size_check = ON",
    "PRAGMA trusted_schema = OFF",
    "PRAGMA temp_store = MEMORY",
    "PRAGMA cache_size = -4096",
    f"PRAGMA max_page_count = {MOST_BYTES // _PAGE}",
)
_COLUMNS = (
    "number INTEGER PRIMARY KEY, space INTEGER, last INTEGER, slots BLOB, since INTEGER"
)
_TABLES = (
    f"CREATE TABLE clean ({_COLUMNS})",
    "CREATE TABLE spaces (space INTEGER PRIMARY KEY, used INTEGER, digest BLOB)",
    f"PRAGMA application_id = {_MARK}",
    f"PRAGMA user_version = {_VERSION}",
)
_OTHERS_TURN = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}
_NO_ROOM = {
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_PERM,
}


class Locked(ClearwardError):
    """Others are at it; later it may do."""


class Closed(ClearwardError):
    """It can be read or written no more: no room, no right, a broken disk."""


class ReadOnly(ClearwardError):
    """It cannot be written: we may not, or damage says so."""


class Row(NamedTuple):
    """A block as it lies in the database.

    Attributes:
        space: its number.
        last: when the last slot expires, seconds since 1970, as all times here.
        slots: the bytes.
        since: when the first slot was put there.
    """

    space: int
    last: int
    slots: bytes
    since: int


class Space(NamedTuple):
    """Rules and settings that something is remembered under.

    Attributes:
        number: of the space.
        used: when it was last, to the day.
        digest: the whole of it.
    """

    number: int
    used: int
    digest: bytes


class Table:
    """An open database.

    Args:
        path: of the file; made if it is missing.

    Raises:
        Locked: others are at it.
        Closed: it cannot be read or written.
        ReadOnly: it cannot be written.
        Spoiled: it is damaged, or something else. All of these, here and below.
    """

    def __init__(self, path: str) -> None:
        with _told():
            self._database = sqlite3.connect(
                path, timeout=PATIENCE, isolation_level=None
            )
        try:
            with _told():
                self._prepare()
        except BaseException:
            self.close()
            raise

    def _prepare(self) -> None:
        self._database.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, _LONGEST)
        for pragma in _PRAGMAS:
            self._database.execute(pragma)
        if self._is_empty():
            with self.changing(PATIENCE):
                if self._is_empty():  # still, now that nobody else makes it
                    for step in _TABLES:
                        self._database.execute(step)
        if (self._number("application_id"), self._number("user_version")) != (
            _MARK,
            _VERSION,
        ):
            raise Spoiled("a database of another version")

    def row(self, number: int) -> object:
        """Return the bytes of a block; None if there is none."""
        with _told():
            ask = "SELECT slots FROM clean WHERE number = ?"
            found = self._database.execute(ask, (number,)).fetchone()
        return None if found is None else found[0]

    def put(self, number: int, row: Row, *, joined: bool = False) -> None:
        """Put a block in the place of what was there; only while `changing`.

        Args:
            number: of the block.
            row: what is put.
            joined: some of it was there before, so it is as old as it was.
        """
        put = "INSERT" if joined else "REPLACE"
        put += " INTO clean VALUES (?, ?, ?, ?, ?)"
        if joined:
            put += (
                " ON CONFLICT (number) DO UPDATE SET space = excluded.space, "
                "last = excluded.last, slots = excluded.slots, "
                "since = min(since, excluded.since)"
            )
        with _told():
            self._database.execute(put, (number, *row))

    def drop(self, number: int) -> None:
        """Remove a block, if there is one; only while `changing`."""
        with _told():
            self._database.execute("DELETE FROM clean WHERE number = ?", (number,))

    def spaces(self) -> list[Space]:
        """Return the rules and settings that are known, the last used first."""
        ask = "SELECT space, used, digest FROM spaces ORDER BY used DESC"
        with _told():
            return [Space(*row) for row in self._database.execute(ask)]

    def counted(self, now: int, seal: int, slot: int) -> dict[int, tuple[int, int]]:
        """Return how many slots there are and since when, by the number of the space.

        Args:
            now: blocks that have expired are left out.
            seal: bytes of a block that are no slots.
            slot: bytes of one.
        """
        ask = (
            "SELECT space, sum((length(slots) - ?) / ?), min(since) "
            "FROM clean WHERE last > ? GROUP BY space"
        )
        with _told():
            rows = self._database.execute(ask, (seal, slot, now))
            return {int(space): (int(count), int(old)) for space, count, old in rows}

    @contextmanager
    def changing(self, patience: float) -> Iterator[None]:
        """Let nobody else write until the block ends; then all of it is there, or none.

        Args:
            patience: seconds to wait for others.
        """
        database = self._database
        with _told():
            database.execute(f"PRAGMA busy_timeout = {int(patience * 1000)}")
            database.execute("BEGIN IMMEDIATE")
        try:
            yield
            with _told():
                database.execute("COMMIT")
        except BaseException:
            with suppress(sqlite3.Error):
                database.execute("ROLLBACK")
            raise
        finally:
            with suppress(sqlite3.Error):
                database.execute(f"PRAGMA busy_timeout = {int(PATIENCE * 1000)}")

    def use(self, space: int, now: int, digest: bytes) -> None:
        """Note once a day that a space is used, and look after the database.

        Only while `changing`. What has expired goes, and all but the last few spaces.
        Damage may have left a tree in which some rows are put and never found, which
        nothing else would tell.
        """
        with _told():
            ask = "SELECT used FROM spaces WHERE space = ?"
            found = self._database.execute(ask, (space,)).fetchone()
            if found is not None and now - DAY < found[0] <= now:
                return
            with self._no_longer_than(_SWEEP_SECONDS):
                self._check()
                self._database.execute(
                    "REPLACE INTO spaces VALUES (?, ?, ?)", (space, now, digest)
                )
                self._database.execute(
                    "DELETE FROM spaces WHERE space NOT IN "
                    "(SELECT space FROM spaces ORDER BY used DESC LIMIT ?)",
                    (MOST_SPACES,),
                )
                self._database.execute(
                    "DELETE FROM clean WHERE last < ? OR space NOT IN "
                    "(SELECT space FROM spaces)",
                    (now,),
                )

    def _check(self) -> None:
        """Look at the whole tree."""
        (said,) = self._database.execute("PRAGMA quick_check(1)").fetchone()
        if said != "ok":
            raise Spoiled("a tree that is out of order")

    def close(self) -> None:
        """Close it."""
        with suppress(sqlite3.Error):
            self._database.close()

    def _is_empty(self) -> bool:
        ask = "SELECT count(*) FROM sqlite_schema"
        (tables,) = self._database.execute(ask).fetchone()
        return not (tables or self._number("user_version"))

    def _number(self, pragma: str) -> int:
        (value,) = self._database.execute(f"PRAGMA {pragma}").fetchone()
        return int(value)

    @contextmanager
    def _no_longer_than(self, seconds: float) -> Iterator[None]:
        """Give up on a damaged tree that goes round and round."""
        end = time.monotonic() + seconds
        late: Callable[[], bool] = lambda: time.monotonic() > end  # noqa: E731
        self._database.set_progress_handler(late, _STEPS)
        try:
            yield
        finally:
            self._database.set_progress_handler(None, 0)


@contextmanager
def _told() -> Iterator[None]:
    """Say what errors of SQLite mean for the store."""
    try:
        yield
    except (sqlite3.Error, TypeError, ValueError, MemoryError) as error:
        code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_CORRUPT) & 0xFF
        if code in _OTHERS_TURN:
            raise Locked("others are at it") from error
        if code == sqlite3.SQLITE_READONLY:
            raise ReadOnly(str(error)) from error
        if code in _NO_ROOM:
            raise Closed(str(error)) from error
        raise Spoiled(str(error)) from error
