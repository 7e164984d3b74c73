"""Buckets are of one size and hold what their part of the list does."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.digests import digest, digests, made, written

from clearward.core.errors import Malformed
from clearward.reputation import records
from clearward.reputation.bucket import bucket, labels_of, size

LABELS = st.integers(0, 1000)


def test_all_buckets_of_a_set_have_one_size() -> None:
    one = made(one=written(*range(3000)))
    sizes = {len(data) for data in one.buckets()}
    assert sizes == {size(one.head.fullest)}
    assert one.head.fullest > 2


@given(st.lists(st.tuples(digests, LABELS), max_size=20), digests, st.integers(0, 9))
def test_a_bucket_answers_as_the_list_does(
    held: list[tuple[bytes, int]], other: bytes, more: int
) -> None:
    one_prefix = [(b"\xab\xcd" + digest[2:], label) for digest, label in held]
    part = bytearray(b"".join(records.record(*one) for one in one_prefix))
    records.order(part)
    count = len(part) // records.WIDTH
    data = bucket(memoryview(part), count + more)
    assert len(data) == size(count + more)
    for asked in (b"\xab\xcd" + other[2:], *(one for one, _ in one_prefix)):
        assert labels_of(data, asked) == records.labels_of(bytes(part), asked)


def test_a_tail_across_two_records_is_none() -> None:
    part = memoryview(records.record(digest(1), 1) + records.record(digest(2), 2))
    data = bucket(part, 2)
    shifted = b"\0" + data[5:21] + bytes(15)
    assert labels_of(data, shifted) == ()


@given(st.binary(max_size=100), digests)
def test_other_bytes_are_no_bucket_or_hold_what_they_say(
    data: bytes, asked: bytes
) -> None:
    try:
        labels = labels_of(data, asked)
    except Malformed as error:
        assert 0 <= error.offset <= max(len(data), size(0xFFFFFFFF))
    else:
        assert len(labels) <= int.from_bytes(data[:4], "little")


@pytest.mark.parametrize(
    ("data", "field"),
    [
        (b"", "length"),
        (b"\1\0\0\0", "length"),
        (b"\0\0\0\0\0", "length"),
        (b"\0\0\0\0" + b"\1".ljust(20, b"\0"), "padding"),
    ],
)
def test_damage_is_told(data: bytes, field: str) -> None:
    with pytest.raises(Malformed) as caught:
        labels_of(data, digest(1))
    assert caught.value.field == field
