"""What is left out of a verdict, as it is told."""

from clearward.core.exclusion import Excluded, iso


def test_it_says_which_rule_and_until_when() -> None:
    one = Excluded("Some.Rule", 1_800_000_000)
    assert one.row() == {"name": "Some.Rule", "until": "2027-01-15T08:00:00Z"}
    assert one.words() == (
        "Some.Rule (this rule is excluded until 2027-01-15T08:00:00Z)"
    )


def test_it_says_which_file_if_that_is_excluded() -> None:
    one = Excluded("Some.Rule", 0, "ab" * 32)
    assert one.row()["sha256"] == "ab" * 32
    assert "this file is excluded" in one.words()


def test_times_are_told_in_utc() -> None:
    assert iso(0) == "1970-01-01T00:00:00Z"
