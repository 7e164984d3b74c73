"""What `clearward intel group` does."""

from collections.abc import Sequence

from clearward.faces.cli.intel.said import row, say, summary
from clearward.faces.text import escaped
from clearward.stores.intel import auditing, sharing_groups
from clearward.stores.intel.database import Database


def add(name: str, members: Sequence[str], *, json: bool) -> None:
    """Put organisations into a group."""
    with Database().writing() as connection:
        sharing_groups.add(connection, name, members)
        said = ", ".join(members)
        auditing.record(connection, auditing.here(), "group add", name, said)
    summary({"group": name}, f"{escaped(name)}: {escaped(said)}", json=json)


def remove(name: str, members: Sequence[str], *, json: bool) -> None:
    """Take organisations out of a group.

    Raises:
        Refused: there is no such group, or one is not in it.
    """
    with Database().writing() as connection:
        sharing_groups.remove(connection, name, members)
        said = ", ".join(members)
        auditing.record(connection, auditing.here(), "group remove", name, said)
    summary({"group": name}, f"{escaped(name)}: without {escaped(said)}", json=json)


def list_all(*, json: bool) -> None:
    """List the groups."""
    with Database().reading() as connection:
        every = sharing_groups.every(connection)
    for name, members in every.items():
        if json:
            row({"name": name, "organisations": members})
        else:
            say(f"{escaped(name)}\t{escaped(', '.join(members))}")
    summary({"groups": len(every)}, "", json=json)
