"""Behaviour of the verdict."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clearward.core.reasons import ALL, NONE, Reason
from clearward.core.verdict import (
    MAX_RULES,
    Outcome,
    Verdict,
    never_opened,
    outcome_of,
)


@given(st.lists(st.integers(0, 100), max_size=4), st.integers(0, int(ALL)))
def test_a_match_wins_over_a_gap_and_a_gap_is_never_clean(
    rules: list[int], mask: int
) -> None:
    outcome = Verdict(tuple(rules), Reason(mask)).outcome
    if rules:
        assert outcome is Outcome.FOUND
    elif mask:
        assert outcome is Outcome.UNSCANNED
    else:
        assert outcome is Outcome.CLEAN


@pytest.mark.parametrize("reason", list(Reason))
def test_any_single_reason_is_enough_not_to_be_clean(reason: Reason) -> None:
    assert outcome_of((), reason) is Outcome.UNSCANNED


def test_there_are_three_outcomes() -> None:
    assert [outcome.value for outcome in Outcome] == ["clean", "found", "unscanned"]


def test_a_verdict_holds_a_bounded_number_of_rules() -> None:
    Verdict(tuple(range(MAX_RULES)), rules_cut=True)
    with pytest.raises(ValueError):
        Verdict(tuple(range(MAX_RULES + 1)))


def test_a_reason_outside_the_vocabulary_is_refused() -> None:
    with pytest.raises(ValueError):
        Verdict(reasons=Reason(1 << 15))


@pytest.mark.parametrize("reason", [Reason.EXCLUDED, Reason.PERMISSION])
def test_a_file_that_was_never_opened_has_no_parts(reason: Reason) -> None:
    verdict = never_opened(reason)
    assert (verdict.outcome, verdict.reasons) == (Outcome.UNSCANNED, reason)
    assert (verdict.parts, verdict.depth, verdict.rules) == (0, 0, ())


def test_a_plain_verdict_is_of_one_clean_part() -> None:
    verdict = Verdict()
    assert (verdict.outcome, verdict.parts, verdict.reasons) == (Outcome.CLEAN, 1, NONE)
