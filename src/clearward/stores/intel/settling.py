"""Which version of an object is the first, and which the last, of its shelf.

Nearly every object has one version; only those with more are looked at.
"""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection, bindparam, update

from clearward.stores.intel import bulk
from clearward.stores.intel.tables import objects

_COLUMNS = (
    objects.c.id,
    objects.c.collection,
    objects.c.shelf,
    objects.c.version,
    objects.c.added,
)


def settle(connection: Connection, collection: int, ids: Iterable[str]) -> None:
    """Mark the first and last versions of objects, and those on several shelves."""
    by_id: dict[str, list[Any]] = defaultdict(list)
    for row in bulk.found(connection, _COLUMNS, objects.c.id, sorted(ids)):
        if row.collection == collection:
            by_id[row.id].append(row)
    marks = [mark for rows in by_id.values() for mark in _marks(rows)]
    if marks:
        said = update(objects).where(objects.c.added == bindparam("row"))
        connection.execute(
            said.values(
                first=bindparam("is_first"),
                last=bindparam("is_last"),
                mixed=bindparam("is_mixed"),
            ),
            marks,
        )


def _marks(rows: list[Any]) -> list[dict[str, Any]]:
    shelves: dict[int, list[Any]] = defaultdict(list)
    for row in sorted(rows, key=lambda one: (one.version, one.added)):
        shelves[row.shelf].append(row)
    return [
        {
            "row": row.added,
            "is_first": row is there[0],
            "is_last": row is there[-1],
            "is_mixed": len(shelves) > 1,
        }
        for there in shelves.values()
        for row in there
    ]
