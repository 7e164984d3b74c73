"""API roots and collections, and who may read and write them."""

import json
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, insert, select

from clearward.core.errors import Refused
from clearward.stores.intel import bulk
from clearward.stores.intel.tables import (
    collection_groups,
    collection_users,
    collections,
    roots,
    settings,
    users,
)

ROOT = "intel"  # of what is put into collections here
_DISCOVERY = "discovery"
_MEDIA_TYPES = ["application/stix+json;version=2.1"]


@dataclass(frozen=True, slots=True)
class Collection:
    """One of them.

    Attributes:
        number: in the store.
        root: the API root that it stands under.
        id: a UUID as a rule.
        title: for people.
        said: what TAXII says of it besides, from its seed.
        readers: who reads it; everybody if None, nobody if `can_read` is not set.
        writers: who writes it; everybody who may write if None.
        can_read: at all.
        can_write: at all.
        groups: of organisations that its objects are for; for all if there is none.
    """

    number: int
    root: str
    id: str
    title: str
    said: dict[str, Any]
    readers: frozenset[int] | None
    writers: frozenset[int] | None
    can_read: bool
    can_write: bool
    groups: frozenset[int] = frozenset()

    def is_read_by(self, user: int) -> bool:
        """Say whether a user may read it."""
        return self.can_read and (self.readers is None or user in self.readers)

    def is_written_by(self, user: int, *, writes: bool) -> bool:
        """Say whether a user may write it, who may write at all or not."""
        allowed = self.writers is None or user in self.writers
        return self.can_write and writes and allowed

    def is_there_for(self, user: int) -> bool:
        """Say whether a user may know of it.

        One that is closed to everybody is told; one that is for others is not.
        """
        listed = self.readers is None or user in self.readers
        return listed or (self.writers is not None and user in self.writers)


def every(connection: Connection) -> list[Collection]:
    """Return all collections in the order in which they were made."""
    who: dict[tuple[int, bool], set[int]] = {}
    for row in connection.execute(select(collection_users)):
        who.setdefault((row.collection, row.writes), set()).add(row.user)

    def those(number: int, *, writes: bool) -> frozenset[int] | None:
        found = who.get((number, writes))
        return None if found is None else frozenset(found)

    return [
        Collection(
            row.number,
            row.root,
            row.id,
            row.title,
            json.loads(row.said),
            those(row.number, writes=False),
            those(row.number, writes=True),
            row.can_read,
            row.can_write,
            groups_of(connection, row.number),
        )
        for row in connection.execute(
            select(collections).order_by(collections.c.number)
        )
    ]


def add(
    connection: Connection,
    title: str,
    *,
    readers: Sequence[str] = (),
    writers: Sequence[str] = (),
    groups: Sequence[int] = (),
) -> str:
    """Make a collection; return its id.

    Raises:
        Refused: there is one of that title, or no such user.
    """
    if titled(connection, title) is not None:
        raise Refused(f"there is a collection {title!r} already")
    id = str(uuid.uuid4())
    said = {"media_types": _MEDIA_TYPES}
    number = _insert(connection, ROOT, {"id": id, "title": title, **said})
    for names, writes in ((readers, False), (writers, True)):
        for name in names:
            where = users.c.name == name
            user = connection.execute(select(users.c.number).where(where)).scalar()
            if user is None:
                raise Refused(f"there is no user {name!r}")
            row = {"collection": number, "user": user, "writes": writes}
            connection.execute(insert(collection_users).values(**row))
    for group in groups:
        row = {"collection": number, "group": group}
        connection.execute(insert(collection_groups).values(**row))
    return id


def groups_of(connection: Connection, number: int) -> frozenset[int]:
    """Return the groups that the objects of a collection are for."""
    where = collection_groups.c.collection == number
    rows = connection.execute(select(collection_groups.c.group).where(where))
    return frozenset(row.group for row in rows)


def titled(connection: Connection, title: str) -> int | None:
    """Return the number of the collection of a title, None if there is none."""
    where = (collections.c.root == ROOT) & (collections.c.title == title)
    return connection.execute(select(collections.c.number).where(where)).scalar()


def seeded(connection: Connection, root: str, said: dict[str, Any]) -> int:
    """Make a collection as a seed describes it; return its number.

    Raises:
        Refused: it is there already.
    """
    where = (collections.c.root == root) & (collections.c.id == said["id"])
    if connection.execute(select(collections.c.number).where(where)).scalar():
        raise Refused(f"there is a collection {said['id']!r} under {root!r} already")
    return _insert(connection, root, said)


def _insert(connection: Connection, root: str, said: dict[str, Any]) -> int:
    add_root(connection, root, {"title": "Threat intelligence"} if root == ROOT else {})
    rest = {name: value for name, value in said.items() if name not in _COLUMNS}
    return bulk.insert_one(
        connection,
        collections,
        root=root,
        id=said["id"],
        title=said["title"],
        said=json.dumps(rest),
        can_read=bool(said.get("can_read", True)),
        can_write=bool(said.get("can_write", True)),
    )


_COLUMNS = frozenset({"id", "title", "can_read", "can_write", "objects", "manifest"})


def add_root(connection: Connection, name: str, said: dict[str, Any]) -> None:
    """Make an API root if it is not there."""
    where = roots.c.name == name
    if connection.execute(select(roots.c.name).where(where)).scalar() is None:
        row = {"name": name, "information": json.dumps(said)}
        connection.execute(insert(roots).values(**row))


def all_roots(connection: Connection) -> dict[str, dict[str, Any]]:
    """Return what every API root says of itself, by name."""
    rows = connection.execute(select(roots).order_by(roots.c.name))
    return {row.name: json.loads(row.information) for row in rows}


def discovery(connection: Connection) -> dict[str, Any] | None:
    """Return what a seed says at discovery, None if no seed did."""
    where = settings.c.name == _DISCOVERY
    said = connection.execute(select(settings.c.value).where(where)).scalar()
    return None if said is None else dict(json.loads(said))


def set_discovery(connection: Connection, said: dict[str, Any]) -> None:
    """Keep what a seed says at discovery, if none did before."""
    if discovery(connection) is None:
        row = {"name": _DISCOVERY, "value": json.dumps(said)}
        connection.execute(insert(settings).values(**row))
