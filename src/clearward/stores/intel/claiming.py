"""Who else says what is there already."""

from collections.abc import Iterable

from sqlalchemy import Connection, bindparam, update

from clearward.stores.intel import bulk
from clearward.stores.intel.tables import claims


def claim(connection: Connection, rows: Iterable[int], source: int, time: int) -> None:
    """Note that a source claims rows of `objects`, now and perhaps before."""
    wanted = sorted(set(rows))
    found = bulk.found(
        connection, (claims.c.object, claims.c.source), claims.c.object, wanted
    )
    known = {row.object for row in found if row.source == source}
    bulk.insert(
        connection,
        claims,
        [(row, source, time, time) for row in wanted if row not in known],
    )
    if known:
        said = update(claims).where(
            claims.c.object == bindparam("row"), claims.c.source == source
        )
        connection.execute(said.values(last=time), [{"row": row} for row in known])
