"""The times when objects are added: each is unique, and later than all before.

They are the keys of paging, so that a client that goes on behind the last time it saw
misses nothing and gets nothing twice. Between two of them lie one to sixteen
microseconds, by chance: the gap that a hidden object leaves looks like any other.
"""

import os
from collections.abc import Callable
from itertools import accumulate

from sqlalchemy import Connection, insert, select, update

from clearward.stores.intel.tables import settings

_NAME = "clock"
_STEPS = 16


def take(connection: Connection, count: int, now: int) -> list[int]:
    """Return times for new objects, in order; the caller holds the writer's place.

    Args:
        connection: that writes.
        count: how many.
        now: microseconds since 1970.
    """
    where = settings.c.name == _NAME
    said = connection.execute(select(settings.c.value).where(where)).scalar()
    if said is None:
        connection.execute(insert(settings).values(name=_NAME, value="0"))
    steps = (1 + byte % _STEPS for byte in os.urandom(count))
    start = max(now, int(said or 0))
    times = list(accumulate(steps, initial=start))[1:]
    if times:
        connection.execute(update(settings).where(where).values(value=str(times[-1])))
    return times


Clock = Callable[[], int]
