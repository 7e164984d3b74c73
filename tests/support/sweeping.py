"""Which steps of a long sweep are taken: a sample, another one each time, or all."""

import os
import random
from collections.abc import Iterable
from itertools import islice
from typing import TypeVar

Case = TypeVar("Case")
EVERY = int(os.environ.get("CLEARWARD_EVERY", "12"))  # 1 for all: see `make sweeps`


def steps(most: int) -> range:
    """Some of the numbers below one; who stops at the first that is too large ends."""
    return range(random.randrange(EVERY), most, EVERY)  # noqa: S311 - no secret


def some(cases: Iterable[Case], count: int) -> list[Case]:
    """The first of slow cases, the same in every process; all for `make sweeps`."""
    return list(cases if EVERY == 1 else islice(cases, count))
