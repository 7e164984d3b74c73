"""What a page shall hold, as conditions of a query.

What a reader may see is part of the query and never a filter behind it: a page is full
or it is the last one, and what is hidden leaves no mark on it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Column, ColumnElement, and_, exists, false, not_, or_
from sqlalchemy import select as selecting
from sqlalchemy.sql.base import ReadOnlyColumnCollection
from sqlalchemy.sql.selectable import NamedFromClause

from clearward.stores.intel.tables import links, objects

_Other = NamedFromClause[ReadOnlyColumnCollection[str, Column[Any]]]
FIRST = "first"
LAST = "last"
ALL = "all"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked of a collection.

    Attributes:
        collection: its number.
        ids: of objects; of all if there is none.
        types: likewise.
        specs: versions of STIX; without any, the newest of each object.
        versions: `FIRST`, `LAST`, `ALL`, or microseconds.
        after: when the last object before was added.
        limit: most rows.
    """

    collection: int
    ids: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    specs: tuple[str, ...] = ()
    versions: tuple[str | int, ...] = (LAST,)
    after: int | None = None
    limit: int = 1000


@dataclass(frozen=True, slots=True)
class Sight:
    """What a reader sees of the whole store.

    Attributes:
        shelves: numbers of all that he sees, in collections that he may read.
        all: there is nothing else.
        organisation: his.
        here: those of the collection that is asked.
    """

    shelves: frozenset[int]
    all: bool
    organisation: int
    here: tuple[int, ...] = ()


def conditions(wanted: Wanted, sight: Sight) -> list[ColumnElement[bool]]:
    """Return what every row of a page fulfils, besides its shelf and type."""
    said: list[ColumnElement[bool]] = []
    if wanted.after is not None:
        said.append(objects.c.added > wanted.after)
    if wanted.ids:
        said.append(objects.c.id.in_(wanted.ids))
    said.append(_version(wanted, sight.here))
    if not sight.all:
        said.append(or_(not_(objects.c.linked), not_(_hidden_end(sight))))
    return said


def _version(wanted: Wanted, shelves: Sequence[int]) -> ColumnElement[bool]:
    """One of the versions that are wanted.

    The marks on a row are right for its own shelf. An object that stands on several
    has to be compared with what the same reader sees of it on the others.
    """
    other = objects.alias("other")
    same = _same(other, shelves)
    among = (
        other.c.spec.in_(wanted.specs)
        if wanted.specs
        else other.c.spec == objects.c.spec
    )
    ways = []
    for version in wanted.versions:
        if version == ALL:
            ways.append(objects.c.added > 0)
        elif version == LAST:
            later = and_(same, among, _behind(other))
            ways.append(and_(objects.c.last, or_(not_(objects.c.mixed), ~_any(later))))
        elif version == FIRST:
            earlier = and_(same, among, _before(other))
            ways.append(
                and_(objects.c.first, or_(not_(objects.c.mixed), ~_any(earlier)))
            )
        else:
            ways.append(objects.c.version == version)
    said = or_(false(), *ways)
    twin = and_(
        same,
        other.c.spec == objects.c.spec,
        other.c.version == objects.c.version,
        other.c.added > objects.c.added,
    )
    unlike = ~_any(twin)
    if not wanted.specs:
        unlike = and_(unlike, ~_any(and_(same, other.c.spec > objects.c.spec)))
    return and_(said, or_(not_(objects.c.mixed), unlike))


def _same(other: _Other, shelves: Sequence[int]) -> ColumnElement[bool]:
    return and_(
        other.c.id == objects.c.id,
        other.c.collection == objects.c.collection,
        other.c.shelf.in_(shelves),
    )


def _behind(other: _Other) -> ColumnElement[bool]:
    """A later version, or the same one that came later."""
    tie = and_(other.c.version == objects.c.version, other.c.added > objects.c.added)
    return or_(other.c.version > objects.c.version, tie)


def _before(other: _Other) -> ColumnElement[bool]:
    tie = and_(other.c.version == objects.c.version, other.c.added < objects.c.added)
    return or_(other.c.version < objects.c.version, tie)


def _any(said: ColumnElement[bool]) -> ColumnElement[bool]:
    return exists().where(said)


def _hidden_end(sight: Sight) -> ColumnElement[bool]:
    """An end is in the store, and the reader does not see it.

    What his own organisation joins to an object of another one stays: or else he could
    ask for what he does not see by joining something to it.
    """
    there = objects.alias("there")
    seen = objects.alias("seen")
    hidden = (
        selecting(links.c.object)
        .where(
            links.c.object == objects.c.added,
            links.c.end,
            exists().where(
                there.c.id == links.c.target,
                or_(
                    objects.c.organisation != sight.organisation,
                    there.c.organisation == objects.c.organisation,
                ),
            ),
            ~exists().where(
                seen.c.id == links.c.target, seen.c.shelf.in_(sight.shelves)
            ),
        )
        .correlate(objects)
    )
    return hidden.exists()
