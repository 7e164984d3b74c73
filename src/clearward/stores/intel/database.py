"""The database: SQLite in the home, or PostgreSQL where a variable says so.

One path for both: tables and expressions of SQLAlchemy Core. They differ in how a
writer keeps others out, and in how many rows are taken in at once (`bulk`).
"""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import cast

from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import ArgumentError, DBAPIError, SQLAlchemyError

from clearward.core.errors import Refused, Unavailable
from clearward.stores.home import home
from clearward.stores.intel.migrations.running import upgrade

VARIABLE = "CLEARWARD_DATABASE_URL"
_FILE = "intel/intel.db"
_CACHE = -65_536  # KiB of pages that one connection of SQLite keeps
_WAIT = 60.0  # seconds for the writer before
_WRITER = 0x636C7264  # of the advisory lock that one writer of PostgreSQL holds


class Database:
    """What the objects are kept in.

    Args:
        url: of SQLAlchemy; without one the variable's, or a file in the home.

    Raises:
        Refused: it is no address of SQLite or PostgreSQL.
        Unavailable: it cannot be opened, or not be brought up to date.
    """

    def __init__(self, url: str | None = None) -> None:
        made = _url(url or os.environ.get(VARIABLE))
        self.is_sqlite = made.get_backend_name() == "sqlite"
        try:
            self.engine = _engine(made)
            with self.writing() as connection:
                upgrade(connection)
        except SQLAlchemyError as error:
            raise Unavailable(f"the database does not open: {_said(error)}") from error

    def close(self) -> None:
        """Let go of all connections."""
        self.engine.dispose()

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Give a connection that sees one state of the database.

        Raises:
            Unavailable: the database does not answer.
        """
        try:
            with self.engine.connect() as connection, connection.begin():
                yield connection
        except DBAPIError as error:
            raise Unavailable(f"the database: {_said(error)}") from error

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Give a connection that alone may write; all of it is kept, or nothing.

        Raises:
            Unavailable: the database does not answer.
        """
        try:
            with self.engine.connect() as plain:
                connection = plain.execution_options(writes=True)
                with connection.begin():
                    if not self.is_sqlite:
                        connection.execute(
                            text(f"SELECT pg_advisory_xact_lock({_WRITER})")
                        )
                    yield connection
        except DBAPIError as error:
            raise Unavailable(f"the database: {_said(error)}") from error


def _url(written: str | None) -> URL:
    if not written:
        path = os.path.join(home(), _FILE)
        os.makedirs(os.path.dirname(path), mode=0o700, exist_ok=True)
        return URL.create("sqlite", database=path)
    try:
        url = make_url(written)
    except ArgumentError as error:
        raise Refused(f"{VARIABLE} is not an address of a database") from error
    match url.get_backend_name():
        case "sqlite":
            return url
        case "postgresql" | "postgres":
            return url.set(drivername="postgresql+psycopg")
    raise Refused(f"{VARIABLE}: only postgresql:// and sqlite:// are known")


def _engine(url: URL) -> Engine:
    if url.get_backend_name() != "sqlite":
        return create_engine(url, pool_pre_ping=True)
    engine = create_engine(url, connect_args={"timeout": _WAIT})

    @event.listens_for(engine, "connect")
    def _opened(connection: DBAPIConnection, _: object) -> None:
        cast(sqlite3.Connection, connection).isolation_level = None  # begun below
        for pragma in (
            "journal_mode=WAL",
            "synchronous=FULL",
            "foreign_keys=ON",
            f"cache_size={_CACHE}",
            "temp_store=MEMORY",
        ):
            cast(sqlite3.Connection, connection).execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _begun(connection: Connection) -> None:
        writes = connection.get_execution_options().get("writes")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


def _said(error: Exception) -> str:
    """The first line of what the database said."""
    original = getattr(error, "orig", None) or error
    return (str(original).splitlines() or ["no word"])[0]
