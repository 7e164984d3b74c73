"""Behaviour of rules about members of containers."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clearward.core.part import Member
from clearward.core.reasons import NONE, Reason
from clearward.native.errors import BadImage
from clearward.rules.clamav.members import read_member
from clearward.rules.listing import write_rows
from clearward.rules.members import Container, Members, row_of

ZIP = Container({"CL_TYPE_ANY", "CL_TYPE_ZIP"}, 500)
MEMBER = Member(2, 10, 100, encrypted=True)
ROW = [0, None, None, None, None, None, None, None]


def rules(*lines: str) -> Members:
    rows = [row_of(n, read_member(line, n)) for n, line in enumerate(lines)]
    return Members(write_rows(rows), len(lines))


def fits(line: str, name: bytes = b"d/a.exe") -> bool:
    return rules("x:" + line).match(ZIP, name, MEMBER) == ([0], NONE)


@pytest.mark.parametrize(
    "line",
    [
        "*:*:*:*:*:*:*:*:*",
        "CL_TYPE_ZIP:500:a\\.exe$:10:100:1:2:*:*",
        "CL_TYPE_ANY:1-999:^d/:0-10:100-100:*:0-2:ffffffff:*",
        "*:*:(?i)A\\.E:*:*:*:*:*:*",
    ],
)
def test_a_rule_matches_if_all_its_fields_fit(line: str) -> None:
    assert fits(line)


@pytest.mark.parametrize(
    "line",
    [
        "CL_TYPE_7Z:*:*:*:*:*:*:*:*",
        "*:499:*:*:*:*:*:*:*",
        "*:*:A\\.exe:*:*:*:*:*:*",
        "*:*:*:11:*:*:*:*:*",
        "*:*:*:*:1-99:*:*:*:*",
        "*:*:*:*:*:0:*:*:*",
        "*:*:*:*:*:*:1:*:*",
    ],
)
def test_a_rule_of_which_one_field_does_not_fit_does_not_match(line: str) -> None:
    assert not fits(line)


def test_what_is_not_known_fits_no_number() -> None:
    member = Member(0, 0, None)
    assert rules("x:*:*:*:*:1:*:*:*:*").match(ZIP, b"", member) == ([], NONE)
    around = Container((), None)
    assert rules("x:*:1:*:*:*:*:*:*:*").match(around, b"", MEMBER) == ([], NONE)


def test_an_expression_that_takes_too_long_is_told() -> None:
    slow = rules("x:*:*:^((a|a)*(a|a)*)*((a|aa)*)*$:*:*:*:*:*:*", "y:*:*:*:*:*:*:*:*:*")
    assert slow.match(ZIP, b"a" * 200 + b"b", MEMBER) == ([1], Reason.TIME_LIMIT)


@pytest.mark.parametrize(
    ("field", "wrong"),
    [(0, 3), (0, -1), (1, 7), (2, [1]), (3, "("), (3, 1), (6, 1), (7, "1")],
)
def test_a_row_that_is_not_sound_is_refused(field: int, wrong: object) -> None:
    row = list[object](ROW)
    Members(write_rows([row]), 3)
    row[field] = wrong
    with pytest.raises(BadImage):
        Members(write_rows([row]), 3)


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3),
    max_leaves=4,
)


@given(st.lists(st.lists(VALUES, min_size=8, max_size=8), max_size=3))
def test_any_json_is_rules_or_refused(rows: list[list[object]]) -> None:
    try:
        members = Members(json.dumps(rows).encode(), 5)
    except BadImage:
        return
    members.match(ZIP, b"name", MEMBER)
