"""Pages of a collection, for a reader.

An index holds the objects of each shelf in the order in which they were added. A page
is merged from the shelves that the reader sees, so its time depends on what he sees
and on nothing else, and a filter that fits nothing is answered at once.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection, Select, func, select, union_all

from clearward.stores.intel import bulk
from clearward.stores.intel.shelves import Shelf, all_shelves
from clearward.stores.intel.tables import links, objects
from clearward.stores.intel.wanted import Sight, Wanted, conditions

_PARTS = 100  # of one question


@dataclass(frozen=True, slots=True)
class Row:
    """One version of an object.

    Attributes:
        added: when, in microseconds.
        id: of STIX.
        version: microseconds; 0 if it has none.
        spec: version of STIX.
        body: its JSON; empty if it was not asked for.
    """

    added: int
    id: str
    version: int
    spec: str
    body: bytes


@dataclass(frozen=True, slots=True)
class Page:
    """Rows in the order in which they were added.

    Attributes:
        rows: at most as many as wanted.
        more: there are others behind them.
    """

    rows: tuple[Row, ...]
    more: bool


def sight_of(
    connection: Connection,
    seen: dict[int, Shelf],
    readable: frozenset[int],
    organisation: int,
) -> Sight:
    """Return what a reader sees of the whole store.

    Args:
        connection: that reads.
        seen: shelves that he may see.
        readable: collections that he may read.
        organisation: his.
    """
    shelves = {one for one, shelf in seen.items() if shelf.collection in readable}
    everything = all_shelves(connection).keys() <= shelves
    return Sight(frozenset(shelves), everything, organisation)


def page(
    connection: Connection,
    wanted: Wanted,
    seen: dict[int, Shelf],
    sight: Sight,
    *,
    bodies: bool = True,
) -> Page:
    """Return one page of a collection.

    Args:
        connection: that reads.
        wanted: what of it.
        seen: shelves that the reader may see.
        sight: what he sees of the whole store.
        bodies: with the JSON of each object.
    """
    there = {
        number: shelf
        for number, shelf in seen.items()
        if shelf.collection == wanted.collection
    }
    here = tuple(sorted(there))
    specs = wanted.specs
    asked = tuple(one for one in here if not specs or there[one].spec in specs)
    said = conditions(wanted, replace(sight, here=here))
    columns = [objects.c.added, objects.c.id, objects.c.version, objects.c.spec]
    if bodies:
        columns.append(objects.c.body)
    keys = _keys(connection, wanted, asked, said)
    more = len(keys) > wanted.limit
    found = bulk.found(connection, columns, objects.c.added, keys[: wanted.limit])
    rows = [
        Row(row.added, row.id, row.version, row.spec, row.body if bodies else b"")
        for row in found
    ]
    rows.sort(key=lambda row: row.added)
    return Page(tuple(rows), more)


def _keys(
    connection: Connection, wanted: Wanted, shelves: Sequence[int], said: list[Any]
) -> list[int]:
    """Return when the rows of a page were added, and of one behind it."""
    most = wanted.limit + 1
    if wanted.ids:
        found = select(objects.c.added).where(
            objects.c.collection == wanted.collection,
            objects.c.shelf.in_(shelves),
            *said,
        )
        if wanted.types:
            found = found.where(objects.c.type.in_(wanted.types))
        rows = connection.execute(found.order_by(objects.c.added).limit(most))
        return [row.added for row in rows]
    keys: list[int] = []
    parts = list(_parts(wanted, shelves, said, most))
    for start in range(0, len(parts), _PARTS):
        keys += _merged(connection, parts[start : start + _PARTS], most)
    return sorted(keys)[:most]


def _parts(
    wanted: Wanted, shelves: Sequence[int], said: list[Any], most: int
) -> Iterator[Select[tuple[int]]]:
    """One question for each shelf, and each type if types are wanted."""
    for shelf in shelves:
        on = select(objects.c.added).where(objects.c.shelf == shelf, *said)
        for one in wanted.types or (None,):
            part = on if one is None else on.where(objects.c.type == one)
            yield part.order_by(objects.c.added).limit(most)


def _merged(
    connection: Connection, parts: Sequence[Select[tuple[int]]], most: int
) -> list[int]:
    if len(parts) == 1:
        return [row.added for row in connection.execute(parts[0])]
    each = [select(part.subquery().c.added) for part in parts]
    together = union_all(*each).subquery()
    said = select(together.c.added).order_by(together.c.added).limit(most)
    return [row.added for row in connection.execute(said)]


def exists(connection: Connection, wanted: Wanted, shelves: Sequence[int]) -> bool:
    """Say whether any version of an object stands on one of the shelves."""
    said = select(func.count()).where(
        objects.c.id.in_(wanted.ids),
        objects.c.collection == wanted.collection,
        objects.c.shelf.in_(shelves),
    )
    return bool(connection.execute(said).scalar())


def hidden(connection: Connection, ids: Sequence[str], sight: Sight) -> frozenset[str]:
    """Return which of some ids are in the store, and not seen."""
    if sight.all:
        return frozenset()
    there: set[str] = set()
    seen: set[str] = set()
    columns = (objects.c.id, objects.c.shelf)
    for row in bulk.found(connection, columns, objects.c.id, ids):
        there.add(row.id)
        if row.shelf in sight.shelves:
            seen.add(row.id)
    return frozenset(there - seen)


def named_by(connection: Connection, added: Sequence[int]) -> dict[int, list[str]]:
    """Return which objects some rows name that they join not."""
    names: dict[int, list[str]] = {}
    columns = (links.c.object, links.c.target, links.c.end)
    for row in bulk.found(connection, columns, links.c.object, added):
        if not row.end:
            names.setdefault(row.object, []).append(row.target)
    return names
