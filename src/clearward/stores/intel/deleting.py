"""Take versions of objects out."""

from collections.abc import Sequence

from sqlalchemy import Connection, select
from sqlalchemy import delete as deletion

from clearward.intel.visible import NOBODY
from clearward.stores.intel import settling
from clearward.stores.intel.tables import claims, held, links, objects, values
from clearward.stores.intel.wanted import Wanted


def delete(
    connection: Connection, wanted: Wanted, rows: Sequence[int], owner: int
) -> bool:
    """Take rows out if all of them are an organisation's own, or nobody's.

    Args:
        connection: that writes.
        wanted: the objects that they are versions of.
        rows: when they were added.
        owner: the organisation.

    Returns:
        Whether they were its own; if not, nothing is changed.
    """
    whose = select(objects.c.organisation).where(objects.c.added.in_(rows))
    owners = {row.organisation for row in connection.execute(whose)}
    if not owners <= {owner, NOBODY}:
        return False
    for table in (values, links, claims, held):
        connection.execute(deletion(table).where(table.c.object.in_(rows)))
    connection.execute(deletion(objects).where(objects.c.added.in_(rows)))
    settling.settle(connection, wanted.collection, wanted.ids)
    return True
