"""Look for indicators in the lines of logs."""

import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import msgspec
from sqlalchemy import Connection, select

from clearward.hunting.line import Seen, cut
from clearward.hunting.table import Table
from clearward.indicators.kinds import Kind
from clearward.intel.standing import is_good
from clearward.stores.intel.shelves import State
from clearward.stores.intel.tables import objects, shelves, values
from clearward.stores.intel.warnings import Warnings

_MOST_LINE = 1 << 20  # characters; what is behind them is not looked at
_MOST_SEEN = 2048  # characters of what is shown
_KEPT = 100_000  # answers of the store


@dataclass(frozen=True, slots=True)
class Hit:
    """An indicator in a line.

    Attributes:
        line: number of it, from 1.
        kind: of the indicator's value.
        value: of the indicator.
        seen: what stands in the line.
        indicator: its id.
        gated: the warning list that either is on, if there is one.
    """

    line: int
    kind: Kind
    value: str
    seen: str
    indicator: str
    gated: str | None


class Matcher:
    """Finds what the indicators of a store stand for.

    Args:
        connection: that reads.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._table = Table(_entries(connection))
        self._warnings = Warnings(connection)
        self._ids: dict[int, str | None] = {}
        self._now = time.time_ns() // 1000

    def __len__(self) -> int:
        """How many values are looked for."""
        return len(self._table)

    def lines(self, lines: Iterable[bytes]) -> Iterator[Hit | None]:
        """Give the hits of every line, and None behind each line."""
        for number, line in enumerate(lines, 1):
            for seen in cut(line[:_MOST_LINE].decode("utf-8", "replace")):
                hit = self._hit(number, seen)
                if hit is not None:
                    yield hit
            yield None

    def _hit(self, line: int, seen: Seen) -> Hit | None:
        """The most specific indicator of what was seen that still holds."""
        for kind, value, row in self._known(seen):
            id = self._indicator(row)
            if id is not None:
                gated = self._gated((kind, value), (seen.kind, seen.text))
                return Hit(line, kind, value, seen.text[:_MOST_SEEN], id, gated)
        return None

    def _known(self, seen: Seen) -> list[tuple[Kind, str, int]]:
        match seen.kind:
            case Kind.DOMAIN:
                return self._table.host(seen.text)
            case Kind.IPV4 | Kind.IPV6:
                return self._table.address(seen.text, seen.port)
        return self._table.exact(seen.kind, seen.text)

    def _indicator(self, row: int) -> str | None:
        """Return the id of an indicator that holds now, None if it does not."""
        if row not in self._ids:
            if len(self._ids) > _KEPT:
                self._ids.clear()
            said = select(objects.c.id, objects.c.body).where(objects.c.added == row)
            found = self._connection.execute(said).first()
            good = found is not None and is_good(
                msgspec.json.decode(found.body), self._now
            )
            self._ids[row] = found.id if found is not None and good else None
        return self._ids[row]

    def _gated(self, *both: tuple[Kind, str]) -> str | None:
        listed = self._warnings.on(both)
        return next((listed[one] for one in both if one in listed), None)


def _entries(connection: Connection) -> Iterator[tuple[str, str, int]]:
    """The values of indicators that are offered; newer rows come later, and win."""
    said = (
        select(values.c.kind, values.c.value, values.c.object)
        .join(objects, objects.c.added == values.c.object)
        .join(shelves, shelves.c.number == objects.c.shelf)
        .where(
            objects.c.type == "indicator",
            objects.c.last,
            shelves.c.state == int(State.OFFERED),
        )
        .order_by(values.c.object)
    )
    rows = connection.execution_options(yield_per=10_000).execute(said)
    yield from rows.tuples()
