"""Behaviour of sub-signatures that are no bodies."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.clamav import ANY_TEXT

from clearward.native.layout import Where
from clearward.rules.clamav.fault import Wrong
from clearward.rules.clamav.model import Both, Compare, Image, Macro, Place, Regex, Term
from clearward.rules.clamav.special import (
    read_compare,
    read_image,
    read_macro,
    read_regex,
)


def compare(
    sub: int, offset: int, options: str, length: int, *tests: tuple[str, int]
) -> Compare:
    """Return a compare whose form is the first of its options."""
    little, exact = "l" in options, "e" in options
    return Compare(sub, offset, options[0], little, exact, length, tests)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("0(>>5#hl2#=1)", compare(0, 5, "hl", 2, ("=", 1))),
        ("1(<<5#db2#>1)", compare(1, -5, "db", 2, (">", 1))),
        ("0(0#ab2#<1)", compare(0, 0, "ab", 2, ("<", 1))),
        ("0(>>0x5#ib0x4#=0x10)", compare(0, 5, "ibe", 4, ("=", 16))),
        ("0(>>5#hbe2#>1,<5)", compare(0, 5, "hbe", 2, (">", 1), ("<", 5))),
        ("0(>>5#d20#=-1)", compare(0, 5, "d", 20, ("=", -1))),
        ("0(>>5#ebh18#=0X1f)", compare(0, 5, "hbe", 18, ("=", 31))),
    ],
)
def test_a_compare_has_options_and_tests(text: str, expected: Compare) -> None:
    assert read_compare(text, 2) == expected


@pytest.mark.parametrize(
    "text",
    [
        *("", "x", "0(5#hb2#=1)", "0(>5#hb2#=1)", "0(>>#hb2#=1)", "(>>5#hb2#=1)"),
        *("0&0(>>5#hb2#=1)", "0(>>-5#hb2#=1)", "0(>>5#xb2#=1)", "0(>>5#hb#=1)"),
        *("0(>>5#ib3#=1)", "0(>>5#dl2#=1)", "0(>>5#hlb2#=1)", "0(>>5#hb0#=1)"),
        *("0(>>5#hb20#=1)", "0(>>5#ib16#=1)", "0(>>5#db999#=1)", "0(>>5#hhb2#=1)"),
        *("0(>>5#hdb2#=1)", "0(>>5#lbe2#=1)", "0(>>5#hb2#1)", "0(>>5#hb2#=)"),
        *("0(>>5#hb2#)", "0(>>5#hb2)", "0(>>5#hb2#=1", "0(>>5#hb2#=1,<5,>3)"),
        *("0(>>5#hb2#>=1)", "0(>>5#hb2#=9999999999999999999)"),
        *("0(>>0xffffffffffffffff#hb2#=1)", "0(>>5#h2#=1)", "2(>>5#hb2#=1)"),
    ],
)
def test_a_wrong_compare_is_refused(text: str) -> None:
    with pytest.raises(Wrong):
        read_compare(text, 2)


def test_a_macro_has_a_range_and_a_group() -> None:
    assert read_macro("${6-7}12$", 1) == Macro(12, 6, 7)


@pytest.mark.parametrize(
    "text",
    [
        *("${6}12$", "${6-}12$", "${-7}12$", "${x}12$", "${6-7}12", "${6-7}$", "$12$"),
        *("${6-7}32$", "${7-6}12$", ""),
    ],
)
def test_a_wrong_macro_is_refused(text: str) -> None:
    with pytest.raises(Wrong):
        read_macro(text, 1)


def test_a_macro_follows_something() -> None:
    with pytest.raises(Wrong, match="first"):
        read_macro("${6-7}12$", 0)


@pytest.mark.parametrize("end", ["", "#0", "#00"])
def test_a_picture_has_a_hash(end: str) -> None:
    assert read_image(f"fuzzy_img#af2ad01ed42993C7{end}") == Image(
        bytes.fromhex("af2ad01ed42993c7")
    )


@pytest.mark.parametrize(
    "end", ["af2ad01ed42993c7#1", "af2ad01ed42993c7#", "af2ad01ed42993", "", "x" * 16]
)
def test_a_wrong_picture_is_refused(end: str) -> None:
    with pytest.raises(Wrong):
        read_image(f"fuzzy_img#{end}")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("0/abc/", Regex(Term(0), "abc")),
        ("0&1/a/b;:/gi", Regex(Both(Term(0), Term(1)), "a/b;:", "gi")),
        (r"0/a\/b/", Regex(Term(0), r"a\/b")),
        ("5,3:0/abc/e", Regex(Term(0), "abc", "e", Place(Where.START, 5, 3))),
        ("*:0/abc/grerismxAEU", Regex(Term(0), "abc", "grerismxAEU")),
    ],
)
def test_a_regex_has_a_trigger_and_flags(text: str, expected: Regex) -> None:
    assert read_regex(text, 2, 0) == expected


@pytest.mark.parametrize(
    "text",
    [
        "0//",
        "0/abc",
        "/abc/",
        "2/abc/",
        "3/a/",
        "0&/abc/",
        "0/abc/k",
        "EP+0:0/a/",
        "0/a/::i",
    ],
)
def test_a_wrong_regex_is_refused(text: str) -> None:
    with pytest.raises(Wrong):
        read_regex(text, 2, 0)


@given(st.text("0123456789(>#hbl=,)${-}x/:") | ANY_TEXT)
def test_any_text_is_a_sub_signature_or_wrong(text: str) -> None:
    for read in (
        lambda: read_compare(text, 1),
        lambda: read_macro(text, 1),
        lambda: read_image(text),
        lambda: read_regex(text, 1, 1),
    ):
        with contextlib.suppress(Wrong):
            read()
