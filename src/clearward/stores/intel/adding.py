"""Put objects in: all of a batch is kept, or nothing of it."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum, auto
from typing import Any

from sqlalchemy import Connection, update

from clearward.intel.arriving import Arrived
from clearward.intel.visible import NOBODY, Label
from clearward.stores.intel import bulk, claiming, settling
from clearward.stores.intel.shelves import Shelf, State, number_of
from clearward.stores.intel.tables import held, links, objects, values

_KNOWN = (
    objects.c.added,
    objects.c.id,
    objects.c.collection,
    objects.c.organisation,
    objects.c.spec,
    objects.c.version,
    objects.c.source,
)


class Outcome(Enum):
    """What became of an object."""

    NEW = auto()
    DUPLICATE = auto()
    FOREIGN = auto()
    QUARANTINED = auto()


@dataclass(frozen=True, slots=True)
class Into:
    """Where objects go, and on whose word.

    Attributes:
        collection: its number.
        organisation: whose they are from now on.
        source: who claims them.
        groups: of organisations that they are for.
        state: of those that nothing holds back.
    """

    collection: int
    organisation: int = NOBODY
    source: int = 0
    groups: frozenset[int] = frozenset()
    state: State = State.OFFERED


class Adding:
    """Puts batches in.

    Args:
        connection: that writes.
        into: where they go.
    """

    def __init__(self, connection: Connection, into: Into) -> None:
        self._connection = connection
        self._into = into
        self._shelves: dict[Shelf, int] = {}

    def add(self, batch: Sequence[Arrived], times: Sequence[int]) -> list[Outcome]:
        """Put objects in; return what became of each.

        Args:
            batch: of objects.
            times: when each was added; more than are used, and each is unique.
        """
        known = self._known(batch)
        outcomes: list[Outcome] = []
        taken: list[tuple[Arrived, int]] = []
        again: list[int] = []
        unsettled: set[str] = set()
        clock = iter(times)
        for one in batch:
            rows = known[one.id]
            outcome = self._judged(one, rows, again)
            if outcome is Outcome.NEW:
                added = next(clock)
                if rows:
                    unsettled.add(one.id)
                rows.append(self._row(added, one))
                taken.append((one, added))
                outcome = Outcome.QUARANTINED if one.held else outcome
            outcomes.append(outcome)
        self._insert(taken)
        if unsettled:
            settling.settle(self._connection, self._into.collection, unsettled)
        if again and times:
            claiming.claim(self._connection, again, self._into.source, times[0])
        return outcomes

    def _known(self, batch: Sequence[Arrived]) -> dict[str, list[Any]]:
        known: dict[str, list[Any]] = defaultdict(list)
        wanted = {one.id for one in batch}
        for row in bulk.found(self._connection, _KNOWN, objects.c.id, wanted):
            known[row.id].append(tuple(row))
        return known

    def _row(self, added: int, one: Arrived) -> tuple[Any, ...]:
        into = self._into
        return (
            added, one.id, into.collection, into.organisation,
            one.spec, one.version, into.source,
        )  # fmt: skip

    def _judged(self, one: Arrived, rows: list[Any], again: list[int]) -> Outcome:
        """Say whether an object is new; note the row that says the same already."""
        into = self._into
        for added, _, collection, organisation, spec, version, source in rows:
            own = organisation == into.organisation
            if not own and organisation != NOBODY and not one.is_made:
                return Outcome.FOREIGN
            same = one.is_made or (spec == one.spec and version == one.version)
            whose = own or not one.is_made
            if collection == into.collection and same and whose:
                if source != into.source:
                    again.append(added)
                return Outcome.DUPLICATE
        return Outcome.NEW

    def _insert(self, taken: list[tuple[Arrived, int]]) -> None:
        into = self._into
        rows = [
            (
                added, into.collection, self._shelf(one), into.organisation,
                into.source, one.id, one.type, one.spec, one.version,
                True, True, False, bool(one.ends), one.body,
            )
            for one, added in taken
        ]  # fmt: skip
        bulk.insert(self._connection, objects, rows)
        stood = [
            (added, place, kind.value, value)
            for one, added in taken
            for place, (kind, value) in enumerate(one.values)
        ]
        bulk.insert(self._connection, values, stood)
        named = [
            (added, place, target, place < len(one.ends))
            for one, added in taken
            for place, target in enumerate((*one.ends, *one.names))
        ]
        bulk.insert(self._connection, links, named)
        why = [(added, one.held) for one, added in taken if one.held]
        bulk.insert(self._connection, held, why)

    def _shelf(self, one: Arrived) -> int:
        into = self._into
        label = Label(into.organisation, one.markings, into.groups)
        state = State.QUARANTINED if one.held else into.state
        shelf = Shelf(into.collection, label, one.spec, state)
        number = self._shelves.get(shelf)
        if number is None:
            number = self._shelves[shelf] = number_of(self._connection, shelf)
        return number


def move(connection: Connection, added: int, shelf: int) -> None:
    """Put a row on another shelf."""
    where = objects.c.added == added
    connection.execute(update(objects).where(where).values(shelf=shelf))
