"""The filter never misses a member and follows from the set alone."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.digests import digest, digests

from clearward.reputation import fuse
from clearward.reputation.fuse import MOST_DIGESTS, Shape

WIDTH = 32
SEEDS = st.integers(0, (1 << 64) - 1)
SETS = st.sets(digests, max_size=60).map(lambda one: b"".join(sorted(one)))


def built(records: bytes, first: int) -> tuple[bytes, int, Shape]:
    """Slots, and the first seed from one on that serves."""
    shape = Shape.of(len(records) // WIDTH)
    for seed in range(first, first + 1_000):
        slots = fuse.build(records, WIDTH, seed % (1 << 64), shape)
        if slots is not None:
            return slots, seed % (1 << 64), shape
    raise AssertionError("no seed serves")


def _random(count: int) -> bytes:
    """Digests that come out the same every time."""
    return random.Random(20261124).randbytes(WIDTH * count)  # noqa: S311


@given(SETS, SEEDS)
def test_no_member_is_missed(records: bytes, seed: int) -> None:
    slots, used, shape = built(records, seed)
    count = len(records) // WIDTH
    assert fuse.has(slots, records, WIDTH, used, shape) == b"\1" * count


@given(SETS, SEEDS)
def test_what_is_compiled_gives_the_same_bytes_as_python(
    records: bytes, seed: int
) -> None:
    shape = Shape.of(len(records) // WIDTH)
    compiled = fuse.build(records, WIDTH, seed, shape)
    assert compiled == fuse.built_plainly(records, WIDTH, seed, shape)


@given(SETS, digests, SEEDS)
def test_what_is_compiled_answers_as_python_does(
    records: bytes, other: bytes, seed: int
) -> None:
    slots, used, shape = built(records, seed)
    asked = records + other
    answers = fuse.has(slots, asked, WIDTH, used, shape)
    assert answers == fuse.asked_plainly(slots, asked, WIDTH, used, shape)


def test_a_large_set_gives_the_same_bytes_as_python() -> None:
    records = b"".join(sorted(map(digest, range(20_000))))
    shape = Shape.of(20_000)
    slots = fuse.build(records, WIDTH, 1, shape)
    assert slots is not None
    assert slots == fuse.built_plainly(records, WIDTH, 1, shape)


@given(SETS.filter(bool), SEEDS, st.randoms(use_true_random=False))
def test_the_order_of_the_digests_does_not_matter(
    records: bytes, seed: int, chance: random.Random
) -> None:
    each = [records[at : at + WIDTH] for at in range(0, len(records), WIDTH)]
    chance.shuffle(each)
    shape = Shape.of(len(each))
    again = fuse.build(b"".join(each), WIDTH, seed, shape)
    assert again == fuse.build(records, WIDTH, seed, shape)


def test_one_other_digest_in_65536_is_taken_for_a_member() -> None:
    records = b"".join(sorted(map(digest, range(10_000))))
    slots, used, shape = built(records, 7)
    others = _random(2_000_000)
    false = sum(fuse.has(slots, others, WIDTH, used, shape))
    assert 5 <= false <= 70  # 30.5 are expected; five times the deviation is 28


@pytest.mark.parametrize("count", [1 << bits for bits in range(31)])
def test_a_shape_has_the_size_that_the_paper_gives(count: int) -> None:
    count = min(count, MOST_DIGESTS)
    shape = Shape.of(count)
    assert shape.segment.bit_count() == 1
    assert shape.segment <= 1 << 18
    assert shape.slots >= max(count, 1)
    if count > 1_000_000:
        assert 1.12 < shape.slots / count < 1.2


def test_ten_million_digests_take_23_megabytes() -> None:
    assert Shape.of(10_000_000).slots * 2 < 23_000_000


@pytest.mark.parametrize("count", [-1, MOST_DIGESTS + 1])
def test_there_is_no_shape_for_other_numbers(count: int) -> None:
    with pytest.raises(ValueError):
        Shape.of(count)


def test_digests_that_begin_alike_are_one_key() -> None:
    front = b"12345678"
    records = b"".join(sorted(front + bytes([one]) * 24 for one in range(50)))
    slots, used, shape = built(records, 0)
    assert slots == fuse.built_plainly(records, WIDTH, used, shape)
    assert fuse.has(slots, records, WIDTH, used, shape) == b"\1" * 50


@settings(max_examples=50)
@given(
    st.binary(max_size=200),
    st.integers(-1, 40),
    st.integers(0, 1 << 33),
    st.integers(0, 1 << 33),
)
def test_the_compiled_module_takes_no_records_or_shapes_that_do_not_fit(
    records: bytes, width: int, segment: int, segments: int
) -> None:
    compiled = pytest.importorskip("clearward.reputation._compiled")
    sound = segment.bit_count() == 1 and 2 <= segment <= 1 << 18 and segments > 0
    if sound and segments * segment < 1 << 20 and width >= 8:
        return  # that is an order for it
    try:
        compiled.has(b"", records, width, 0, segment % (1 << 32), segments % (1 << 32))
    except ValueError:
        return
    raise AssertionError("it took them")
