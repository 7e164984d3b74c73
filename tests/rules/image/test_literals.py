"""Tests of plain text in regular expressions."""

import re
import warnings

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clearward.rules.clamav.model import Bytes, Masked, Regex, Term
from clearward.rules.image.literals import body_of, plain_runs


@pytest.mark.parametrize(
    ("pattern", "runs"),
    [
        (r"[0-9]file\.js", [b"file.js"]),
        (
            r"overdue\sinv\s201[\d]\-[\d]{2}pdf\.exe",
            [b"overdue", b"inv", b"201", b"pdf.exe"],
        ),
        (r"abc*de+f?gh{2}ij", [b"ab", b"de", b"ij"]),
        (r"ab(cd|ef)gh", [b"ab", b"gh"]),
        (r"a\x41\x3bz\nq", [b"aA;z\nq"]),
        (r"ab[]\]x]cd", [b"ab", b"cd"]),
        (r"ab{c}d", [b"ab{c}d"]),
        (r"^ab$cd.ef", [b"ab", b"cd", b"ef"]),
        ("abécd", [b"ab", b"cd"]),
        (r"ab\/cd", [b"ab/cd"]),
        # Not understood, or not certain.
        (r"ab|cd", []),
        (r"(?i)abcd", []),
        (r"(?x: a b )abcd", []),
        (r"abcd\1", []),
        (r"ab\Qcd\E", []),
        (r"[[:alpha:]]abcd", []),
        (r"abc)d", []),
        (r"(abcd", []),
        (r"ab\x{41}cd", []),
        (r"ab\p{L}cd", []),
        ("a" * 5000, []),
    ],
)
def test_only_what_every_match_holds_is_told(pattern: str, runs: list[bytes]) -> None:
    assert plain_runs(pattern) == runs


ATOMS = st.sampled_from(
    ["a", "b", ".", r"\.", r"\d", "[ab]", "[^a]", "(ab)", "(a|b)", "(?:ab)", "ab", "{"]
)
TIMES = st.sampled_from(["", "", "", "?", "*", "+", "{0,1}", "{2}", "*?", "+?", "??"])
PATTERNS = st.lists(st.tuples(ATOMS, TIMES).map("".join), max_size=6).map("".join)


@given(PATTERNS, st.text("ab.{1", max_size=12))
def test_what_is_told_stands_in_every_match(pattern: str, text: str) -> None:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            found = re.search(pattern, text)
    except re.error:
        return
    if found is not None:
        for run in plain_runs(pattern):
            assert run.decode() in found.group()


@given(st.text(max_size=30))
def test_no_pattern_raises(pattern: str) -> None:
    assert all(len(run) > 1 for run in plain_runs(pattern))


def test_letters_in_any_case_are_masked() -> None:
    found = body_of(Regex(Term(0), "a1[x]cd", "i"))
    assert found is not None
    assert found.chains[0].pieces == (
        (Masked(b"A1", b"\xdf\xff"),),
        (Masked(b"CD", b"\xdf\xdf"),),
    )
    plain = body_of(Regex(Term(0), "a1", "s"))
    assert plain is not None
    assert plain.chains[0].pieces == ((Bytes(b"a1"),),)


def test_nothing_is_told_of_a_pattern_whose_spaces_may_mean_nothing() -> None:
    assert body_of(Regex(Term(0), "abcd", "x")) is None
    assert body_of(Regex(Term(0), "a.", "")) is None
