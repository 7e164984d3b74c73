"""Behaviour of the lines of a database."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clearward.rules.clamav import lines as module
from clearward.rules.clamav.lines import LONGEST, lines


@given(st.lists(st.text("ab:#", min_size=1, max_size=9), max_size=9), st.booleans())
def test_lines_keep_their_numbers(texts: list[str], last: bool) -> None:  # noqa: FBT001 - hypothesis
    data = "\n".join(texts) + "\n" * last
    expected = [
        (number, text) for number, text in enumerate(texts, 1) if text[0] != "#"
    ]
    assert list(lines(data.encode())) == expected


def test_what_says_nothing_is_counted_and_left_out() -> None:
    assert list(lines(b"\xef\xbb\xbfa\r\r\n\n# b\n\r\nc")) == [(1, "a"), (5, "c")]
    assert list(lines(b"")) == []


def test_every_byte_is_a_character() -> None:
    assert list(lines(b"\xff\x80\x00")) == [(1, "\xff\x80\0")]


def test_a_line_that_is_too_long_is_told_and_the_rest_is_read() -> None:
    text = b"a\n" + b"b" * LONGEST + b"\nc\n" + b"d" * (LONGEST + 1)
    assert list(lines(text)) == [(1, "a"), (2, None), (3, "c"), (4, None)]


def test_blocks_end_where_lines_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_BLOCK", 4)
    assert list(lines(b"abcdef\ngh\n\nij\nk")) == [
        (1, "abcdef"),
        (2, "gh"),
        (4, "ij"),
        (5, "k"),
    ]
