"""Take in many rows at once, by the fastest way that each database has."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from sqlalchemy import Column, Connection, Table, select
from sqlalchemy import insert as insert_row

AT_ONCE = 4000  # values in one question


def insert(
    connection: Connection, table: Table, rows: Sequence[tuple[Any, ...]]
) -> None:
    """Put rows into a table; their members stand in the order of its columns.

    SQLite takes them through one prepared statement, PostgreSQL as a COPY.
    """
    if not rows:
        return
    names = ", ".join(f'"{column.name}"' for column in table.columns)
    driver = connection.connection.driver_connection
    assert driver is not None  # noqa: S101 - it is in use
    if connection.dialect.name == "sqlite":
        marks = ", ".join("?" * len(table.columns))
        said = f'INSERT INTO "{table.name}" ({names}) VALUES ({marks})'  # noqa: S608 - names of our own
        driver.executemany(said, rows)
        return
    with (
        driver.cursor() as cursor,
        cursor.copy(f'COPY "{table.name}" ({names}) FROM STDIN') as copy,
    ):
        for row in rows:
            copy.write_row(row)


def found(
    connection: Connection,
    columns: Sequence[Column[Any]],
    key: Column[Any],
    values: Iterable[Any],
) -> Iterator[Any]:
    """Give the rows whose key is one of many values."""
    wanted = list(values)
    for start in range(0, len(wanted), AT_ONCE):
        part = wanted[start : start + AT_ONCE]
        yield from connection.execute(select(*columns).where(key.in_(part)))


def insert_one(connection: Connection, table: Table, **columns: object) -> int:
    """Put one row into a table that numbers its rows; return the number.

    Raises:
        IntegrityError: another row has what only one may have.
    """
    said = insert_row(table).values(**columns).returning(table.c.number)
    return int(connection.execute(said).scalar_one())
