"""Behaviour of POSIX regular expressions: what clamscan says to the same ones."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.clamav import ANY_TEXT

from clearward.rules.clamav.fault import Wrong
from clearward.rules.clamav.posix import LONGEST, compile_posix

NAMES = (
    *("aab", "d.x", "dx", "x", "A", "a{b", "ab", "\\x", "ax", "-x", "]x", "bx", "BX"),
    *("a}b", "<x", "a.b", "aaab", "a\nb", "www", "t", "x41", ".d"),
)


@pytest.mark.parametrize(
    ("pattern", "found"),
    [
        (r"\d", ["d.x", "dx", ".d"]),
        (r"^\w+$", ["www"]),
        (r"\tx?$", ["t"]),
        (r"\x41", ["x41"]),
        (r"[\d]x", ["dx", "\\x"]),
        (r"[\\]", ["\\x"]),
        ("[]a]x", ["ax", "]x"]),
        ("[a-]x", ["ax", "-x"]),
        ("(?i)[B-C]X", ["bx", "BX"]),
        ("^[[:upper:]]+$", ["A", "BX"]),
        ("a{2}", ["aab", "aaab"]),
        ("a{", ["a{b"]),
        ("a}b", ["a}b"]),
        ("^a{2,3}b$", ["aab", "aaab"]),
        ("a.b$", ["aab", "a{b", "a}b", "a.b", "aaab", "a\nb"]),
        ("x^a", []),
        ("a)", []),
        (r"(a)\1", []),
        ("^()x$", ["x"]),
        ("^(a(b|x))+$", ["ab", "ax"]),
        (r"\<x|^t$", ["<x", "t"]),
    ],
)
def test_it_finds_what_clamscan_finds(pattern: str, found: list[str]) -> None:
    compiled = compile_posix(pattern)
    assert [name for name in NAMES if compiled.search(name.encode())] == found


@pytest.mark.parametrize(
    "pattern",
    [
        *(
            "a+?b",
            "^(x|)$",
            "a|",
            "|a",
            "q(?i)A",
            "a(?=b)",
            "(",
            "(a",
            "*a",
            "+a",
            "a**",
        ),
        *("[z-a]", "a{3,2}", "a{256}", "[a", "a\\", "[[:none:]]", "^*", "[]", "(|a)"),
        "a" * (LONGEST + 1),
    ],
)
def test_what_clamscan_refuses_is_refused(pattern: str) -> None:
    with pytest.raises(Wrong):
        compile_posix(pattern)


@given(ANY_TEXT | st.text("a()|*+?{},0123[]^-$\\.:[:alpha:]"))
def test_any_text_is_an_expression_or_wrong(pattern: str) -> None:
    with contextlib.suppress(Wrong):
        compile_posix(pattern).search(b"abc", timeout=1)
