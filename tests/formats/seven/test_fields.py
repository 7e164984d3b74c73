"""Behaviour of the reader of a 7z header's fields."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clearward.core.errors import Malformed
from clearward.formats.seven.fields import Fields


def stored(value: int, more: int) -> bytes:
    """A number in 1 + `more` bytes."""
    first = 0xFF00 >> more & 0xFF | (value >> 8 * more if more < 8 else 0)
    return bytes((first,)) + (value & (1 << 8 * more) - 1).to_bytes(more, "little")


@given(st.integers(0, 8), st.data())
def test_numbers_of_every_length_are_read(more: int, draw: st.DataObject) -> None:
    most = (1 << min(7 * (more + 1), 64)) - 1
    value = draw.draw(st.integers(0, most))
    fields = Fields(stored(value, more) + b"next", 0)
    assert fields.number() == value
    assert fields.take(4) == b"next"


def test_bits_come_from_the_highest_on() -> None:
    fields = Fields(b"\xa0\x80", 0)
    assert fields.bits(9) == [True, False, True, *[False] * 5, True]
    assert fields.left == 0


def test_digests_may_be_missing() -> None:
    some = Fields(b"\0\x40\1\0\0\0", 0)
    assert some.digests(3) == [None, 1, None]
    every = Fields(b"\1\2\0\0\0\3\0\0\0", 0)
    assert every.digests(2) == [2, 3]


def test_an_attribute_is_passed_over() -> None:
    fields = Fields(b"\3abcd", 0)
    fields.skip_attribute()
    assert fields.take(1) == b"d"


@pytest.mark.parametrize("data", [b"", b"\x80", b"\xff\0\0\0\0\0\0\0", b"\xc0\1"])
def test_a_number_that_is_cut_is_refused(data: bytes) -> None:
    with pytest.raises(Malformed) as caught:
        Fields(data, 7).number()
    assert caught.value.offset == 7


def test_a_count_is_bounded_by_what_is_left() -> None:
    assert Fields(b"\2aabb", 0).count("things", least=2) == 2
    with pytest.raises(Malformed):
        Fields(b"\3aabb", 0).count("things", least=2)


def test_no_more_is_taken_than_there_is() -> None:
    with pytest.raises(Malformed):
        Fields(b"abc", 0).take(2**64)
