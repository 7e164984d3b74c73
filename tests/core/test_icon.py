"""Behaviour of the looks of an icon as digits."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clearward.core.icon import Area, read

DIGITS = (
    "10"
    + "fe80102" * 3
    + "0010a0b" * 3
    + "ff0304" * 3
    + "000506" * 3
    + "7f0708" * 3
    + "01090a" * 3
    + "21221d06"
)


def test_digits_say_where_which_areas_are() -> None:
    icon = read(DIGITS)
    assert icon.side == 16
    assert icon.colours == (Area(0xFE8, 1, 2),) * 3
    assert icon.greys == (Area(1, 10, 11),) * 3
    assert icon.bright == (Area(255, 3, 4),) * 3
    assert icon.dark == (Area(0, 5, 6),) * 3
    assert icon.edges == (Area(127, 7, 8),) * 3
    assert icon.plain == (Area(1, 9, 10),) * 3
    assert icon.spread == (0x21, 0x22, 0x1D, 6)
    assert icon.is_coloured
    assert not read(DIGITS[:-2] + "00").is_coloured


@pytest.mark.parametrize("digits", ["", DIGITS[:-1], DIGITS + "0", "11" + DIGITS[2:]])
def test_other_digits_are_refused(digits: str) -> None:
    with pytest.raises(ValueError, match=r"digits|icon"):
        read(digits)


@given(st.text("0123456789abcdef", min_size=122, max_size=122))
def test_digits_come_back(digits: str) -> None:
    assert str(read("18" + digits)) == "18" + digits
