"""Tests of clearward.faces.http.rate."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clearward.faces.http.rate import MOST_BUCKETS, Buckets, Rate


def test_a_burst_is_allowed_and_then_one_at_a_time() -> None:
    buckets = Buckets(Rate(per_second=2, burst=3))
    assert [buckets.take("a", 0.0) for _ in range(4)] == [0, 0, 0, 0.5]
    assert buckets.take("a", 0.5) == 0
    assert buckets.take("a", 0.5) == 0.5


def test_each_has_a_bucket_of_its_own() -> None:
    buckets = Buckets(Rate(per_second=1, burst=1))
    assert buckets.take("a", 0.0) == 0
    assert buckets.take("b", 0.0) == 0
    assert buckets.take("a", 0.0) > 0


def test_waiting_takes_nothing() -> None:
    buckets = Buckets(Rate(per_second=1, burst=1))
    assert [buckets.wait("a", 0.0) for _ in range(5)] == [0] * 5


def test_the_table_does_not_grow_without_end() -> None:
    buckets = Buckets(Rate(per_second=1, burst=1))
    for number in range(MOST_BUCKETS + 50):
        buckets.take(f"{number}", 0.0)
    assert buckets.take(f"{MOST_BUCKETS + 49}", 0.0) > 0
    assert buckets.take("0", 0.0) == 0  # it was forgotten


@given(st.lists(st.floats(0, 1000), max_size=50), st.integers(1, 5))
def test_never_more_than_burst_and_rate_allow(times: list[float], burst: int) -> None:
    buckets = Buckets(Rate(per_second=1, burst=burst))
    taken = [now for now in sorted(times) if not buckets.take("a", now)]
    for first, start in enumerate(taken):
        for count, end in enumerate(taken[first:], 1):
            assert count <= burst + (end - start) + 1e-6


@pytest.mark.parametrize(("per_second", "burst"), [(0, 1), (-1, 1), (1, 0)])
def test_a_rate_of_nothing_is_refused(per_second: float, burst: int) -> None:
    with pytest.raises(ValueError, match="rate"):
        Rate(per_second, burst)
