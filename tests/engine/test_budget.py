"""Behaviour of the budget that all parts of a file share."""

import pytest

from clearward.core.errors import LimitReached
from clearward.core.limits import Limits
from clearward.core.reasons import Reason
from clearward.engine.budget import HELD, Budget


class Clock:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def test_bytes_may_be_spent_to_the_last() -> None:
    budget = Budget(Limits(scan_size=10), Clock())
    budget.spend(4)
    budget.spend(6)
    with pytest.raises(LimitReached) as reached:
        budget.spend(1)
    assert reached.value.reason is Reason.SIZE_LIMIT


def test_parts_may_be_begun_to_the_last() -> None:
    budget = Budget(Limits(parts=2), Clock())
    budget.begin_part()
    budget.begin_part()
    with pytest.raises(LimitReached) as reached:
        budget.begin_part()
    assert reached.value.reason is Reason.PARTS_LIMIT
    assert budget.parts == 2


@pytest.mark.parametrize("work", ["begin_part", "check_time", "spend"])
def test_time_is_up_wherever_work_is_done(work: str) -> None:
    clock = Clock()
    budget = Budget(Limits(seconds=5), clock)
    clock.now = 5.1
    with pytest.raises(LimitReached) as reached:
        budget.spend(0) if work == "spend" else getattr(budget, work)()
    assert reached.value.reason is Reason.TIME_LIMIT


def test_what_is_held_leaves_less_room_until_it_is_given_back() -> None:
    budget = Budget(Limits(), Clock())
    budget.hold(HELD - 5)
    assert budget.room() == 5
    budget.hold(10)
    assert budget.room() == 0
    budget.hold(-HELD - 5)
    assert budget.room() == HELD
