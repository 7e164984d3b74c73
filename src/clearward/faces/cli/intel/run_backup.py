"""What `clearward intel backup` and `restore` do."""

import os

from clearward.core.errors import Refused
from clearward.faces.cli.intel.said import summary
from clearward.faces.text import escaped
from clearward.stores.intel import auditing
from clearward.stores.intel import backup as backups
from clearward.stores.intel.database import Database
from clearward.stores.new_file import new_file

_OWN = 0o600


def backup(path: str, *, json: bool) -> None:
    """Write a backup.

    Raises:
        Unavailable: the file cannot be written, or the database does not answer.
    """
    database = Database()
    with new_file(path) as descriptor:
        os.fchmod(descriptor, _OWN)
        with (
            open(descriptor, "wb", closefd=False) as file,
            database.reading() as from_it,
        ):
            rows = backups.write(from_it, file)
    with database.writing() as connection:
        auditing.record(connection, auditing.here(), "backup", path, f"{rows} rows")
    summary({"rows": rows}, f"{escaped(path)}: {rows:,} rows", json=json)


def restore(path: str, *, json: bool) -> None:
    """Put a backup in.

    Raises:
        Refused: it cannot be read, or the store is not empty.
    """
    try:
        with open(path, "rb") as file, Database().writing() as connection:
            rows = backups.read(connection, file)
            auditing.record(
                connection, auditing.here(), "restore", path, f"{rows} rows"
            )
    except OSError as error:
        said = f"{escaped(path)}: it cannot be read: {error.strerror}"
        raise Refused(said) from error
    except Refused as error:
        raise Refused(f"{escaped(path)}: {error}") from error
    summary({"rows": rows}, f"{escaped(path)}: {rows:,} rows", json=json)
