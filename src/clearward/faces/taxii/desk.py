"""What is done for a request, once it is known who asks: reads and writes the store.

Everything that is told passes through the shelves that the user may see; a collection
that he may not know of, and an object that he does not see, are not there.
"""

import os
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import msgspec
from sqlalchemy import Connection, insert, select

from clearward.core.errors import Refused
from clearward.faces.taxii.answers import Wrong
from clearward.gathering.bundles import read as read_objects
from clearward.gathering.holding import held_back
from clearward.gathering.taking import NotTaken
from clearward.intel.arriving import Arrived
from clearward.intel.times import shortly, written
from clearward.sharing.pruning import pruned_for
from clearward.stores.intel import (
    auditing,
    clock,
    collections,
    deleting,
    named_sources,
    pages,
    parties,
    sharing_groups,
)
from clearward.stores.intel.adding import Adding, Into, Outcome
from clearward.stores.intel.collections import Collection
from clearward.stores.intel.database import Database
from clearward.stores.intel.pages import Page
from clearward.stores.intel.parties import User
from clearward.stores.intel.shelves import Shelf, seen_by
from clearward.stores.intel.tables import settings, statuses
from clearward.stores.intel.wanted import Sight, Wanted

_SECRET = "next"  # noqa: S105 - the name of a setting
FAILED = "The object could not be added"
UNREADABLE = "While processing supplied content, an error occurred"


@dataclass(frozen=True, slots=True)
class Standing:
    """A user before the store, at one moment.

    Attributes:
        connection: that reads.
        user: who asks.
        seen: shelves that he may see.
        sight: what he sees of all collections that he may read.
    """

    connection: Connection
    user: User
    seen: dict[int, Shelf]
    sight: Sight


def secret(database: Database) -> bytes:
    """Return what tokens of pages are made with; it is made once for a store."""
    with database.writing() as connection:
        where = settings.c.name == _SECRET
        said = connection.execute(select(settings.c.value).where(where)).scalar()
        if said is None:
            said = os.urandom(32).hex()
            connection.execute(insert(settings).values(name=_SECRET, value=said))
        return bytes.fromhex(said)


def standing(connection: Connection, user: User) -> Standing:
    """Return what a user sees now."""
    number = user.organisation.number
    reader = user.reader(sharing_groups.of(connection, number))
    seen = seen_by(connection, reader)
    readable = frozenset(
        one.number
        for one in collections.every(connection)
        if one.is_read_by(user.number)
    )
    sight = pages.sight_of(connection, seen, readable, number)
    return Standing(connection, user, seen, sight)


def root(connection: Connection, name: str) -> dict[str, Any]:
    """Return what an API root says of itself.

    Raises:
        Wrong: there is none of that name.
    """
    found = collections.all_roots(connection).get(name)
    if found is None:
        raise Wrong(404, "There is no such API root")
    return found


def collections_of(connection: Connection, user: User, name: str) -> list[Collection]:
    """Return the collections of a root that a user may know of."""
    root(connection, name)
    return [
        one
        for one in collections.every(connection)
        if one.root == name and one.is_there_for(user.number)
    ]


def collection(connection: Connection, user: User, name: str, id: str) -> Collection:
    """Return one of them.

    Raises:
        Wrong: there is none of that id, or he may not know of it.
    """
    for one in collections_of(connection, user, name):
        if one.id == id:
            return one
    raise Wrong(404, "There is no such collection")


def described(user: User, one: Collection) -> dict[str, Any]:
    """Return what TAXII says of a collection (section 5.2)."""
    return {
        "id": one.id,
        "title": one.title,
        "can_read": one.is_read_by(user.number),
        "can_write": one.is_written_by(user.number, writes=user.may_write),
        **one.said,
    }


def one_page(there: Standing, wanted: Wanted, *, bodies: bool) -> Page:
    """Return a page of a collection."""
    return pages.page(there.connection, wanted, there.seen, there.sight, bodies=bodies)


def bodies(there: Standing, page: Page) -> Iterator[bytes]:
    """Give the JSON of every row, without references to what the user does not see."""
    return pruned_for(there.connection, there.sight, page)


def take(
    database: Database, user: User, into: Collection, text: bytes, root: str
) -> dict[str, Any]:
    """Put what a user posts into a collection; return the status (section 4.3).

    Raises:
        Wrong: it is no envelope of objects.
    """
    try:
        offered = list(read_objects(text))
    except Refused as error:
        raise Wrong(422, UNREADABLE) from error
    moment = time.time_ns() // 1000
    with database.writing() as connection:
        known = parties.identities(connection)
        source = named_sources.number_of(connection, f"user {user.name}")
        place = Into(into.number, user.organisation.number, source, into.groups)
        mine = user.organisation.identity
        good = [
            (number, one.by(mine) if one.type != "marking-definition" else one)
            for number, one in enumerate(offered)
            if isinstance(one, Arrived)
            and (one.author in (None, mine) or one.author not in known)
        ]
        times = clock.take(connection, len(good), moment)
        judged = held_back(connection, [one for _, one in good])
        outcomes = Adding(connection, place).add(judged, times)
        taken = {
            number
            for (number, _), outcome in zip(good, outcomes, strict=True)
            if outcome is not Outcome.FOREIGN
        }
        status = _status(offered, taken, moment)
        row = {"id": status["id"], "root": root, "user": user.number}
        body = msgspec.json.encode(status)
        connection.execute(insert(statuses).values(body=body, **row))
        said = f"{status['success_count']} of {status['total_count']}"
        auditing.record(connection, user.name, "post", into.title, said)
    return status


def _status(
    offered: list[Arrived | NotTaken], taken: set[int], moment: int
) -> dict[str, Any]:
    good, bad = [], []
    for number, one in enumerate(offered):
        if isinstance(one, NotTaken):
            bad.append({"id": one.where, "message": FAILED})
            continue
        said = {"id": one.id, "version": shortly(one.version or moment)}
        if number in taken:
            good.append(said)
        else:
            bad.append({**said, "message": FAILED})
    told: dict[str, Any] = {
        "id": str(uuid.uuid4()),
        "status": "complete",
        "request_timestamp": written(moment),
        "total_count": len(offered),
        "success_count": len(good),
        "failure_count": len(bad),
        "pending_count": 0,
    }
    lists = {"successes": good, "failures": bad}
    return told | {name: listed for name, listed in lists.items() if listed}


def status(connection: Connection, user: User, root: str, id: str) -> bytes:
    """Return a status that a user may see: his own, or that of a seed.

    Raises:
        Wrong: there is none.
    """
    where = (statuses.c.id == id) & (statuses.c.root == root)
    row = connection.execute(select(statuses).where(where)).first()
    if row is None or row.user not in (None, user.number):
        raise Wrong(404, "There is no such status")
    return bytes(row.body)


def delete(database: Database, user: User, wanted: Wanted) -> None:
    """Remove versions of an object that a user sees and his organisation owns.

    Raises:
        Wrong: he sees none of them, or may remove none.
    """
    with database.writing() as connection:
        there = standing(connection, user)
        page = one_page(there, wanted, bodies=False)
        if not page.rows:
            raise Wrong(404, "There is no such object")
        rows = [row.added for row in page.rows]
        owner = user.organisation.number
        if not deleting.delete(connection, wanted, rows, owner):
            raise Wrong(403, "The object is not one that you may remove")
        said = f"{len(rows)} versions"
        auditing.record(connection, user.name, "delete", " ".join(wanted.ids), said)
