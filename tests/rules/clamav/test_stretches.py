"""Behaviour of expressions in stretches: they find what the whole expression finds."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from clearward.rules.clamav import regexes
from clearward.rules.clamav.regexes import compile_regex
from clearward.rules.clamav.stretches import part

PIECES = st.sampled_from(
    (
        *("a", "b", "ab", "[ab]", "[^a]", "a?", "b+", "b*?", "(?:a|bb)", "(a|ab)"),
        *("^", "$", r"\b", "(?<=a)", "(?=b)", "(?!a)", "(?P<x>a|b)", "(?P=x)"),
        *("(?>a|ab)", "(?i:A)", r"\n", ".", r"\.", "[.*]", "c{1,2}", r"[[:alpha:]]"),
    )
)
GAPS = st.sampled_from((".*?", ".*", ".+?", ".+", ".{2,}?", ".*+", "|", r"\1", ""))
PATTERNS = st.lists(st.tuples(PIECES, GAPS), min_size=1, max_size=6).map(
    lambda parts: "".join(piece + gap for piece, gap in parts)
)
DATA = st.text("abc\n.", max_size=30).map(str.encode)
FLAGS = st.sets(st.sampled_from("gsmiUEA")).map("".join)


@settings(max_examples=600)
@example("a.*?a.*?b", "sg", b"aab")
@example("ab*?.*?b.*?c", "s", b"abbc")
@example("a.+?a?", "s", b"a")
@given(PATTERNS, FLAGS, DATA)
def test_what_is_found_is_what_the_whole_finds(
    pattern: str, flags: str, data: bytes
) -> None:
    try:
        compiled = compile_regex(pattern, flags)
    except ValueError:
        return

    def found() -> list[tuple[int, int]]:
        return list(compiled.spans(data, 0, len(data), seconds=9))

    expected = found()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(regexes, "_LONG", -1)
        if "g" in flags:
            assert found() == expected
        else:  # where the first one ends is not asked
            assert [one for one, _ in found()] == [one for one, _ in expected]


@pytest.mark.parametrize(
    ("pattern", "stretches"),
    [
        ("ab.*?cd.+ef", 3),
        (r"(?P<x>a).*?b.*?(?P=x).*?c", 2),
        (r"(?P<x>a).*?b(?P<y>c)(?P=x).*?d.*?(?P=y)", 0),
        ("ab", 0),
        ("ab.*", 0),
        (".*ab", 0),
        ("ab|c.*d", 0),
        ("(?:ab|c.*d)e", 0),
        ("(?i)ab.*c", 0),
        (r"(a).*b\1", 0),
        ("a.{2000000,}b", 0),
        (r"a\.*b[.*].*?c", 2),
        ("(a.*b", 0),
    ],
)
def test_stretches_are_told_apart_where_that_changes_nothing(
    pattern: str, stretches: int
) -> None:
    made = part(pattern, 0)
    assert (len(made.patterns) if made is not None else 0) == stretches


def test_a_search_that_would_be_square_is_not() -> None:
    """An expression of a published signature, on a page that it does not match."""
    compiled = compile_regex(
        r"\x3Cscript.*?\s*\x7B[^\x7D]*?let\s*(?P<var>\w+)\s*\x3D\s*\x5B\d*\x5D"
        r"[^\x7D]*?(?P=var)\x5B\d*\x5D\s*\x3D\s*(?P=var).*?\x3C\x2Fscript",
        "smi",
    )
    page = b"<script>function f(a){ print(1); let x = 5; if (a) { x[1] = 3 } }</script>"
    data = page * 20_000
    assert not list(compiled.spans(data, 0, len(data), seconds=2))
    data += b"<script>{ let v = [1]; print(v); v[1] = v }</script>"
    assert list(compiled.spans(data, 0, len(data), seconds=2)) == [(0, len(data) - 1)]
