"""Strings of YARA as text and bytes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clearward.rules.lint.patterns import hexadecimal, plain, regex


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (r"a\x41\n\t\"", 'aA\n\t"'),
        (r"C:\\x", r"C:\x"),
        ("plain", "plain"),
    ],
)
def test_escapes_of_text_are_read(text: str, expected: str) -> None:
    assert plain(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{ 41 42 }", [0x41, 0x42]),
        ("{ 41 ?? 4? ~43 44 }", [0x41, None, None, None, 0x44]),
        ("{ 41 [2-4] 42 }", [0x41, None, 0x42]),
        ("{ 41 (42 | 43 44) 45 }", [0x41, 0x42, 0x45]),
        ("{ 41 // 42\n 43 /* 44 */ }", [0x41, 0x43]),
    ],
)
def test_bytes_are_read(text: str, expected: list[int | None]) -> None:
    assert [one for one in hexadecimal(text) if one is not None] == [
        one for one in expected if one is not None
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (r"TOP\s+SECRET", "TOP SECRET"),
        (r"[Tt]op[ _]secret", "Top secret"),
        (r"\x54OP", "TOP"),
        (r"a{2,3}b", "ab"),
        (r"one|two", "one\ntwo"),
        (r"(?:a)(b)?c", "abc"),
    ],
)
def test_an_expression_is_read_as_one_text(text: str, expected: str) -> None:
    assert regex(text) == expected


@given(st.text())
def test_any_text_is_read(text: str) -> None:
    plain(text)
    regex(text)
    assert all(one is None or one <= 0xFF for one in hexadecimal(text))
