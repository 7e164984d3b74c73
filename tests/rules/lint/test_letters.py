"""Text as it is compared."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from clearward.rules.lint.letters import folded, folded_lines, has_no_words


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("TOP  secret", "top secret"),
        ("t0p_s3cr3t", "top secret"),
        ("TRÈS-SECRET", "tres secret"),
        ("\u0422\u041e\u0420 SECRET", "top secret"),
        ("T.O.P S.E.C.R.E.T", "topsecret"),
        (
            "\U0001d57f\U0001d57a\U0001d57b \u24c8\u24ba\u24b8\u24c7\u24ba\u24c9",
            "top secret",
        ),
        ("a b", "a b"),
        ("", ""),
    ],
)
def test_what_is_read_alike_is_one(text: str, expected: str) -> None:
    assert folded(text) == expected


def test_texts_stay_apart() -> None:
    assert folded_lines(("top", "secret")) == " top \n secret \n"


def test_a_newline_inside_a_text_does_not_part_it() -> None:
    assert folded_lines(("top\nsecret",)) == " top secret \n"


def test_scripts_without_spaces_are_known() -> None:
    assert has_no_words("\u7edd\u5bc6")
    assert not has_no_words("TOP SECRET")


@given(st.text())
@example("\U0001d56c")
def test_any_text_is_one_line_of_small_letters(text: str) -> None:
    made = folded(text)
    assert "\n" not in made
    assert not any(one.isupper() and one.isascii() for one in made)
