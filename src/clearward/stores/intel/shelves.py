"""Shelves: what stands on one is seen by the same readers.

A shelf is a collection, an owner, a set of markings and of groups, a version of STIX,
and a state. There are few of them however many objects there are, so who may see what
is decided for each shelf once, by `clearward.intel.visible`, and a query names the
shelves that its reader may see.
"""

import json
from dataclasses import dataclass
from enum import IntEnum

from sqlalchemy import Connection, func, select

from clearward.intel.visible import Label, Reader, may_see
from clearward.stores.intel import bulk
from clearward.stores.intel.tables import objects, shelves, user_markings


class State(IntEnum):
    """What may happen with what stands on a shelf."""

    OFFERED = 0  # to all who may see it
    QUARANTINED = 1  # kept and shown; never matched, served or exported
    WAITING = 2  # for a second pair of eyes
    REFUSED = 3  # by them


@dataclass(frozen=True, slots=True)
class Shelf:
    """One of them.

    Attributes:
        collection: its number.
        label: what decides who sees it.
        spec: version of STIX.
        state: what may happen with it.
    """

    collection: int
    label: Label
    spec: str
    state: State


def number_of(connection: Connection, shelf: Shelf) -> int:
    """Return the number of a shelf, which is made if it is not there."""
    columns = {
        "collection": shelf.collection,
        "organisation": shelf.label.organisation,
        "spec": shelf.spec,
        "state": int(shelf.state),
        "markings": json.dumps(sorted(shelf.label.markings)),
        "groups": json.dumps(sorted(shelf.label.groups)),
    }
    same = [shelves.c[name] == value for name, value in columns.items()]
    number = connection.execute(select(shelves.c.number).where(*same)).scalar()
    if number is None:
        number = bulk.insert_one(connection, shelves, **columns)
    return int(number)


def all_shelves(connection: Connection) -> dict[int, Shelf]:
    """Return every shelf by its number."""
    return {
        row.number: Shelf(
            row.collection,
            Label(
                row.organisation,
                frozenset(json.loads(row.markings)),
                frozenset(json.loads(row.groups)),
            ),
            row.spec,
            State(row.state),
        )
        for row in connection.execute(select(shelves))
    }


def seen_by(connection: Connection, reader: Reader) -> dict[int, Shelf]:
    """Return the shelves that a reader sees, of those that are offered."""
    there = all_shelves(connection)
    known = _known(connection, there)
    return {
        number: shelf
        for number, shelf in there.items()
        if shelf.state is State.OFFERED and may_see(reader, shelf.label, known)
    }


def _known(connection: Connection, there: dict[int, Shelf]) -> frozenset[str]:
    """Markings that are defined in the store, or held by somebody."""
    named = {marking for shelf in there.values() for marking in shelf.label.markings}
    if not named:
        return frozenset()
    defined = select(func.distinct(objects.c.id)).where(objects.c.id.in_(named))
    held = select(func.distinct(user_markings.c.marking))
    rows = [*connection.execute(defined), *connection.execute(held)]
    return frozenset(row[0] for row in rows)
