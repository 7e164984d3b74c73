"""Behaviour of the links of a page."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clearward.formats.mail import links
from clearward.formats.mail.links import Link, links_of

EVIL = b'<a href="http://evil.com">key.com</a>'


def pairs(page: bytes, *, wide: bool = False) -> list[tuple[str, str]]:
    return [(link.real, link.shown) for link in links_of(page, wide=wide)[0]]


@pytest.mark.parametrize(
    "page",
    [
        EVIL,
        b"<A HREF='http://evil.com'>key.com</A >",
        b"<a class=x href=http://evil.com id=y>key.com</a>",
        b"<a\nhref = http://evil.com>key.com",
        b"<a/href=http://evil.com>key.com<a>",
        b'<a href="http://evil.com" href="http://key.com">key.com</a>',
        b'<a x=">" href="http://evil.com">key.com</a>',
        b"<a href=&#104;ttp://evil.com>k<b>ey</b>&#46;com</a>",
        b"<a href=http://evil.com><!-- </a> -->key.com</a>",
        b"<a href=http://evil.com title=key.com></a>",
        b"<a href=http://evil.com><img src=key.com></a>",
        b"<form action=http://evil.com><a href=key.com></a></form>",
        b"<form action=http://evil.com><img src=key.com></form>",
        b"<script>'<a href=x>'</script>" + EVIL,
    ],
)
def test_a_link_leads_to_one_place_and_shows_another(page: bytes) -> None:
    assert pairs(page) == [("http://evil.com", "key.com")]


@pytest.mark.parametrize(
    "page",
    [
        b"",
        b"<!-- " + EVIL + b" -->",
        b"<script>" + EVIL + b"</script>",
        b"<a href=http://evil.com></a>key.com",
        b"<form action=http://evil.com>key.com</form>",
        b"<img src=http://evil.com>key.com",
        b"<abbr href=http://evil.com>key.com</abbr>",
        b"<a name=x>key.com</a>",
    ],
)
def test_what_is_no_link_is_none(page: bytes) -> None:
    assert pairs(page) == []


def test_a_link_ends_where_the_next_one_begins() -> None:
    page = b"<a href=a.com>one<a href=b.com>two</a>three"
    assert pairs(page) == [("a.com", "one"), ("b.com", "two")]


@pytest.mark.parametrize("order", ["utf-16-le", "utf-16-be"])
def test_wide_pages_are_read(order: str) -> None:
    page = ("\ufeff" + EVIL.decode()).encode(order)
    assert pairs(page, wide=True) == [("http://evil.com", "key.com")]


def test_quotes_without_an_end_hide_nothing_behind_the_tag() -> None:
    assert pairs(b"<a '>x</a> " + EVIL) == [("http://evil.com", "key.com")]


def test_links_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(links, "MOST_LINKS", 2)
    assert links_of(EVIL * 2) == ([Link("http://evil.com", "key.com")] * 2, False)
    assert links_of(EVIL * 3) == ([Link("http://evil.com", "key.com")] * 2, True)


@pytest.mark.parametrize(
    "piece",
    [
        b"<a '",
        b'<a ">',
        b"<a a",
        b"<a a=",
        b"<!--",
        b"<script",
        b"<a href=a>",
        b"a",
        b"a=",
    ],
)
def test_time_is_linear(piece: bytes) -> None:
    started = time.process_time()
    links_of(b"<a " + piece * 200_000)
    assert time.process_time() - started < 3


@given(
    st.binary()
    | st.lists(st.sampled_from((EVIL, b"<", b"'", b'"', b"<!--"))).map(b"".join)
)
def test_any_bytes_are_a_page(page: bytes) -> None:
    for real, shown in pairs(page):
        assert real
        assert shown
