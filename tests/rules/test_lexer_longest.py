"""How long a match of a string can be, as far as its text says."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.source import MANY, string

from clearward.rules.lexer import String


@pytest.mark.parametrize(
    ("text", "least", "most"),
    [
        ('"abcd"', 4, 100),
        ('"' + "a" * 1000 + '"', 1000, 20_000),
        ("{ 01 02 }", 2, 20),
        ("{ 01 [100] 02 }", 102, 130),
        ("{ 01 [2-1000] 02 }", 1002, 1030),
        ("{ 01 [-1000] 02 }", 1002, 1030),
        ("{ 01 [ 2 - 0x10 ] 02 }", 18, 50),
        ("{ 01 // [4-]\n 02 /* [-] */ }", 2, 60),
        ("/abc/", 3, 50),
        ("/a?b??c/", 3, 50),
        ("/a{10}b{1,20}c{,30}/", 60, 1000),
        ("/(ab{2}|cd){10}/", 30, 1000),
        ("/(?:a{10}){10}/", 100, 2000),
        ("/[*+{]x/", 2, 50),
        (r"/\*\+\{\[\(/", 5, 60),
        (r"/[\]*]a/", 2, 50),
        (r"/\x2a\x2b/", 2, 50),
        ("/a{2}{3}/", 6, 200),
        ("/^a$|b/", 1, 60),
    ],
)
def test_no_match_is_longer_than_what_is_said(text: str, least: int, most: int) -> None:
    longest = string(text).longest()
    assert longest is not None
    assert least <= longest <= most


@pytest.mark.parametrize(
    "text",
    [
        "{ 01 [4-] 02 }",
        "{ 01 [-] 02 }",
        "{ 01 [x] 02 }",
        "/ab*/",
        "/ab+c/",
        "/ab*?c/",
        "/a{2,}/",
        "/(a{3}){2,}b/",
        "/(?i)abc/",
        "/(?x) (a) {9}/",
        "/(?P<n>a)/",
        "/a{9999999999}/",
        "/(a{99999999}){99999999}/",
        "/[]*]a/",
        "/[^]*]a/",
        "/[[:alpha:]]*/",
        "/a{x}/",
        "/ab)/",
        "/(ab/",
    ],
)
def test_a_match_without_a_bound_or_not_understood_may_be_of_any_length(
    text: str,
) -> None:
    assert string(text).longest() is None


items = st.sampled_from(["a", "b", ".", "[ab]", r"\x61", r"\w", r"\b", "^", "$"])
repeats = st.sampled_from(["", "?", "*", "+", "{3}", "{1,2}", "{,2}", "{2,}", "??"])
regexes = st.recursive(
    items,
    lambda inner: st.one_of(
        st.builds("({}){}".format, inner, repeats),
        st.builds("(?:{}|{})".format, inner, inner),
        st.builds("{}{}".format, inner, inner),
        st.builds("a{}{}".format, repeats, inner),
    ),
    max_leaves=6,
)


@given(regexes, st.text("ab", max_size=60))
def test_no_match_of_a_regex_is_longer_than_what_is_said(regex: str, data: str) -> None:
    longest = string(f"/a{regex}/").longest()
    found = re.search(f"a{regex}".replace("{,", "{0,"), data)
    assert longest is None or found is None or len(found[0]) <= longest


@pytest.mark.parametrize(
    "regex",
    ["(" * MANY, "(a" * MANY + "){999}" * MANY, "a{999999999}" * MANY, "[" * MANY],
)
def test_a_long_regex_is_measured_in_one_go(regex: str) -> None:
    assert String("$a", f"/{regex}/", "").longest() is None
