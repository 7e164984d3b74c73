"""What of the store may go out: that which a reader of some level would see."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from sqlalchemy import Connection

from clearward.indicators.kinds import Kind
from clearward.intel.tlp import Tlp
from clearward.intel.visible import NOBODY, Reader
from clearward.stores.intel import bulk, collections, pages
from clearward.stores.intel.pages import Page
from clearward.stores.intel.shelves import Shelf, seen_by
from clearward.stores.intel.tables import values
from clearward.stores.intel.wanted import ALL, LAST, Sight, Wanted

_AT_ONCE = 5000
_SPECS = ("2.0", "2.1")


@dataclass(frozen=True, slots=True)
class Chosen:
    """What goes out.

    Attributes:
        connection: that reads.
        seen: shelves of it.
        sight: the same, of the whole store.
    """

    connection: Connection
    seen: dict[int, Shelf]
    sight: Sight

    def pages(self, collection: int, *, every: bool) -> Iterator[Page]:
        """Give the pages of a collection.

        Args:
            collection: its number.
            every: all versions of objects, not only the last.
        """
        version = ALL if every else LAST
        wanted = Wanted(collection, specs=_SPECS, versions=(version,), limit=_AT_ONCE)
        while True:
            page = pages.page(self.connection, wanted, self.seen, self.sight)
            yield page
            if not page.more:
                return
            wanted = replace(wanted, after=page.rows[-1].added)


def chosen(connection: Connection, tlp: Tlp) -> Chosen:
    """Return what a reader of a level sees, who belongs to no organisation."""
    seen = seen_by(connection, Reader(NOBODY, tlp))
    readable = frozenset(one.number for one in collections.every(connection))
    return Chosen(connection, seen, pages.sight_of(connection, seen, readable, NOBODY))


def values_of(connection: Connection, page: Page) -> Iterator[tuple[Kind, str]]:
    """Give the values that the objects of a page stand for."""
    columns = (values.c.kind, values.c.value)
    rows = [row.added for row in page.rows]
    for row in bulk.found(connection, columns, values.c.object, rows):
        yield Kind(row.kind), row.value
