"""Behaviour of phishing lists."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.clamav import ANY_TEXT

from clearward.rules.clamav.fault import LeftOut, Wrong
from clearward.rules.clamav.links import read_link
from clearward.rules.clamav.listed import Link


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("H:eicar.com", Link(allows=False, regex=False, real=None, shown="eicar.com")),
        (
            "H:eicar.com:20-",
            Link(allows=False, regex=False, real=None, shown="eicar.com"),
        ),
        ("H:a.com:300", Link(allows=False, regex=False, real=None, shown="a.com:300")),
        (
            "R1a:.+:b:17-999",
            Link(allows=False, regex=True, real=None, shown=".+:b", flags="1a"),
        ),
    ],
)
def test_pdb_names_what_is_shown(line: str, expected: Link) -> None:
    assert read_link(line, 0, allows=False) == expected


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (
            "M:a.com:b.com:17-",
            Link(allows=True, regex=False, real="a.com", shown="b.com"),
        ),
        ("M:a.com", Link(allows=True, regex=False, real=None, shown="a.com")),
        ("X:.+a:.+b:c", Link(allows=True, regex=True, real=".+a", shown=".+b:c")),
        ("Y:.+:a:1-", Link(allows=True, regex=True, real=".+:a", shown="")),
    ],
)
def test_wdb_names_a_pair(line: str, expected: Link) -> None:
    assert read_link(line, 0, allows=True) == expected


@pytest.mark.parametrize("levels", ["300-", "20-30", "1-240"])
def test_a_line_for_other_levels_is_left_out(levels: str) -> None:
    with pytest.raises(LeftOut):
        read_link(f"H:a.com:{levels}", 1, allows=False)


@pytest.mark.parametrize("line", ["", "H", "H:", "X:a:b", "S:a", "h:a", "H:1-2", ":a"])
def test_a_wrong_line_of_a_pdb_is_refused(line: str) -> None:
    with pytest.raises((Wrong, LeftOut)):
        read_link(line, 1, allows=False)


@pytest.mark.parametrize("line", ["H:a", "R:a", "", "M:", "Z:a:b"])
def test_a_wrong_line_of_a_wdb_is_refused(line: str) -> None:
    with pytest.raises(Wrong):
        read_link(line, 1, allows=True)


@given(st.text("RHXYM:0129-a.") | ANY_TEXT, st.booleans())
def test_any_text_is_a_link_or_wrong(text: str, allows: bool) -> None:  # noqa: FBT001 - hypothesis
    with contextlib.suppress(Wrong, LeftOut):
        assert read_link(text, 1, allows=allows).allows is allows
