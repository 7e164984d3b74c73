"""What look-ups reveal, beside the figures that were worked out by hand."""

import math
import random

import pytest

from clearward.reputation import revealed
from clearward.reputation.revealed import ratio


@pytest.mark.parametrize(
    ("bits", "seen", "times"),
    [(12, 15, 273), (20, 1_000_000, 1.6), (20, 15, 70_000), (12, 1, 4096)],
)
def test_the_ratio_is_that_of_the_design(bits: int, seen: int, times: float) -> None:
    assert ratio(2**-bits, seen) == pytest.approx(times, rel=0.02)


def test_the_ratio_is_what_an_observer_would_count() -> None:
    # How often has a machine without a file that file's prefix among what it fetches?
    chance = random.Random(20261124)  # noqa: S311 - the same every time
    tries, fetched = 10_000, 64
    seen = sum(
        7 in {chance.randrange(4096) for _ in range(fetched)} for _ in range(tries)
    )
    assert tries / seen == pytest.approx(ratio(1 / 4096, fetched), rel=0.2)


def test_nothing_reveals_nothing() -> None:
    for way in (
        revealed.nothing(),
        revealed.fetched(4),
        revealed.buckets(1000, 0, 0, 99),
        revealed.retrieval(1000, 0),
    ):
        assert (way.file_bits, way.any_bits) == (0, 0)


def test_one_bucket_is_12_bits_and_three_others_take_two_away() -> None:
    assert revealed.buckets(1, 1, 1, 99).file_bits == pytest.approx(12)
    assert revealed.buckets(1, 1, 4, 99).file_bits == pytest.approx(10, abs=0.01)


def test_that_anything_is_asked_says_less_the_more_was_looked_up() -> None:
    one = revealed.buckets(1, 1, 4, 99).any_bits
    many = revealed.buckets(65_536, 1, 4, 99).any_bits
    assert one == pytest.approx(16)
    assert many == pytest.approx(-math.log2(1 - 1 / math.e), abs=0.001)


def test_retrieval_hides_which_but_not_that_anything_is_asked() -> None:
    way = revealed.retrieval(2, 1)
    assert way.file_bits == 0
    assert way.any_bits == pytest.approx(15, abs=0.01)
