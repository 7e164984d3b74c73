"""Behaviour of the extra field's reader."""

from struct import pack

from hypothesis import given
from hypothesis import strategies as st

from clearward.formats.zip.extra import ALL_ONES, widened

BIG = 1 << 40
OTHER = pack("<HH3s", 0x5455, 3, b"abc")


def zip64(*numbers: int) -> bytes:
    return pack(f"<HH{len(numbers)}Q", 1, 8 * len(numbers), *numbers)


def test_only_fields_that_are_all_ones_are_replaced() -> None:
    assert widened(zip64(BIG), (5, ALL_ONES)) == [5, BIG]


def test_fields_are_replaced_in_their_order() -> None:
    assert widened(OTHER + zip64(BIG, 7), (ALL_ONES, ALL_ONES)) == [BIG, 7]


def test_a_field_without_its_number_stays() -> None:
    assert widened(OTHER, (ALL_ONES,)) == [ALL_ONES]
    assert widened(zip64(BIG)[:-1], (ALL_ONES,)) == [ALL_ONES]


@given(st.binary(max_size=60), st.lists(st.integers(0, ALL_ONES), max_size=3))
def test_arbitrary_bytes_change_only_what_is_all_ones(
    extra: bytes, values: list[int]
) -> None:
    wide = widened(extra, values)
    assert len(wide) == len(values)
    assert all(b == a for a, b in zip(values, wide, strict=True) if a != ALL_ONES)
