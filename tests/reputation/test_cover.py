"""Which buckets hide the one that is needed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clearward.core.errors import Refused
from clearward.reputation.cover import MOST, covered, others
from clearward.reputation.records import PREFIXES

SECRETS = st.binary(min_size=32, max_size=32)
NUMBERS = st.integers(0, PREFIXES - 1)


@given(SECRETS, NUMBERS, st.integers(0, MOST))
def test_others_are_as_many_as_asked_for_and_none_is_the_one(
    secret: bytes, prefix: int, count: int
) -> None:
    found = others(secret, prefix, count)
    assert len(set(found)) == len(found) == count
    assert prefix not in found
    assert set(found) <= set(range(PREFIXES))


@given(SECRETS, NUMBERS)
def test_they_are_the_same_every_time(secret: bytes, prefix: int) -> None:
    # Else what two requests have in common would be what was needed.
    assert others(secret, prefix, 5) == others(secret, prefix, 5)


def test_another_machine_or_prefix_has_others() -> None:
    found = {tuple(others(bytes([one]) * 32, 7, 5)) for one in range(50)}
    found |= {tuple(others(bytes(32), one, 5)) for one in range(8, 50)}
    assert len(found) == 92


@given(SECRETS, st.sets(NUMBERS, max_size=5), st.integers(0, 5))
def test_all_are_fetched_in_an_order_that_says_nothing(
    secret: bytes, needed: set[int], count: int
) -> None:
    found = covered(secret, needed, count)
    assert found == sorted(set(found))
    assert needed <= set(found)
    assert len(found) <= len(needed) * (1 + count)
    assert covered(secret, sorted(needed, reverse=True), count) == found


@pytest.mark.parametrize("count", [-1, MOST + 1])
def test_other_numbers_are_refused(count: int) -> None:
    with pytest.raises(Refused):
        others(bytes(32), 0, count)
