"""Leave out of objects what their reader may not see."""

from collections.abc import Iterator

import msgspec
from sqlalchemy import Connection

from clearward.sharing.chosen import Chosen
from clearward.stores.intel import pages
from clearward.stores.intel.pages import Page
from clearward.stores.intel.wanted import Sight


def pruned(what: Chosen, page: Page) -> Iterator[bytes]:
    """Give the JSON of every row of a page, for who sees what is chosen."""
    return pruned_for(what.connection, what.sight, page)


def pruned_for(connection: Connection, sight: Sight, page: Page) -> Iterator[bytes]:
    """Give the JSON of every row, without references to what the reader does not see.

    Bytes of objects that name nothing hidden are as they came.
    """
    if sight.all:
        yield from (row.body for row in page.rows)
        return
    names = pages.named_by(connection, [row.added for row in page.rows])
    every = sorted({one for listed in names.values() for one in listed})
    hidden = pages.hidden(connection, every, sight)
    for row in page.rows:
        if hidden.isdisjoint(names.get(row.added, ())):
            yield row.body
        else:
            yield _without(row.body, hidden)


def _without(body: bytes, hidden: frozenset[str]) -> bytes:
    said = msgspec.json.decode(body)
    said["object_refs"] = [one for one in said["object_refs"] if one not in hidden]
    if not said["object_refs"]:
        del said["object_refs"]
    return msgspec.json.encode(said)
