"""Take objects into the store: in batches, each of which is kept whole or not at all.

An import that is killed can be run again: what is there is recognised.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

from clearward.gathering.holding import held_back
from clearward.gathering.tally import Tally
from clearward.intel.arriving import Arrived
from clearward.stores.intel import clock
from clearward.stores.intel.adding import Adding, Into
from clearward.stores.intel.database import Database

BATCH = 10_000  # objects


@dataclass(frozen=True, slots=True)
class NotTaken:
    """Something that is no object.

    Attributes:
        where: a line, a path or an id.
        why: in a few words.
    """

    where: str
    why: str


Offered = Arrived | NotTaken


def take(
    database: Database,
    into: Into,
    offered: Iterable[Offered],
    now: Callable[[], int],
    progress: Callable[[int], None] = lambda _: None,
) -> Tally:
    """Put objects into the store.

    Args:
        database: of the store.
        into: where they go.
        offered: objects, and what is none.
        now: microseconds since 1970.
        progress: is told how many were looked at, from time to time.

    Raises:
        Unavailable: the database does not answer; batches before are kept.
    """
    tally = Tally()
    for batch in _batches(offered):
        objects = [one for one in batch if isinstance(one, Arrived)]
        for one in batch:
            if isinstance(one, NotTaken):
                tally.reject(one.where, one.why)
        with database.writing() as connection:
            times = clock.take(connection, len(objects), now())
            objects = held_back(connection, objects)
            outcomes = Adding(connection, into).add(objects, times)
        for one, outcome in zip(objects, outcomes, strict=True):
            tally.count(one.id, outcome)
        progress(tally.objects)
    return tally


def _batches(offered: Iterable[Offered]) -> Iterator[list[Offered]]:
    each = iter(offered)
    while batch := list(islice(each, BATCH)):
        yield batch
