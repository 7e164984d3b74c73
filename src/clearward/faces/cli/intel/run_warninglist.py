"""What `clearward intel warninglist` does."""

from collections.abc import Sequence

import msgspec

from clearward.core.errors import Refused
from clearward.faces.cli.intel.said import row, say, summary
from clearward.faces.text import escaped
from clearward.stores.intel import auditing, warnings
from clearward.stores.intel.database import Database
from clearward.stores.intel.warnings import WarningList

_MOST_FILE = 512 << 20  # bytes


class _File(msgspec.Struct):
    name: str
    type: str
    list: list[str]


def add(files: Sequence[str], *, json: bool) -> None:
    """Take lists in, all of them or none.

    Raises:
        Refused: a file is no warning list.
    """
    read = [_read(path) for path in files]
    entries = 0
    with Database().writing() as connection:
        for one in read:
            count = warnings.put(connection, one)
            said = f"{count} entries"
            auditing.record(
                connection, auditing.here(), "warninglist add", one.name, said
            )
            entries += count
            if json:
                row({"name": one.name, "type": one.type, "entries": count})
            else:
                say(f"{escaped(one.name)}\t{one.type}\t{count:,} entries")
    summary({"lists": len(read), "entries": entries}, "", json=json)


def list_all(*, json: bool) -> None:
    """List the lists."""
    with Database().reading() as connection:
        every = warnings.every(connection)
    for one, count in every:
        if json:
            row({"name": one.name, "type": one.type, "entries": count})
        else:
            say(f"{escaped(one.name)}\t{one.type}\t{count:,} entries")
    summary({"lists": len(every)}, "", json=json)


def remove(name: str, *, json: bool) -> None:
    """Take a list out.

    Raises:
        Refused: there is none of that name.
    """
    with Database().writing() as connection:
        if not warnings.remove(connection, name):
            raise Refused(f"there is no warning list {escaped(name)}")
        auditing.record(connection, auditing.here(), "warninglist remove", name)
    summary({"removed": name}, f"{escaped(name)}: removed", json=json)


def _read(path: str) -> WarningList:
    try:
        with open(path, "rb") as file:
            text = file.read(_MOST_FILE + 1)
    except OSError as error:
        raise Refused(
            f"{escaped(path)}: it cannot be read: {error.strerror}"
        ) from error
    if len(text) > _MOST_FILE:
        raise Refused(f"{escaped(path)}: it is larger than 512 MiB")
    try:
        said = msgspec.json.decode(text, type=_File)
    except (msgspec.MsgspecError, RecursionError, UnicodeError) as error:
        raise Refused(f"{escaped(path)}: it is no warning list: {error}") from error
    if said.type not in warnings.TYPES:
        raise Refused(
            f"{escaped(path)}: lists of type {escaped(said.type)} are not known"
        )
    return WarningList(said.name, said.type, tuple(said.list))
