"""The file of a filter is whole, or it is refused."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.digests import digest, made, written

from clearward.core.errors import Malformed
from clearward.reputation.filter_file import Filter, seed

FILE = made(one=written(*range(30))).filter()


def test_a_filter_comes_back_and_misses_no_member() -> None:
    read = Filter.parse(FILE)
    assert read.to_bytes() == FILE
    assert read.has(b"".join(map(digest, range(30)))) == b"\1" * 30
    assert read.has(b"") == b""


def test_the_bytes_stay_what_they_are() -> None:
    # What others have built has to come out the same in every later version.
    assert hashlib.sha256(FILE).hexdigest() == (
        "183cca94ac99cc960f36dfcb30778acee24c29ae40de30300be6cfb95a97f239"
    )


@given(st.integers(0, len(FILE) - 1), st.integers(1, 255))
def test_a_changed_byte_is_seen(place: int, change: int) -> None:
    data = bytearray(FILE)
    data[place] ^= change
    with pytest.raises(Malformed):
        Filter.parse(bytes(data))


def test_a_cut_filter_is_refused() -> None:
    for length in range(len(FILE)):
        with pytest.raises(Malformed):
            Filter.parse(FILE[:length])


@given(
    st.sampled_from([b"", b"CWFUSE16"]),
    st.binary(max_size=200) | st.binary(min_size=56, max_size=56),
    st.integers(0, 400),
)
def test_other_bytes_are_no_filter(magic: bytes, body: bytes, zeros: int) -> None:
    data = magic + body + bytes(zeros)
    for one in (data, data + hashlib.sha256(data).digest()):
        try:
            read = Filter.parse(one)
        except Malformed as error:
            assert 0 <= error.offset <= len(one)
        else:
            assert read.to_bytes() == one


@pytest.mark.parametrize(
    ("place", "value", "field"),
    [
        (8, 1_000, "number"),
        (12, 1 << 20, "shape"),
        (12, 0, "shape"),
        (16, 1 << 31, "shape"),
        (20, 1, "number"),
        (24, 31_000_000, "shape"),
    ],
)
def test_numbers_that_do_not_fit_are_refused_though_the_sum_is_right(
    place: int, value: int, field: str
) -> None:
    data = bytearray(FILE[:-32])
    data[place : place + 4] = value.to_bytes(4, "little")
    with pytest.raises(Malformed) as caught:
        Filter.parse(bytes(data) + hashlib.sha256(data).digest())
    assert caught.value.field == field


def test_every_set_has_seeds_of_its_own() -> None:
    assert len({seed(bytes([one]) * 32, n) for one in range(9) for n in range(9)}) == 81
