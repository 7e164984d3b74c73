"""Behaviour of fields that several kinds have."""

import pytest

from clearward.rules.clamav.fault import LeftOut, Why, Wrong
from clearward.rules.clamav.fields import (
    LEVEL,
    demand_level,
    demand_strict_level,
    level_of,
    name,
    number,
)


@pytest.mark.parametrize(
    ("least", "most"),
    [
        (None, None),
        ("", None),
        (str(LEVEL), None),
        ("x", None),
        ("51", "255"),
        ("", "999"),
    ],
)
def test_a_line_for_this_level_is_read(least: str | None, most: str | None) -> None:
    demand_level(least, most)


@pytest.mark.parametrize(
    ("least", "most"),
    [(str(LEVEL + 1), None), ("9" * 30, None), ("", "50"), ("", ""), ("1", "x")],
)
def test_a_line_for_other_levels_is_left_out(least: str, most: str | None) -> None:
    with pytest.raises(LeftOut) as caught:
        demand_level(least, most)
    assert caught.value.why is Why.LEVEL


@pytest.mark.parametrize(("least", "most", "field"), [("x", None, 5), ("1", "2x", 6)])
def test_where_levels_are_strict_they_are_numbers(
    least: str, most: str | None, field: int
) -> None:
    with pytest.raises(Wrong) as caught:
        demand_strict_level(least, most, 5)
    assert caught.value.field == field


def test_an_empty_strict_level_says_nothing() -> None:
    demand_strict_level("", None, 5)


@pytest.mark.parametrize("text", ["", "-1", "+1", " 1", "1 ", "0x1", "1" * 20, "²"])
def test_a_number_is_decimal_digits(text: str) -> None:
    with pytest.raises(Wrong, match="size is not a number"):
        number(text, "size", 2)


def test_a_level_is_what_it_begins_with() -> None:
    assert [level_of(text) for text in ("73", "73x", "x", "")] == [73, 73, 0, 0]


def test_a_name_may_be_of_any_script() -> None:
    assert name("Win.Test-1") == "Win.Test-1"
    assert name("ж".encode().decode("latin-1")) == "ж"
    assert name("\xff") == "\N{REPLACEMENT CHARACTER}"
    with pytest.raises(Wrong, match="no name"):
        name("", 3)
