"""Groups of organisations: who is in one is told to nobody but who runs the store."""

from collections.abc import Sequence

from sqlalchemy import Connection, delete, insert, select

from clearward.core.errors import Refused
from clearward.stores.intel import bulk, parties
from clearward.stores.intel.tables import group_members, groups, organisations


def of(connection: Connection, organisation: int) -> frozenset[int]:
    """Return the groups that an organisation is in."""
    where = group_members.c.organisation == organisation
    rows = connection.execute(select(group_members.c.group).where(where))
    return frozenset(row.group for row in rows)


def number_of(connection: Connection, name: str) -> int:
    """Return the number of a group.

    Raises:
        Refused: there is none of that name.
    """
    where = groups.c.name == name
    number = connection.execute(select(groups.c.number).where(where)).scalar()
    if number is None:
        raise Refused(f"there is no group {name!r}")
    return int(number)


def add(connection: Connection, name: str, members: Sequence[str]) -> None:
    """Put organisations into a group; both are made if they are not there."""
    where = groups.c.name == name
    number = connection.execute(select(groups.c.number).where(where)).scalar()
    if number is None:
        number = bulk.insert_one(connection, groups, name=name)
    inside = select(group_members.c.organisation).where(group_members.c.group == number)
    there = {row.organisation for row in connection.execute(inside)}
    for member in members:
        one = parties.organisation(connection, member).number
        if one not in there:
            row = {"group": number, "organisation": one}
            connection.execute(insert(group_members).values(**row))
            there.add(one)


def remove(connection: Connection, name: str, members: Sequence[str]) -> None:
    """Take organisations out of a group.

    The group itself stays, or what is for it would be for everybody.

    Raises:
        Refused: there is no such group, or an organisation is not in it.
    """
    number = number_of(connection, name)
    for member in members:
        one = parties.organisation(connection, member).number
        where = (group_members.c.group == number) & (
            group_members.c.organisation == one
        )
        if not connection.execute(delete(group_members).where(where)).rowcount:
            raise Refused(f"{member!r} is not in the group {name!r}")


def every(connection: Connection) -> dict[str, list[str]]:
    """Return the names of all groups, and who is in each."""
    said = select(groups.c.name, organisations.c.name.label("member"))
    said = said.outerjoin(group_members, group_members.c.group == groups.c.number)
    said = said.outerjoin(
        organisations, organisations.c.number == group_members.c.organisation
    )
    found: dict[str, list[str]] = {}
    for row in connection.execute(said.order_by(groups.c.name, organisations.c.name)):
        found.setdefault(row.name, [])
        if row.member is not None:
            found[row.name].append(row.member)
    return found
