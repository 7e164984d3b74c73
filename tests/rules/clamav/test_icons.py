"""Behaviour of pictures of programs."""

import pytest

from clearward.rules.clamav.fault import Wrong
from clearward.rules.clamav.icons import read_icon
from clearward.rules.clamav.listed import Icon

REST = "0A" * 61


@pytest.mark.parametrize("size", ["10", "18", "20"])
def test_a_picture_is_in_two_groups(size: str) -> None:
    expected = Icon("n", "g1", "", size + REST.lower(), line=2)
    assert read_icon(f"n:g1::{size}{REST}", 2) == expected


@pytest.mark.parametrize(
    ("line", "field"),
    [
        (f"n:g1:10{REST}", 0),
        (f"n:g1:g2:10{REST}:1", 0),
        ("n:g1:g2:", 4),
        (f"n:g1:g2:10{REST}0", 4),
        (f"n:g1:g2:12{REST}", 4),
        (f"n:g1:g2:zz{REST}", 4),
    ],
)
def test_a_wrong_line_names_its_field(line: str, field: int) -> None:
    with pytest.raises(Wrong) as caught:
        read_icon(line, 1)
    assert caught.value.field == field
