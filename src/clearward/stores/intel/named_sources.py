"""Where objects came from: a file, a feed, a peer or a user, by name."""

from sqlalchemy import Connection, select

from clearward.stores.intel import bulk
from clearward.stores.intel.tables import sources


def number_of(connection: Connection, name: str) -> int:
    """Return the number of a source, which is made if it is not there."""
    where = sources.c.name == name
    number = connection.execute(select(sources.c.number).where(where)).scalar()
    if number is None:
        number = bulk.insert_one(connection, sources, name=name)
    return int(number)
