"""A whole TAXII server as one file: what medallion calls its default data.

    {"/discovery": {...},
     ROOT: {"information": {...}, "status": [...],
            "collections": [{"id", "title", ..., "objects": [...], "manifest": [...]}]}}

`manifest` says when each version of an object was added.
"""

from collections.abc import Callable, Mapping
from typing import Any

import msgspec
from sqlalchemy import Connection, insert, select

from clearward.core.errors import Refused
from clearward.gathering.tally import Tally
from clearward.intel.arriving import Arrived, Rejected, arrived
from clearward.intel.times import microseconds
from clearward.intel.visible import NOBODY
from clearward.stores.intel import clock, collections
from clearward.stores.intel.adding import Adding, Into
from clearward.stores.intel.database import Database
from clearward.stores.intel.tables import objects, statuses

_DISCOVERY = "/discovery"


class _Collection(msgspec.Struct):
    id: str
    title: str
    description: str | None = None
    alias: str | None = None
    can_read: bool = True
    can_write: bool = True
    media_types: list[str] = []
    objects: list[msgspec.Raw] = []
    manifest: list[dict[str, Any]] = []

    def said(self) -> dict[str, Any]:
        """What TAXII says of it."""
        names = ("id", "title", "description", "alias", "can_read", "can_write")
        told = {name: getattr(self, name) for name in names}
        told["media_types"] = self.media_types
        return {name: value for name, value in told.items() if value is not None}


class _Root(msgspec.Struct):
    information: dict[str, Any] | None = None
    status: list[dict[str, Any]] = []
    collections: list[_Collection] = []


def load(database: Database, text: bytes, source: int, now: Callable[[], int]) -> Tally:
    """Put a seed into the store, all of it or nothing.

    Raises:
        Refused: it is no seed, or one of its collections is there already.
    """
    try:
        seed = msgspec.json.decode(text, type=dict[str, msgspec.Raw])
        said = seed.pop(_DISCOVERY, None)
        discovery = None if said is None else msgspec.json.decode(said)
        found = {
            name: msgspec.json.decode(raw, type=_Root) for name, raw in seed.items()
        }
    except (msgspec.MsgspecError, RecursionError, UnicodeError) as error:
        raise Refused(f"it is no seed of TAXII: {error}") from error
    tally = Tally()
    with database.writing() as connection:
        if isinstance(discovery, dict):
            collections.set_discovery(connection, discovery)
        for name, root in found.items():
            if root.information is None:
                continue
            collections.add_root(connection, name, root.information)
            _statuses(connection, name, root)
            for one in root.collections:
                number = collections.seeded(connection, name, one.said())
                _fill(connection, Into(number, NOBODY, source), one, now, tally)
    return tally


def _statuses(connection: Connection, root: str, said: _Root) -> None:
    for status in said.status:
        row = {"id": str(status.get("id")), "root": root, "user": None}
        body = msgspec.json.encode(status)
        connection.execute(insert(statuses).values(body=body, **row))


def _fill(
    connection: Connection,
    into: Into,
    said: _Collection,
    now: Callable[[], int],
    tally: Tally,
) -> None:
    """Put the objects of a collection in, at the times that its manifest names."""
    read: list[Arrived] = []
    for raw in said.objects:
        try:
            read.append(arrived(bytes(raw)))
        except Rejected as error:
            tally.reject(f"collection {said.id}", str(error))
    times = _times(connection, read, said, now)
    order = sorted(range(len(read)), key=times.__getitem__)
    adding = Adding(connection, into)
    for place in order:
        outcome = adding.add([read[place]], [times[place]])[0]
        tally.count(read[place].id, outcome)


def _times(
    connection: Connection,
    read: list[Arrived],
    said: _Collection,
    now: Callable[[], int],
) -> list[int]:
    known = _manifest(said.manifest)
    fresh = clock.take(connection, len(read), now())
    named = [
        known.get((one.id, one.version)) or known.get((one.id, None)) or (late, 0)
        for one, late in zip(read, fresh, strict=True)
    ]
    used: set[int] = set()
    times = [0] * len(read)
    # Of those that share a time, the one that the manifest names first comes first.
    for place in sorted(range(len(read)), key=named.__getitem__):
        time = named[place][0]
        while time in used or _is_taken(connection, time):
            time += 1
        used.add(time)
        times[place] = time
    return times


def _is_taken(connection: Connection, time: int) -> bool:
    said = select(objects.c.added).where(objects.c.added == time)
    return connection.execute(said).first() is not None


def _manifest(
    entries: list[dict[str, Any]],
) -> Mapping[tuple[str, int | None], tuple[int, int]]:
    """When versions were added, and in which order they are named."""
    known: dict[tuple[str, int | None], tuple[int, int]] = {}
    for place, entry in enumerate(entries):
        try:
            added = microseconds(str(entry.get("date_added")))
            id = str(entry.get("id"))
            known[(id, None)] = (added, place)
            known[(id, microseconds(str(entry.get("version"))))] = (added, place)
        except ValueError:
            continue
    return known
