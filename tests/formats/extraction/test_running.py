"""Defanging in running text."""

import pytest

from clearward.formats.extraction.running import DOT, refanged


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("evil[.]com", f"evil{DOT}com"),
        ("evil [.] com", f"evil{DOT}com"),
        ("evil .com", f"evil{DOT}com"),
        ("evil dot com", f"evil{DOT}com"),
        ("the .com domain", "the .com domain"),
        ("uses .NET", "uses .NET"),
        ("run .sh", "run .sh"),
        ("polka dot dress", "polka dot dress"),
        (f"a{DOT}com", "a com"),
    ],
)
def test_a_dot_that_was_defanged_is_marked(text: str, said: str) -> None:
    assert refanged(text) == said
