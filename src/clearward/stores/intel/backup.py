"""All of the store as one file, the same from SQLite and from PostgreSQL.

Layout, compressed by gzip:

    16        "clearward intel" and a newline
    then blocks, each
    4         length in bytes, big-endian
    ...       msgpack: [table, rows], rows in the order of the table's columns
    the last one
    4         length
    ...       msgpack: ["", [[step of migrations, SHA-256 of all before it]]]
"""

import gzip
import hashlib
import zlib
from collections.abc import Iterator
from typing import Any, BinaryIO

import msgspec
from sqlalchemy import Connection, func, select, text

from clearward.core.errors import Refused
from clearward.stores.intel import bulk
from clearward.stores.intel.migrations.running import NEWEST
from clearward.stores.intel.tables import metadata, objects, users

_MAGIC = b"clearward intel\n"
_LENGTH = 4
_ROWS = 1000  # of a block
_MOST_BLOCK = 1 << 31  # bytes
_LEVEL = 1  # of gzip
_encode = msgspec.msgpack.Encoder().encode
_decoder = msgspec.msgpack.Decoder(tuple[str, list[tuple[Any, ...]]])


def write(connection: Connection, file: BinaryIO) -> int:
    """Write a backup of one moment; return its rows."""
    count = 0
    digest = hashlib.sha256()
    with gzip.GzipFile(
        fileobj=file, mode="wb", compresslevel=_LEVEL, mtime=0
    ) as packed:
        packed.write(_MAGIC)
        for table in metadata.sorted_tables:
            rows = connection.execution_options(yield_per=_ROWS).execute(select(table))
            for part in rows.partitions(_ROWS):
                block = _encode((str(table.name), [tuple(row) for row in part]))
                digest.update(block)
                packed.write(len(block).to_bytes(_LENGTH, "big") + block)
                count += len(part)
        last = _encode(("", [(NEWEST, digest.hexdigest())]))
        packed.write(len(last).to_bytes(_LENGTH, "big") + last)
    return count


def read(connection: Connection, file: BinaryIO) -> int:
    """Put a backup into an empty store; return its rows.

    The caller's transaction is to be given up when it is refused.

    Raises:
        Refused: it is none, or not whole, or of another version; or the store holds
            something.
    """
    for table in (objects, users):
        if connection.execute(select(func.count()).select_from(table)).scalar():
            raise Refused("the store is not empty: restore into a new one")
    digest = hashlib.sha256()
    count = 0
    try:
        with gzip.GzipFile(fileobj=file) as packed:
            for block in _blocks(packed):
                name, rows = _decoder.decode(block)
                if not name:
                    _check(rows, digest.hexdigest())
                    _go_on(connection)
                    return count
                digest.update(block)
                bulk.insert(connection, metadata.tables[name], rows)
                count += len(rows)
    except (OSError, EOFError, zlib.error, msgspec.MsgspecError, KeyError) as error:
        raise Refused("it is no whole backup") from error
    raise Refused("it is no whole backup")


def _blocks(packed: gzip.GzipFile) -> Iterator[bytes]:
    if packed.read(len(_MAGIC)) != _MAGIC:
        raise Refused("it is no backup of clearward")
    while head := packed.read(_LENGTH):
        length = int.from_bytes(head, "big")
        if length > _MOST_BLOCK:
            raise Refused("it is no whole backup")
        block = packed.read(length)
        if len(block) != length:
            raise Refused("it is no whole backup")
        yield block


def _check(rows: list[tuple[Any, ...]], digest: str) -> None:
    if rows != [(NEWEST, digest)]:
        raise Refused("it is damaged, or of another version")


def _go_on(connection: Connection) -> None:
    """Let PostgreSQL number new rows behind those that were put in."""
    if connection.dialect.name == "sqlite":
        return
    for table in metadata.sorted_tables:
        if "number" in table.columns:
            name = f"pg_get_serial_sequence('\"{table.name}\"', 'number')"
            newest = f'SELECT coalesce(max(number), 0) + 1 FROM "{table.name}"'  # noqa: S608 - names of our own
            connection.execute(text(f"SELECT setval({name}, ({newest}), false)"))
