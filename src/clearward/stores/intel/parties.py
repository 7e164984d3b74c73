"""Organisations, their groups, and who reads and writes for them."""

import uuid
from dataclasses import dataclass

from sqlalchemy import Connection, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from clearward.core.errors import Refused
from clearward.intel.tlp import Tlp
from clearward.intel.visible import Reader
from clearward.stores.intel import bulk
from clearward.stores.intel.tables import (
    organisations,
    user_markings,
    users,
)


@dataclass(frozen=True, slots=True)
class Organisation:
    """Who owns objects.

    Attributes:
        number: in the store.
        name: of it.
        identity: the id of STIX that its objects name as their author.
    """

    number: int
    name: str
    identity: str


@dataclass(frozen=True, slots=True)
class User:
    """Who asks.

    Attributes:
        number: in the store.
        name: that he gives.
        organisation: his.
        password: its hash.
        tlp: the narrowest level that he may see.
        may_write: he may put objects in.
        is_admin: he may look after users; it shows him no object.
        expires: microseconds; never if None.
        markings: ids of the other markings that he holds.
    """

    number: int
    name: str
    organisation: Organisation
    password: str
    tlp: Tlp
    may_write: bool
    is_admin: bool
    expires: int | None
    markings: frozenset[str]

    def reader(self, in_groups: frozenset[int]) -> Reader:
        """Return him as one who looks at what is stored."""
        return Reader(self.organisation.number, self.tlp, self.markings, in_groups)


def organisation(connection: Connection, name: str) -> Organisation:
    """Return the organisation of a name, which is made if it is not there."""
    where = organisations.c.name == name
    row = connection.execute(select(organisations).where(where)).first()
    if row is None:
        identity = f"identity--{uuid.uuid4()}"
        bulk.insert_one(connection, organisations, name=name, identity=identity)
        row = connection.execute(select(organisations).where(where)).one()
    return Organisation(row.number, row.name, row.identity)


def identities(connection: Connection) -> dict[str, int]:
    """Return the organisations by the ids that they are authors under."""
    columns = (organisations.c.identity, organisations.c.number)
    return {row.identity: row.number for row in connection.execute(select(*columns))}


def add(connection: Connection, user: User) -> None:
    """Make a user; his number is given to him.

    Raises:
        Refused: there is one of that name.
    """
    try:
        number = bulk.insert_one(
            connection,
            users,
            name=user.name,
            organisation=user.organisation.number,
            password=user.password,
            tlp=int(user.tlp),
            may_write=user.may_write,
            is_admin=user.is_admin,
            expires=user.expires,
        )
    except IntegrityError as error:
        raise Refused(f"there is a user {user.name!r} already") from error
    for marking in sorted(user.markings):
        connection.execute(insert(user_markings).values(user=number, marking=marking))


def _users(connection: Connection, name: str | None) -> list[User]:
    said = select(users, organisations.c.name.label("of"), organisations.c.identity)
    said = said.join(organisations).order_by(users.c.name)
    if name is not None:
        said = said.where(users.c.name == name)
    held: dict[int, set[str]] = {}
    for row in connection.execute(select(user_markings)):
        held.setdefault(row.user, set()).add(row.marking)
    return [
        User(
            row.number,
            row.name,
            Organisation(row.organisation, row.of, row.identity),
            row.password,
            Tlp(row.tlp),
            row.may_write,
            row.is_admin,
            row.expires,
            frozenset(held.get(row.number, ())),
        )
        for row in connection.execute(said)
    ]


def user(connection: Connection, name: str) -> User | None:
    """Return the user of a name, None if there is none."""
    return next(iter(_users(connection, name)), None)


def everybody(connection: Connection) -> list[User]:
    """Return all users by their names."""
    return _users(connection, None)


def remove(connection: Connection, name: str) -> bool:
    """Take a user away; say whether there was one."""
    return bool(connection.execute(delete(users).where(users.c.name == name)).rowcount)


def set_password(connection: Connection, name: str, password: str) -> bool:
    """Give a user another hash; say whether there is one of that name."""
    said = update(users).where(users.c.name == name).values(password=password)
    return bool(connection.execute(said).rowcount)
