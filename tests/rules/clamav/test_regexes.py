"""Behaviour of the regular expressions of signatures."""

import contextlib
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clearward.rules.clamav.regexes import compile_regex


def starts(pattern: str, flags: str, data: bytes, start: int = 0) -> list[int]:
    compiled = compile_regex(pattern, flags)
    return list(compiled.starts(data, start, len(data), seconds=1))


@pytest.mark.parametrize(
    ("pattern", "data"),
    [
        (r"a\h+b", b"a \tb"),
        (r"[\h]b", b"\tb"),
        (r"[^\v]b", b"ab"),
        (r"\Hb", b"ab"),
        (r"\x{41}\x42", b"AB"),
        (r"\Qa.b*\E+", b"a.b**"),
        (r"a\/b", b"a/b"),
        (r"\i\y", b"iy"),
        (r"[]a]{2}", b"]a"),
        (r"[^]a]", b"b"),
        (r"[[:alpha:]]{3}", b"abc"),
        (r"[[a]+", b"[a"),
        (r"(?<n>a)(?P=n)", b"aa"),
        (r"a++b", b"aab"),
        (r"\e\x1B", b"\x1b\x1b"),
        (r"\N", b"\r"),
        ("\xff\x80", b"\xff\x80"),
        (r"(?:a|b(?1)?c){0}(x)\1", b"xx"),
    ],
)
def test_expressions_mean_what_they_mean_for_pcre(pattern: str, data: bytes) -> None:
    assert starts(pattern, "", data) == [0]


@pytest.mark.parametrize(
    ("pattern", "flags", "data", "found"),
    [
        ("ab", "", b"xabab", [1]),
        ("ab", "g", b"xabab", [1, 3]),
        ("aa", "g", b"aaaa", [0, 2]),
        ("AB", "", b"ab", []),
        ("AB", "i", b"ab", [0]),
        ("a.b", "", b"a\nb", []),
        ("a.b", "s", b"a\nb", [0]),
        ("^b", "", b"a\nb", []),
        ("^b", "m", b"a\nb", [2]),
        ("a b # c", "x", b"ab", [0]),
        ("b", "A", b"ab", []),
        ("a$", "", b"a\n", [0]),
        ("a$", "E", b"a\n", []),
        ("[$]", "E", b"$", [0]),
        ("a+", "gU", b"aaa", [0, 1, 2]),
        ("a+?", "gU", b"aaa", [0]),
        ("a{2}", "U", b"aa", [0]),
        ("x*", "g", b"ab", [0, 1, 2]),
    ],
)
def test_flags_do_what_they_say(
    pattern: str, flags: str, data: bytes, found: list[int]
) -> None:
    assert starts(pattern, flags, data) == found


def test_an_anchored_expression_matches_where_the_search_begins() -> None:
    assert starts("b", "A", b"abb") == []
    assert starts("b", "A", b"abb", 1) == [1]


def test_how_an_offset_is_meant_is_told() -> None:
    assert compile_regex("a", "").rolls is False
    assert compile_regex("a", "re").rolls is True
    assert compile_regex("a", "re").confined is True


@pytest.mark.parametrize(
    ("pattern", "flags", "said"),
    [
        ("(", "", "not a regular expression"),
        ("a{99999999999999999999}", "", "not a regular expression"),
        ("a", "q", "no such flag"),
        ("a" * 100_000, "", "too long"),
        ("\u1234", "", "not a regular expression"),
    ],
)
def test_what_cannot_be_compiled_is_refused_in_words(
    pattern: str, flags: str, said: str
) -> None:
    with pytest.raises(ValueError, match=said):
        compile_regex(pattern, flags)


def test_an_expression_that_takes_for_ever_is_a_time_limit() -> None:
    compiled = compile_regex("(a|aa|aaa|a{4})+$", "")
    data = b"a" * 5000 + b"b"
    begun = time.monotonic()
    with pytest.raises(TimeoutError):
        list(compiled.starts(data, 0, len(data), seconds=0.2))
    assert time.monotonic() - begun < 10


@given(st.text(st.characters(max_codepoint=255), max_size=30), st.text("gisemxAEUr"))
def test_any_text_is_an_expression_or_refused(pattern: str, flags: str) -> None:
    try:
        compiled = compile_regex(pattern, flags)
    except ValueError:
        return
    with contextlib.suppress(TimeoutError):
        list(compiled.starts(b"some bytes", 0, 10, seconds=0.5))
