"""Behaviour of lists of icons: how like two are, and what groups they are in."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clearward.core.icon import read
from clearward.native.errors import BadImage
from clearward.rules.clamav.listed import Icon as Line
from clearward.rules.icons import Icons, confidence, is_like, row_of
from clearward.rules.listing import write_rows

# Pairs of icons, and how sure clamscan is; null if they are not alike for it.
PAIRS = [
    (pair["icon"], pair["listed"], pair["confidence"])
    for pair in json.loads(
        Path(__file__).with_name("icon_pairs.json").read_text("ascii")
    )["pairs"]
]
KNOWN = PAIRS[0][0]


def listed(*lines: tuple[str, str, str]) -> Icons:
    rows = [row_of(Line("n", *line)) for line in lines]
    return Icons(write_rows(rows))


@pytest.mark.parametrize(("icon", "known", "sure"), PAIRS)
def test_icons_are_as_like_as_clamscan_says(
    icon: str, known: str, sure: int | None
) -> None:
    assert is_like(read(icon), read(known)) is (sure is not None)
    if sure is not None:
        assert confidence(read(icon), read(known)) == sure


def test_icons_of_different_sizes_are_not_alike() -> None:
    other = read("18" + KNOWN[2:])
    assert read(KNOWN).side != other.side
    assert not is_like(read(KNOWN), other)


@pytest.mark.parametrize(
    ("groups", "found"),
    [
        (("A", ""), True),
        (("", "B"), True),
        (("A", "B"), True),
        (("*", ""), True),
        (("A", "D"), False),  # both have to be those of one line
        (("B", ""), False),
        (("a", ""), False),
        (("", ""), False),
    ],
)
def test_groups_are_asked_for_as_they_stand_in_one_line(
    groups: tuple[str, str], *, found: bool
) -> None:
    other = PAIRS[-1][0]
    known = listed(("A", "B", KNOWN), ("C", "D", other))
    assert (read(KNOWN) in known.asked(groups)) is found


@pytest.mark.parametrize(
    "row",
    [
        ["A", "B"],
        ["A", "B", 5],
        ["A", 5, KNOWN],
        ["A", "B", KNOWN[:-1]],
        ["A", "B", "11" + KNOWN[2:]],
        ["A", "B", "xx" + KNOWN[2:]],
    ],
)
def test_a_list_that_is_none_is_refused(row: list[object]) -> None:
    with pytest.raises(BadImage):
        Icons(json.dumps([row]).encode())


@given(st.integers(0), st.sampled_from("0123456789abcdef"))
def test_an_icon_is_like_itself_and_never_more_than_that(at: int, digit: str) -> None:
    place = 2 + at % (len(KNOWN) - 2)
    changed = read(KNOWN[:place] + digit + KNOWN[place + 1 :])
    assert is_like(changed, changed)
    assert 0 <= confidence(read(KNOWN), changed) <= 100
