"""Behaviour of the words about remembered verdicts."""

import pytest

from clearward.faces.cli.cache_words import age


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (0, "0 seconds"),
        (59, "59 seconds"),
        (90, "1.5 minutes"),
        (7200, "2.0 hours"),
        (10 * 86_400, "10.0 days"),
    ],
)
def test_an_age_is_told_in_its_largest_unit(seconds: float, said: str) -> None:
    assert age(seconds) == said
