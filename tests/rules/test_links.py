"""Behaviour of phishing lists: what is said of a link."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clearward.core.reasons import NONE, Reason
from clearward.native.errors import BadImage
from clearward.rules.clamav.links import read_link
from clearward.rules.clamav.listed import LINKS
from clearward.rules.links import CLOAKED, RULES, SECURE, SPOOFED, Links, Pair, row_of
from clearward.rules.listing import write_rows

PROTECTED = ("H:key.com", "H:ebay.de", "H:ebay.com", "H:halifax.co.uk")


def lists(
    protected: tuple[str, ...] = PROTECTED, allowed: tuple[str, ...] = ()
) -> Links:
    lines = [read_link(line, 1, allows=False) for line in protected]
    lines += [read_link(line, 1, allows=True) for line in allowed]
    return Links(write_rows(row_of(4, line) for line in lines), 9)


def verdict(links: Links, real: str, shown: str) -> int | None:
    return links.verdict(Pair(real, shown), time.monotonic() + 60)


@pytest.mark.parametrize(
    ("real", "shown", "said"),
    [
        ("http://evil.com", "key.com", SPOOFED),
        ("http://evil.com", "See www.key.com", SPOOFED),
        ("http://evil.com", "-----key.com", SPOOFED),
        ("http://key.com.evil.com", "key.com", SPOOFED),
        ("http://key.com@evil.com", "http://key.com/login", SPOOFED),
        ("http://1.2.3.4", "key.com", SPOOFED),
        ("http://ebay.com", "ebay.de", SPOOFED),
        ("http://evil.co.uk", "halifax.co.uk", SPOOFED),
        ("https://evil.com", "https://key.com", SPOOFED),
        ("http://key.com", "https://key.com", SECURE),
        ("evil.com", "https://key.com", SECURE),
        ("http://key.com%00.evil.com", "https://key.com", CLOAKED),
        ("http://www.key.com", "key.com", None),
        ("http://a.halifax.co.uk", "b.halifax.co.uk", None),
        ("http://key.com", "go key.com", None),
        ("http://key.com", "k ey.com", None),
        ("http://kkey.com", "k key.com", SPOOFED),
        ("http://evil.com", "xkey.com", None),
        ("http://evil.com", "other-key.com", None),
        ("http://evil.com", "key.com.org", None),
        ("http://evil.com", "key.com now", None),
        ("http://evil.com", "click here", None),
        ("mailto:me@evil.com", "key.com", None),
        ("http://evil.com/%00", "evil.com", None),
    ],
)
def test_a_link_is_what_clamscan_says(real: str, shown: str, said: int | None) -> None:
    assert verdict(lists(), real, shown) == said


@pytest.mark.parametrize(
    ("line", "fits"),
    [
        (r"X:.*evil\.com:key\.com", True),
        (r"X:evil\.com:key\.com", True),
        ("X:evil", False),
        (r"X:http://evil\.com:key\.com", False),
        (r"X:.+\.evil\.com([/?].*)?:.+\.key\.com([/?].*)?", False),
        ("X:.+:.+", True),
        ("M:evil.com:key.com", True),
        ("M:com:key.com", True),
        ("M:www.evil.com:key.com", False),
        ("M:EVIL.com:key.com", False),
        ("Y:.*evil.*", True),
        (r"Y:evil\.com", False),
    ],
)
def test_what_is_allowed_is_no_finding(line: str, *, fits: bool) -> None:
    said = verdict(lists(allowed=(line,)), "http://evil.com/a?b", "key.com")
    assert (said is None) is fits


@pytest.mark.parametrize(
    ("line", "fits"),
    [
        (r"R:key\.com", True),
        (r"R:.*:www\.key\.com", True),
        (r"R:evil\.com:key\.com", False),
        (r"R:key\.com/.*", False),
        ("H:www.key.com", True),
        ("H:com", True),
        ("H:.key.com", False),
        ("H:ey.com", False),
        ("H:KEY.com", False),
    ],
)
def test_what_is_protected_is_a_host_or_its_end(line: str, *, fits: bool) -> None:
    said = verdict(lists((line,)), "http://evil.com", "www.KEY.com/x")
    assert (said is SPOOFED) is fits


def test_links_of_one_part_are_judged_together() -> None:
    pairs = [
        Pair("http://evil.com", "key.com"),
        Pair("http://key.com", "https://key.com"),
    ]
    assert lists().judge([*pairs, pairs[0]]) == ([4, 5], NONE)
    assert lists().judge([]) == ([], NONE)


def test_an_expression_that_takes_too_long_is_told(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("clearward.rules.links.SECONDS", 0.1)
    links = lists(("R::((a|a)*(a|a)*)*((a|aa)*)*xb",))
    pair = Pair("http://evil.com", "a" * 300 + "!xb")
    assert links.judge([pair] * 1000) == ([], Reason.TIME_LIMIT)


@pytest.mark.parametrize(
    "row", [[0, 1, False, "a"], [7, True, False, "a"], [0, True, True, "("], [0]]
)
def test_a_row_that_is_not_sound_is_refused(row: list[object]) -> None:
    with pytest.raises(BadImage):
        Links(write_rows([row]), 9)


def test_rows_are_about_the_same_rules() -> None:
    rows = [[0, True, False, "a"], [1, True, False, "a"]]
    with pytest.raises(BadImage):
        Links(write_rows(rows), 9)
    assert len(LINKS) == RULES


@given(st.text("htp:/.@%0akey.com "), st.text("htp:/.@%0akey.com "))
def test_any_link_is_judged(real: str, shown: str) -> None:
    lists(("R:.*key", "H:key.com")).judge([Pair(real, shown)])
