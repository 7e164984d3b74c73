"""One exclusion: it has an end, and ends."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clearward.stores.exclusions.exclusion import LONGEST, Exclusion, seconds

DAY = 86_400
ROW = {"name": "Some.Rule", "begins": 100, "until": 200, "reason": "why"}

anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from([*ROW, "more"]), inner, max_size=5)
    ),
    max_leaves=8,
)


def test_it_holds_from_its_beginning_to_its_end() -> None:
    one = Exclusion("Some.Rule", 100, 200)
    assert [one.holds(now) for now in (99.9, 100, 199.9, 200)] == [
        *(False, True),
        *(True, False),
    ]


def test_a_clock_that_was_set_back_does_not_prolong_it() -> None:
    assert not Exclusion("Some.Rule", 10 * DAY, 11 * DAY).holds(9 * DAY)


@pytest.mark.parametrize("until", [99, 100, 101 + LONGEST])
def test_it_has_an_end_and_not_a_far_one(until: int) -> None:
    with pytest.raises(ValueError, match="time"):
        Exclusion("Some.Rule", 100, until)


@pytest.mark.parametrize("name", ["", "two words", "\x1b[2J", "ü", "x" * 129])
def test_a_name_that_no_rule_can_have_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="name"):
        Exclusion(name, 1, 2)


@pytest.mark.parametrize(
    ("text", "count"),
    [("1s", 1), ("90m", 5400), ("12h", 43_200), ("7d", 7 * DAY), ("90d", LONGEST)],
)
def test_a_time_is_a_number_with_a_unit(text: str, count: int) -> None:
    assert seconds(text) == count


@pytest.mark.parametrize(
    "text",
    ["", "7", "d", "0d", "-1d", "1.5d", "7 d", "7D", "91d", "2161h", "1d1d", "٣d"],
)
def test_any_other_time_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"number|90d"):
        seconds(text)


def test_what_is_kept_is_read_again() -> None:
    assert Exclusion.of(ROW).fields() == ROW
    assert Exclusion("ab" * 32, 1, 2).row()["kind"] == "sha256"
    assert Exclusion.of(ROW).row()["kind"] == "rule"


@given(anything)
def test_anything_else_is_no_exclusion(row: object) -> None:
    try:
        made = Exclusion.of(row)
    except ValueError:
        return
    assert made.fields() == row
