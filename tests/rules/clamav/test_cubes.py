"""Behaviour of sets of bytes."""

from hypothesis import given
from hypothesis import strategies as st

from clearward.rules.clamav.cubes import cubes, one_of
from clearward.rules.clamav.model import Bytes, Choice, Masked


@given(st.frozensets(st.integers(0, 255)))
def test_the_parts_of_a_set_find_its_bytes_and_no_other(wanted: frozenset[int]) -> None:
    parts = cubes(wanted)
    found = [
        byte for byte in range(256) for value, mask in parts if byte & mask == value
    ]
    assert found == sorted(wanted)


def test_a_run_of_bytes_is_one_part() -> None:
    assert cubes(frozenset(range(256))) == [(0, 0)]
    assert cubes(frozenset(range(0x40, 0x60))) == [(0x40, 0xE0)]


def test_a_set_is_a_choice_of_bytes_and_masks() -> None:
    assert one_of(frozenset(b"ab\x10"), negated=True) == Choice(
        ((Bytes(b"\x10"),), (Bytes(b"a"),), (Bytes(b"b"),)), negated=True
    )
    assert one_of(frozenset(b"bc")) == Choice(((Masked(b"b", b"\xfe"),),))
